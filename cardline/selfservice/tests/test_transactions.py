"""A member's transactions: what is listed, what a search leaves, one of them explained, and all as a file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from cardline.cases.models import Case, Entry
from cardline.issuer.core import CoreUnknown, Kind, TransactionState, current_core, use_core
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.core import EmbeddedCore
from cardline.kit.limits import DOWNLOADS
from cardline.kit.redact import clean
from cardline.routing.commands import start_message
from cardline.selfservice import transactions_file

NOON = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
Clients = Callable[..., Client]
ROW = re.compile(r'<a href="(/transactions/[^"]+)">([^<]+)</a>')


@pytest.fixture
def maya(cast: Any, member_client: Clients) -> Client:
    return member_client(cast.maya)


@pytest.fixture
def silent_core() -> Any:
    whole = current_core()
    use_core(Silent())
    yield
    use_core(whole)


class Silent(EmbeddedCore):
    def transactions(self, *asked: Any, **more: Any) -> Any:
        raise CoreUnknown("no answer")

    def transaction(self, *asked: Any, **more: Any) -> Any:
        raise CoreUnknown("no answer")


def charge(member: Any, merchant: str, minutes_ago: int = 0, minor: int = 1_000, **more: Any) -> str:
    """A pending movement on the member's own card, newer than all that the demo gave them. Returns its token."""
    card = rows.Card.objects.filter(customer__number=member.core_customer).latest("id")
    token = f"txn_of_test_{rows.Transaction.objects.count()}"
    given: dict[str, Any] = {
        "token": token,
        "account": card.account,
        "card": card,
        "state": TransactionState.PENDING,
        "merchant": merchant,
        "place": "Albany, NY",
        "amount_minor": minor,
        "channel": "chip",
        "at": NOON - timedelta(minutes=minutes_ago),
    }
    rows.Transaction.objects.create(**{**given, **more})
    return token


def listed(client: Client, query: str = "") -> list[str]:
    """The merchants on a page of the list, in its order."""
    answer = client.get(f"/transactions{query}")
    assert answer.status_code == 200
    return [merchant for _, merchant in ROW.findall(answer.content.decode())]


def page_of(client: Client, token: str) -> str:
    answer = client.get(f"/transactions/{token}")
    assert answer.status_code == 200
    return str(answer.content.decode())


# ---------------------------------------------------------------------------------------------- the list


def test_the_newest_comes_first_under_its_day(cast: Any, maya: Client) -> None:
    charge(cast.maya, "Yesterday’s Shop", minutes_ago=24 * 60)
    charge(cast.maya, "Today’s Shop")
    shown = maya.get("/transactions").content.decode()
    order = [
        shown.index(words) for words in ("Tue, Nov 24", "Today’s Shop", "Mon, Nov 23", "Yesterday’s Shop")
    ]
    assert order == sorted(order)


def test_fifty_a_page_and_older_ones_behind_it_each_once(
    cast: Any, maya: Client, django_assert_max_num_queries: Any
) -> None:
    names = [f"Shop {n:03}" for n in range(60)]
    for n, name in enumerate(names):
        charge(cast.maya, name, minutes_ago=n)
    with django_assert_max_num_queries(15):
        first = listed(maya, "?q=Shop")
    older = maya.get("/transactions?q=Shop").content.decode()
    after = re.search(r'href="/transactions(\?[^"]*after=[^"]+)"', older)
    assert after and len(first) == 50
    second = listed(maya, after[1].replace("&amp;", "&"))
    assert first + second == names


def test_the_search_and_the_filters_stay_in_the_address_of_the_older_ones(cast: Any, maya: Client) -> None:
    for n in range(51):
        charge(cast.maya, "Same Shop", minutes_ago=n)
    shown = maya.get("/transactions?q=same&state=pending&kind=&least=").content.decode()
    assert "?q=same&amp;state=pending&amp;after=" in shown


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?q=blue", ["Blue Door"]),
        ("?q=TROY", ["Red Door"]),
        ("?least=20&most=30.50&q=door", ["Red Door"]),
        ("?least=30.51&q=door", []),
        ("?since=2026-11-24&q=door", ["Blue Door"]),
        ("?until=2026-11-23&q=door", ["Red Door"]),
        ("?since=2026-11-23&until=2026-11-24&q=door", ["Blue Door", "Red Door"]),
        ("?kind=cash&q=door", ["Red Door"]),
        ("?kind=refund&q=door", []),
        ("?state=posted&q=door", []),
    ],
)
def test_what_is_asked_for_is_what_is_shown(cast: Any, maya: Client, query: str, expected: list[str]) -> None:
    charge(cast.maya, "Blue Door", minor=1_200)
    charge(cast.maya, "Red Door", minutes_ago=24 * 60, minor=3_050, place="Troy, NY", kind=Kind.CASH)
    assert listed(maya, query) == expected


