"""A member's first page: what cannot wait, what is to be paid, what we promised, and the way to everything else."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from cardline.cards.queries import cards_of
from cardline.issuer import core
from cardline.issuer.core import Decline, Due, Outcome, Part, Payment, PaymentKind, PaymentState, Rewards
from cardline.kit import clock
from cardline.kit.money import Money
from cardline.selfservice.account import page as first_page

Clients = Callable[..., Client]
Answers = dict[str, Any]

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
MOST_QUERIES = 42  # with a frozen card and open cases, of which the embedded core needs 22 for its answers


def read(answer: Any) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def part(answer: Any, label: str) -> str:
    """The words of the section with this heading's id; "" where there is none."""
    sections = answer.content.decode().split(f'aria-labelledby="{label}"')
    if len(sections) == 1:
        return ""
    return re.sub(
        r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", sections[1].split("</section>")[0]))
    ).strip(" >")


@pytest.fixture(autouse=True)
def a_tuesday(monkeypatch: pytest.MonkeyPatch) -> None:
    """The day the cast's charges end on."""
    clock.set_offset(NOW - clock.machine_now())


@pytest.fixture
def client(cast: Any, member_client: Clients) -> Client:
    return member_client(cast.maya)


@pytest.fixture
def answers() -> Iterator[Answers]:
    """What the core answers to the named calls in place of its own answers; an exception is raised.

    "asked" counts every call.
    """
    told: Answers = {"asked": Counter()}
    real = core.current_core()

    class Told:
        def __getattr__(self, name: str) -> Any:
            its_own = getattr(real, name)
            if name == "offers":
                return told.get("offers", its_own)

            def call(*args: Any, **kwargs: Any) -> Any:
                told["asked"][name] += 1
                answer = told.get(name)
                if isinstance(answer, Exception):
                    raise answer
                return its_own(*args, **kwargs) if answer is None else answer

            return call

    core.use_core(Told())
    yield told
    core.use_core(real)


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def due(statement: int = 83_850, minimum: int = 2_500, on: date | None = date(2026, 12, 11)) -> Due:
    return Due("acc_1", usd(statement), usd(minimum), usd(90_803), usd(0), on)


def payment(state: PaymentState, on: date, *, minor: int = 83_850, **more: Any) -> Payment:
    kind = more.pop("kind", PaymentKind.ONCE)
    return Payment(
        "pay_1", "acc_1", "bank_1", "0142", usd(minor), kind, state, NOW - timedelta(days=20), on, **more
    )


# ----------------------------------------------------------------------------------------- what cannot wait


def test_the_card_is_frozen_and_given_back_from_the_first_page(
    client: Client, cast: Any, as_member: Any
) -> None:
    token = cards_of(as_member(cast.maya))[0].token
    shown = client.get("/home").content.decode()
    assert shown.index(f'action="/cards/{token}/freeze"') < shown.index('id="charges"')
    done = client.post(
        f"/cards/{token}/freeze", {"key": "press-0001"}, headers={"referer": "http://testserver/home"}
    )
    assert done.headers["Location"] == "/home"
    assert f'action="/cards/{token}/unfreeze"' in client.get("/home").content.decode()


# ----------------------------------------------------------------------------------------- what is to be paid


def test_the_bill_says_how_much_by_when_and_has_the_one_primary_button(
    client: Client, answers: Answers
) -> None:
    answers["due"] = due()
    shown = client.get("/home")
    assert part(shown, "bill-1") == "To pay by Fri, Dec 11 $838.50 At least $25.00 of it. Pay"
    assert re.findall(r'class="btn primary" href="([^"]+)"', shown.content.decode()) == ["/payments"]


def test_what_autopay_will_pay_needs_nobody(client: Client, answers: Answers) -> None:
    answers["due"] = due()
    planned = payment(PaymentState.SCHEDULED, date(2026, 12, 11), kind=PaymentKind.AUTOPAY)
    answers["payments"] = core.Page((planned,))
    shown = client.get("/home")
    assert "Autopay pays $838.50 on Fri, Dec 11." in part(shown, "bill-1")
    assert "btn primary" not in shown.content.decode()


def test_what_is_planned_too_late_does_not_take_the_button_away(client: Client, answers: Answers) -> None:
    answers["due"] = due()
    answers["payments"] = core.Page((payment(PaymentState.SCHEDULED, date(2026, 12, 14)),))
    shown = client.get("/home")
    assert "$838.50 is planned for Mon, Dec 14." in part(shown, "bill-1")
    assert "btn primary" in shown.content.decode()


def test_a_minimum_that_was_missed_says_since_when(client: Client, answers: Answers) -> None:
    answers["due"] = due(on=date(2026, 11, 20))
    assert (
        part(client.get("/home"), "bill-1")
        == "To pay, due Fri, Nov 20 $838.50 At least $25.00 was due Fri, Nov 20. Pay it as soon as you can. Pay"
    )