def test_a_refund_is_found_by_its_amount_without_the_sign(cast: Any, maya: Client) -> None:
    charge(cast.maya, "Gave It Back", minor=-4_321, kind=Kind.REFUND)
    assert listed(maya, "?least=43.21&most=43.21") == ["Gave It Back"]
    assert "−$43.21" in maya.get("/transactions?least=43.21").content.decode()


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("?least=five", "Write the amount like 48.20"),
        ("?least=1.005", "Write the amount like 48.20"),
        ("?least=10,50", "Write the amount like 48.20"),
        ("?least=9&most=8", "smaller than the first one"),
        ("?since=2026-11-24&until=2026-11-23", "before the first one"),
        ("?since=24.11.2026", "Write the day like"),
        ("?until=9999-12-31", "2199"),
        ("?card=somebody-elses", "Select a valid choice"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field(cast: Any, maya: Client, query: str, says: str) -> None:
    answer = maya.get(f"/transactions{query}")
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not ROW.search(answer.content.decode())


def test_thousands_may_be_parted_as_people_write_them(cast: Any, maya: Client) -> None:
    charge(cast.maya, "Dear Shop", minor=123_456)
    assert listed(maya, "?least=$1,234.56&q=dear") == ["Dear Shop"]


def test_no_charge_yet_and_no_match_are_two_sentences(
    cast: Any, member_client: Clients, maya: Client
) -> None:
    assert (
        "When a card is used, it appears here"
        in member_client(cast.ida).get("/transactions").content.decode()
    )
    nothing = maya.get("/transactions?q=zeppelin").content.decode()
    assert "Nothing matches this." in nothing and "Show everything again" in nothing


@pytest.mark.parametrize("cursor", ["x", "e30", "W10"])
def test_a_cursor_that_is_none_of_ours_is_not_there(maya: Client, cursor: str) -> None:
    assert maya.get("/transactions", {"after": cursor}).status_code == 404


def test_an_additional_card_member_sees_their_own_a_joint_holder_all(
    cast: Any, member_client: Clients
) -> None:
    his = charge(cast.nils, "Bought By Nils")
    hers = charge(cast.rosa, "Bought By Rosa")
    nils = member_client(cast.nils)
    assert listed(nils, "?q=Bought") == ["Bought By Nils"]
    assert nils.get(f"/transactions/{hers}").status_code == 404
    assert sorted(listed(member_client(cast.rosa), "?q=Bought")) == ["Bought By Nils", "Bought By Rosa"]
    assert "Nils Lindqvist" in page_of(member_client(cast.rosa), his)
    charge(cast.tomasz, "Bought By Tomasz")
    assert listed(member_client(cast.agata), "?q=Bought") == ["Bought By Tomasz"]


def test_a_card_narrows_it_to_its_own(cast: Any, member_client: Clients) -> None:
    charge(cast.nils, "Bought By Nils")
    charge(cast.rosa, "Bought By Rosa")
    card = rows.Card.objects.get(customer__number=cast.nils.core_customer)
    assert listed(member_client(cast.rosa), f"?q=Bought&card={card.token}") == ["Bought By Nils"]


@pytest.mark.parametrize("address", ["/transactions", "/transactions/txn_1", "/transactions?q=bakery"])
def test_a_silent_core_is_said_in_a_sentence(maya: Client, silent_core: None, address: str) -> None:
    answer = maya.get(address)
    assert answer.status_code == 200
    assert "We can’t look this up right now" in answer.content.decode()


# ------------------------------------------------------------------------------------------ one, explained


def test_a_charge_says_who_where_when_and_how(cast: Any, maya: Client) -> None:
    token = charge(cast.maya, "Blue Door", channel="wallet", phone="+15185550100")
    shown = page_of(maya, token)
    for words in (
        "Blue Door",
        "$10.00",
        "Albany, NY",
        "tel:+15185550100",
        "Card ending 4471, Maya Okafor",
        "With a phone or watch",
        "Tue, Nov 24, noon",
        "Not yet",
        "It can still change or go away.",
    ):
        assert words in shown, words


def test_a_subscription_says_since_when(cast: Any, maya: Client) -> None:
    since = datetime(2024, 3, 4, tzinfo=UTC).date()
    token = charge(cast.maya, "Tunes", channel="recurring", recurring_since=since)
    assert "charging by itself since Mon, Mar 4, 2024" in page_of(maya, token)


def test_only_a_posted_charge_can_be_disputed(cast: Any, maya: Client) -> None:
    pending = page_of(maya, charge(cast.maya, "Blue Door"))
    assert "Dispute this" not in pending and "dispute.unrecognised_charge?txn=" in pending
    posted = charge(cast.maya, "Red Door", state=TransactionState.POSTED, posted_at=NOON)
    shown = page_of(maya, posted)
    assert "Dispute this" in shown
    for need in ("unrecognised_charge", "duplicate_charge", "wrong_amount"):
        assert f"/get-help/dispute.{need}?txn={posted}" in shown


def test_a_fee_is_asked_about_and_names_no_card(cast: Any, maya: Client) -> None:
    token = charge(cast.maya, "Late fee", kind=Kind.FEE, channel="fee", place="")
    shown = page_of(maya, token)
    assert "dispute.fee_question" in shown and "Card ending" not in shown


def test_the_disputed_part_is_told(cast: Any, maya: Client) -> None:
    token = charge(cast.maya, "Red Door", state=TransactionState.POSTED, posted_at=NOON)
    rows.Dispute.objects.create(
        token="dsp_1",
        transaction=rows.Transaction.objects.get(token=token),
        amount_minor=400,
        state="open",
        opened_at=NOON,
    )
    assert "$4.00 of it is disputed." in page_of(maya, token)
    assert "Disputed" in maya.get("/transactions?q=red").content.decode()


def test_others_of_the_merchant_are_those_of_the_very_name(cast: Any, maya: Client) -> None:
    token = charge(cast.maya, "Door")
    charge(cast.maya, "Door", minutes_ago=5, place="Troy, NY")
    charge(cast.maya, "Indoor Plants", minutes_ago=6, place="Utica, NY")
    shown = page_of(maya, token)
    assert "Troy, NY" in shown and "Utica, NY" not in shown


def test_an_old_charge_is_told_to_the_plan_too(cast: Any, maya: Client) -> None:
    for n in range(60):
        charge(cast.maya, f"Shop {n}", minutes_ago=n)
    old = charge(cast.maya, "Long Ago", minutes_ago=500_000)
    plan = maya.get("/get-help/dispute.unrecognised_charge", {"txn": old}).content.decode()
    assert "Long Ago, $10.00" in plan
    assert f'name="txn" value="{old}"' in plan


# -------------------------------------------------------------------------------------------- recognised


def ask_about(member: Any, as_member: Any, token: str) -> Case:
    plan = {"charge": {"token": token, "merchant": "Blue Door", "amount_minor": 1_000, "currency": "USD"}}
    began = start_message(
        by=as_member(member),
        now=NOON,
        need="dispute.unrecognised_charge",
        text=clean("Not mine"),
        language="en",
        plan=plan,
    )
    return Case.objects.get(pk=began["case_id"])


def recognise(client: Client, token: str) -> int:
    return client.post(f"/transactions/{token}/recognition", {"key": "a-key-of-the-form"}).status_code


def test_recognising_it_is_written_into_the_open_case_once(cast: Any, as_member: Any, maya: Client) -> None:
    token = charge(cast.maya, "Blue Door")
    assert "I recognize it now" not in page_of(maya, token)
    case = ask_about(cast.maya, as_member, token)
    assert "I recognize it now" in page_of(maya, token)
    assert recognise(maya, token) == 302
    assert maya.post(f"/transactions/{token}/recognition", {"key": "another-key-00"}).status_code == 302
    said = Entry.objects.filter(case=case, kind="charge.recognised")
    assert [entry.visible for entry in said] == [True]
    shown = page_of(maya, token)
    assert "You told us that you recognize this charge." in shown and "I recognize it now" not in shown


def test_nobody_writes_into_another_s_case(
    cast: Any, as_member: Any, maya: Client, member_client: Clients
) -> None:
    token = charge(cast.maya, "Blue Door")
    ask_about(cast.maya, as_member, token)
    assert recognise(member_client(cast.luis), token) == 404
    assert recognise(Client(), token) == 401
    assert not Entry.objects.filter(kind="charge.recognised").exists()


def test_without_an_open_case_there_is_nothing_to_recognise(cast: Any, as_member: Any, maya: Client) -> None:
    token = charge(cast.maya, "Blue Door")
    assert recognise(maya, token) == 404
    case = ask_about(cast.maya, as_member, token)
    Case.objects.filter(pk=case.pk).update(state=Case.State.CLOSED, closed_at=NOON)
    assert "I recognize it now" not in page_of(maya, token)
    assert recognise(maya, token) == 404


# --------------------------------------------------------------------------------------------------- file


def read(client: Client, query: str = "") -> list[list[str]]:
    answer = client.get(f"/transactions.csv{query}")
    assert answer.status_code == 200
    content = answer.content.decode("utf-8")
    assert content.startswith("\ufeff")
    return list(csv.reader(io.StringIO(content[1:])))


def test_the_file_holds_what_the_list_was_narrowed_to_over_all_its_pages(cast: Any, maya: Client) -> None:
    for n in range(203):
        charge(cast.maya, f"Shop {n:03}", minutes_ago=n)
    head, *lines = read(maya, "?q=Shop")
    assert head[:3] == ["Date", "Posted", "Merchant"]
    assert [line[2] for line in lines] == [f"Shop {n:03}" for n in range(203)]


def test_amounts_are_plain_numbers_and_words_never_formulas(cast: Any, maya: Client) -> None:
    for name in ("=1+1", "+HYPERLINK", "-2+3", "@SUM(A1)", "Plain, with a comma"):
        charge(cast.maya, name, place="=Place", minor=-123_456, kind=Kind.REFUND)
    _, *lines = read(maya, "?kind=refund&least=1234.56")
    assert sorted(line[2] for line in lines) == sorted(
        ["'=1+1", "'+HYPERLINK", "'-2+3", "'@SUM(A1)", "Plain, with a comma"]
    )
    assert {line[3] for line in lines} == {"'=Place"}
    assert {tuple(line[9:]) for line in lines} == {("-1234.56", "USD")}


def test_its_name_has_the_first_and_the_last_day(cast: Any, maya: Client) -> None:
    charge(cast.maya, "Door")
    charge(cast.maya, "Door", minutes_ago=24 * 60)
    answer = maya.get("/transactions.csv?q=door")
    assert answer["Content-Disposition"] == 'attachment; filename="transactions-2026-11-23-2026-11-24.csv"'
    assert answer["Content-Type"] == "text/csv; charset=utf-8"


def test_it_ends_at_its_cap(cast: Any, maya: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transactions_file, "MOST_ROWS", 3)
    for n in range(5):
        charge(cast.maya, "Door", minutes_ago=n)
    assert len(read(maya, "?q=door")) == 1 + 3


def test_what_cannot_be_a_file_goes_back_to_the_page_that_says_why(maya: Client, silent_core: None) -> None:
    assert maya.get("/transactions.csv?least=x")["Location"] == "/transactions?least=x"
    assert maya.get("/transactions.csv?q=door")["Location"] == "/transactions?q=door"


def test_too_many_files_are_429(maya: Client) -> None:  # SR-44
    for _ in range(DOWNLOADS.most):
        assert maya.get("/transactions.csv?q=zeppelin").status_code == 200
    assert maya.get("/transactions.csv?q=zeppelin").status_code == 429


def test_somebody_else_s_card_gives_no_file(cast: Any, member_client: Clients) -> None:
    card = rows.Card.objects.filter(customer__number=cast.rosa.core_customer).first()
    assert card is not None
    answer = member_client(cast.nils).get(f"/transactions.csv?card={card.token}")
    assert answer.status_code == 302