def test_a_payment_that_came_back_says_why_and_until_when_it_can_be_mended(
    client: Client, answers: Answers
) -> None:
    failed = payment(
        PaymentState.FAILED, date(2026, 11, 18), reason="no_funds", mend_by=date(2026, 11, 30), minor=5_000
    )
    answers["payments"] = core.Page((failed,))
    shown = client.get("/home")
    assert "Your payment of $50.00 on Wed, Nov 18 came back. There was not enough money in" in part(
        shown, "bill-1"
    )
    assert "Pay it again by Mon, Nov 30" in part(shown, "bill-1")
    assert "btn primary" in shown.content.decode()


def test_nothing_due_is_no_box(client: Client, answers: Answers) -> None:
    for nothing in (due(0, 0), due(on=None), due(83_850, 0, on=date(2026, 11, 20))):
        answers["due"] = nothing
        assert part(client.get("/home"), "bill-1") == ""


def test_the_balance_says_what_is_owed_in_all_and_of_the_statement(client: Client, answers: Answers) -> None:
    answers["due"] = due()
    answers["rewards"] = Rewards("acc_1", 16_832, 180, date(2026, 12, 31))
    shown = part(client.get("/home"), "balance-1")
    assert (
        "Of the last statement $838.50" in shown and "Owed in all $" in shown and "Left to spend $" in shown
    )
    assert shown.endswith("16,832 180 of them can be used until Thu, Dec 31, 2026.")


def test_what_we_owe_is_in_their_favor(client: Client, cast: Any, answers: Answers) -> None:
    (account,) = core.current_core().accounts(cast.maya.core_customer)
    answers["accounts"], answers["due"] = [replace(account, balance=usd(-1_250))], due(0, 0)
    shown = part(client.get("/home"), "balance-1")
    assert "In your favor $12.50" in shown and "statement" not in shown


# ----------------------------------------------------------------------------------- promises and open cases


def test_promises_come_soonest_first_each_with_its_case(client: Client, told: Any) -> None:
    later = told(NOW - timedelta(days=2), NOW + timedelta(days=9))
    sooner = told(NOW - timedelta(days=1), NOW + timedelta(days=3))
    shown = client.get("/home")
    page = shown.content.decode()
    assert page.index(sooner["url"]) < page.index(later["url"])
    assert page.count('class="promise open"') == 2
    assert f"{sooner['url']}/promises/1.ics" in page
    assert part(shown, "cases") == ""  # both are told above


def test_what_is_late_comes_first_and_what_is_done_not_at_all(client: Client, told: Any) -> None:
    from cardline.promises.models import Promise

    late = told(NOW - timedelta(days=9), NOW - timedelta(days=1))
    told(NOW - timedelta(days=2), NOW + timedelta(days=2))
    done = told(NOW - timedelta(days=5), NOW + timedelta(days=1))
    Promise.objects.filter(pk=done["promise_id"]).update(
        state="kept", left_open_at=NOW, done_at=NOW, evidence="Done"
    )
    page = client.get("/home").content.decode()
    assert 0 < page.index('class="promise late"') < page.index('class="promise open"')
    assert late["url"] in page and done["url"] not in page
    assert f"{late['url']}/promises" not in page  # its time is over: nothing to put into a calendar


def test_an_open_case_without_a_promise_is_listed(
    client: Client, cast: Any, as_member: Any, as_agent: Any
) -> None:
    from cardline.conftest import chat_of

    began = chat_of(as_member(cast.maya), as_agent(cast.priya), NOW)
    shown = part(client.get("/home"), "cases")
    assert "I was charged twice" in shown and began["ref"][:3] in shown


# ------------------------------------------------------------------------------------------ cards and charges


def test_charges_lead_to_their_page_and_say_when_they_are_pending(client: Client) -> None:
    shown = client.get("/home").content.decode().split('id="charges"')[1]
    rows = re.findall(r'href="(/transactions/[^"]+)"', shown)
    assert len(rows) == 5 and client.get(rows[0]).status_code == 200
    assert "Pending" in shown


def test_a_new_member_sees_the_way_of_the_card_and_activates_it(cast: Any, member_client: Clients) -> None:
    ida = member_client(cast.ida)
    shown = ida.get("/home")
    assert "Your card ending 3416 is not activated yet" in part(shown, "way-1")
    (press,) = re.findall(r'action="(/cards/[^"]+/activation)"', shown.content.decode())
    assert ida.post(press, {"key": "press-0001"}).status_code == 302
    assert part(ida.get("/home"), "way-1") == ""


def test_a_card_on_its_way_tells_its_steps(client: Client, cast: Any, as_member: Any) -> None:
    token = cards_of(as_member(cast.maya))[0].token
    client.post(f"/cards/{token}/replacement", {"why": "stolen", "key": "press-0001"})
    shown = part(client.get("/home"), "way-1")
    assert "is on its way" in shown and "It should arrive by" in shown and "Ordered" in shown


def test_a_declined_charge_says_why(client: Client, cast: Any, answers: Answers) -> None:
    (card,) = core.current_core().cards(cast.maya.core_customer)
    asked = core.Authorisation(
        "auth_1", card.token, card.last4, "Cascade Air", "Online", usd(149_000), "online",
        NOW - timedelta(days=2), Outcome.DECLINED, Decline.OVER_LIMIT,
    )  # fmt: skip
    answers["authorisations"] = core.Page((asked,))
    shown = part(client.get("/home"), "declined")
    assert "A charge of $1,490.00 at Cascade Air was declined on Sun, Nov 22." in shown
    assert "It was more than there was left to spend." in shown


def test_where_nothing_is_open_there_is_no_empty_box(client: Client, answers: Answers) -> None:
    answers["due"], answers["transactions"] = due(0, 0), core.Page(())
    answers["authorisations"] = core.Page(())
    shown = client.get("/home")
    assert [
        name for name in ("bill-1", "promised", "way-1", "declined", "cases", "charges") if part(shown, name)
    ] == []
    assert "empty" not in shown.content.decode()


# ---------------------------------------------------------------------------------------------- a silent core


def test_a_silent_core_leaves_what_we_know_ourselves(
    client: Client, cast: Any, as_member: Any, told: Any, answers: Answers
) -> None:
    token = cards_of(as_member(cast.maya))[0].token
    client.post(f"/cards/{token}/freeze", {"key": "press-0001"})
    told(NOW - timedelta(days=1), NOW + timedelta(days=3))
    answers["cards"] = core.CoreUnknown("timed out")
    shown = client.get("/home")
    assert shown.status_code == 200
    assert "We can’t look up everything right now." in read(shown)
    assert "Card ending 4471 was frozen at our last look" in read(shown)
    assert 'class="promise open"' in shown.content.decode() and "Call us" in read(shown)


def test_the_first_silence_ends_the_round_and_keeps_what_was_answered(
    client: Client, answers: Answers
) -> None:
    answers["accounts"] = core.CoreUnknown("timed out")
    shown = client.get("/home")
    assert "Freeze card 4471" in read(shown) and "We can’t look up everything" in read(shown)
    assert "somebody else’s account" not in read(shown)  # nobody knows that now
    assert answers["asked"]["transactions"] == 0


def test_a_core_without_payments_and_points_is_not_asked_for_them(client: Client, answers: Answers) -> None:
    answers["offers"] = frozenset[Part]()
    shown = client.get("/home")
    assert part(shown, "balance-1").startswith("Balance Owed in all")
    assert answers["asked"].keys().isdisjoint({"due", "payments", "rewards", "shipping"})


# --------------------------------------------------------------------------------------------- who sees what


def test_an_additional_card_member_sees_their_own_and_no_balance(cast: Any, member_client: Clients) -> None:
    shown = member_client(cast.nils).get("/home")
    assert "belongs to somebody else’s account" in read(shown)
    assert part(shown, "balance-1") == "" and part(shown, "bill-1") == ""
    assert "3390" not in read(shown) and "Freeze card 3408" in read(shown)


def test_nobody_else_has_such_a_page(db: None, cast: Any, agent_client: Any) -> None:
    asked = Client().get("/home")
    assert asked.status_code == 401 and "next=%2Fhome" in asked.content.decode().replace("/home", "%2Fhome")
    assert agent_client(cast.dana).get("/home").status_code == 404


def test_the_page_speaks_spanish(client: Client, answers: Answers) -> None:
    answers["due"] = due()
    shown = read(client.get("/home", headers={"Accept-Language": "es"}))
    assert "A pagar a más tardar el vie, 11 dic" in shown and "Hello" not in shown


# ------------------------------------------------------------------------------------------------------ speed


def test_everything_is_asked_once(
    client: Client, answers: Answers, django_assert_max_num_queries: Any
) -> None:
    client.get("/home")  # the session's first visit looks a few things up once
    answers["asked"].clear()
    with django_assert_max_num_queries(MOST_QUERIES):
        assert client.get("/home").status_code == 200
    assert set(answers["asked"].values()) == {1}, answers["asked"]


def test_more_cases_and_promises_ask_no_more(
    client: Client, told: Any, django_assert_max_num_queries: Any
) -> None:
    for days in range(1, 8):
        told(NOW - timedelta(days=days), NOW + timedelta(days=days))
    client.get("/home")
    with django_assert_max_num_queries(MOST_QUERIES):
        page = client.get("/home").content.decode()
    assert page.count('class="promise open"') == first_page.PROMISES_SHOWN


# ----------------------------------------------------------------------------------------------- the way here


def test_who_signs_in_from_the_help_centre_comes_to_their_first_page(db: None) -> None:
    assert 'href="/sign-in"' in Client().get("/").content.decode()
    assert 'href="/sign-in?next=/track"' in Client().get("/track").content.decode()
