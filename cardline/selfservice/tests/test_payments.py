"""Paying the bill on the member's pages: what is due, the look before the press, the receipt, and what goes wrong."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from cardline.cases.models import Entry
from cardline.issuer import core
from cardline.issuer.core import Kind, PaymentState, current_core
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.opening import Movement, open_account, record_transactions
from cardline.issuer.embedded.tests.world import inside
from cardline.kit import clock
from cardline.kit.actors import Actor
from cardline.kit.redact import clean
from cardline.kit.reference import show_reference
from cardline.payments.autopay import set_autopay
from cardline.payments.commands import cancel_payment
from cardline.payments.queries import bank_accounts_of
from cardline.payments.sweeps import sweep
from cardline.payments.tests.scene import ROUTING, Few, bank, bill, end_days, pay, payments, today
from conftest import NOW

Clients = Callable[..., Client]
TODAY, DUE = date(2026, 11, 24), date(2026, 12, 13)
DAY = timedelta(days=1)


def read(answer: Any) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def hidden(answer: Any) -> dict[str, str]:
    """What the first form of a page sends back by itself."""
    form = answer.content.decode().split("<main")[1].split("<form", 2)[1].split("</form>")[0]
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))


def at(moment: datetime) -> None:
    """Let it be this moment; conftest puts the clock back."""
    clock.set_offset(moment - clock.machine_now())


@pytest.fixture
def cast(db: Any) -> Few:
    at(NOW)
    return Few(NOW)


@pytest.fixture
def maya(cast: Few, as_member: Any) -> Actor:
    actor: Actor = as_member(cast.maya)
    return actor


@pytest.fixture
def source(maya: Actor) -> str:
    return bank(maya, NOW)


@pytest.fixture
def client(cast: Few, member_client: Clients) -> Client:
    return member_client(cast.maya)


@pytest.fixture
def lost() -> Iterator[set[str]]:
    """Calls of the core whose answers do not arrive."""
    names: set[str] = set()
    real = current_core()

    class Silent:
        def __getattr__(self, name: str) -> Any:
            if name in names:
                return never_answers
            return getattr(real, name)

    core.use_core(Silent())
    yield names
    core.use_core(real)


def never_answers(*args: Any, **kwargs: Any) -> None:
    raise core.CoreUnknown("timed out")


def review(client: Client, maya: Actor, source: str, **typed: str) -> Any:
    form = {"account": bill(maya, clock.now()).account, "what": "statement", "source": source, **typed}
    return client.post("/payments/review", form)


# ------------------------------------------------------------------------------------------------- what is due


def test_the_page_says_what_is_due_by_when_and_what_counts_today(client: Client, source: str) -> None:
    shown = read(client.get("/payments"))
    assert "$500.00 left of the statement, due on Sun, Dec 13" in shown
    assert "Minimum $25.00" in shown and "All that is owed $560.00" in shown
    assert "Confirmed by 5 pm today, New York time, a payment counts as of today, Tue, Nov 24." in shown


def test_what_is_on_its_way_is_not_asked_for_again(client: Client, maya: Actor, source: str) -> None:
    pay(maya, NOW, source, 500_00)
    shown = read(client.get("/payments"))
    assert "What is on its way covers the bill that is due on Sun, Dec 13." in shown
    assert "Statement balance:" not in shown and "All that is owed: $60.00" in shown


def test_money_that_stands_to_their_credit_is_not_called_owed(
    client: Client, maya: Actor, source: str
) -> None:
    card = current_core().cards("demo-maya")[0].token
    inside(
        lambda: record_transactions(
            card=card,
            movements=[
                Movement(
                    clean("Alder Pharmacy"), clean(""), -600_00, "chip", NOW, posted_at=NOW, kind=Kind.REFUND
                )
            ],
        )
    )
    shown = read(client.get("/payments"))
    assert "Nothing is due, and nothing is owed." in shown and "To your credit $40.00" in shown
    assert "/payments/review" not in client.get("/payments").content.decode()


def test_the_disputed_part_is_told(client: Client, maya: Actor, source: str) -> None:
    charge = rows.Transaction.objects.filter(
        account__token=bill(maya, NOW).account, amount_minor=500_00
    ).get()
    from cardline.kit.money import Money

    amount = Money(120_00, "USD")
    inside(lambda: current_core().open_dispute(charge.token, amount=amount, credit=False, at=NOW, key="d"))
    shown = read(client.get("/payments"))
    assert "$380.00 left of the statement" in shown
    assert "$120.00 is in dispute. You need not pay that part while we look into it." in shown
    assert "$120.00 is in dispute. Autopay leaves that part out" in read(client.get("/autopay"))


def test_without_a_bank_account_the_way_to_add_one_stands_there(client: Client) -> None:
    page = client.get("/payments").content.decode()
    assert 'href="/payments/accounts?for=payments"' in page and "/payments/review" not in page


def test_an_additional_member_is_told_whose_bill_it_is(cast: Few, member_client: Clients) -> None:
    nils = member_client(cast.nils)
    for page in ("/payments", "/autopay", "/payments/accounts"):
        answer = nils.get(page)
        assert answer.status_code == 200 and "The account’s holder sees the bill" in read(answer)
        assert "500.00" not in read(answer)


def test_of_several_accounts_one_is_chosen(client: Client, cast: Few, maya: Actor, source: str) -> None:
    other = inside(
        lambda: open_account(
            holders={cast.maya.core_customer: "Maya Okafor"},
            product="Travel Card",
            currency="USD",
            credit_limit_minor=None,
            opened_at=NOW,
        )
    )
    first = client.get("/payments")
    assert "Travel Card" in read(first) and "$500.00" in read(first)
    second = client.get(f"/payments?account={other}")
    assert "There is no statement yet, so nothing is due." in read(second) and "$500.00" not in read(second)
    assert client.get("/payments?account=acc_none").status_code == 404


# --------------------------------------------------------------------------------------- the look and the press


def test_a_look_then_a_press_then_a_receipt(client: Client, cast: Few, maya: Actor, source: str) -> None:
    asked = review(client, maya, source)
    shown = read(asked)
    assert "Pay $500.00 from Checking ••0142 today, Tue, Nov 24. It counts as of Tue, Nov 24." in shown
    assert "That holds if you confirm it by 5 pm today, New York time; later it counts a day later." in shown
    assert payments(cast.maya) == []  # looking changes nothing
    answers = [client.post("/payments", hidden(asked)) for _ in range(2)]  # a double click
    (made,) = payments(cast.maya)
    assert [one.headers["Location"] for one in answers] == [f"/payments/{made.token}"] * 2
    receipt = read(client.get(f"/payments/{made.token}"))
    ref = show_reference(Entry.objects.get(kind="payment.made").case.ref)
    assert "Paid: $500.00" in receipt and f"Your reference {ref}" in receipt
    assert "Counts as of Tue, Nov 24" in receipt and "Checking ••0142, Quillstone Savings Bank" in receipt
    record = read(client.get(f"/contacts/{ref}"))
    paid = "You paid $500.00 from the bank account ending 0142. It counts as of Tue, Nov 24"
    assert paid in record and f"What you did here {paid}" in record


def test_a_replay_with_another_amount_is_refused(client: Client, cast: Few, maya: Actor, source: str) -> None:
    form = hidden(review(client, maya, source))
    assert client.post("/payments", form).status_code == 302
    assert client.post("/payments", {**form, "amount": "60.00"}).status_code == 409
    assert [one.amount.amount_minor for one in payments(cast.maya)] == [500_00]


def test_when_the_cut_off_comes_between_look_and_press_it_is_asked_once_more(
    client: Client, cast: Few, maya: Actor, source: str
) -> None:
    form = hidden(review(client, maya, source))
    at(NOW + timedelta(hours=7, minutes=30))  # half past five
    asked = client.post("/payments", form)
    assert asked.status_code == 409 and payments(cast.maya) == []
    assert "It counts as of Wed, Nov 25." in read(asked) and "would count as of another day now" in read(
        asked
    )
    assert hidden(asked)["key"] == form["key"]
    assert client.post("/payments", hidden(asked)).status_code == 302
    assert payments(cast.maya)[0].value_on == TODAY + DAY


def test_a_later_day_is_planned_and_can_be_cancelled_until_it_begins(
    client: Client, cast: Few, maya: Actor, source: str
) -> None:
    asked = review(client, maya, source, what="other", amount="120", on="2026-11-27")
    assert "Pay $120.00 from Checking ••0142 on Fri, Nov 27. It counts as of Fri, Nov 27." in read(asked)
    assert "You can cancel it until Thu, Nov 26, 11:59 pm, New York time." in read(asked)
    client.post("/payments", hidden(asked))
    (planned,) = payments(cast.maya)
    url = f"/payments/{planned.token}"
    assert f'action="{url}/cancellation"' in client.get("/payments").content.decode()
    assert client.post(f"{url}/cancellation", {"key": "press-0001"}).headers["Location"] == url
    gone = client.get(url)
    assert "Not made: $120.00" in read(gone) and "cancellation" not in gone.content.decode()
    again = re.search(r'href="([^"]+again=[^"]+)"', gone.content.decode())
    assert again
    form = client.get(html.unescape(again[1])).content.decode()
    assert 'name="amount" value="120.00"' in form  # the undoing: the same once more


def test_a_payment_after_the_due_date_is_called_late_before_it_is_made(
    client: Client, maya: Actor, source: str
) -> None:
    late = "The bill is due on Sun, Dec 13, so this is late"
    assert late in read(review(client, maya, source, on="2026-12-14"))
    assert late not in read(review(client, maya, source, on="2026-12-13"))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"what": "other", "amount": ""}, "Write how much you want to pay"),
        ({"what": "other", "amount": "-5"}, "Write the amount like 48.20, without a sign."),
        ({"what": "other", "amount": "5.001"}, "Write the amount like 48.20, without a sign."),
        ({"what": "other", "amount": "0"}, "Write how much you want to pay"),
        ({"what": "other", "amount": "123456789012345"}, "Write the amount like 48.20, without a sign."),
        ({"what": "other", "amount": "572.01"}, "At most $572.00 is owed now."),
        ({"on": "2026-11-23"}, "This day is over. Choose today or a later day."),
        ({"on": "2027-11-25"}, "at most a year ahead"),
        ({"on": "soon"}, "Write the day like 2026-11-23."),
        ({"source": "bank_none"}, "Choose one of these."),
        ({"what": "everything"}, "Choose one of these."),
    ],
)
def test_what_cannot_be_stands_on_the_form_again(
    client: Client, cast: Few, maya: Actor, source: str, typed: dict[str, str], said: str
) -> None:
    answer = review(client, maya, **{"source": source, **typed})
    assert answer.status_code == 422 and said in read(answer)
    for name in ("amount", "on"):
        if typed.get(name):
            assert f'value="{typed[name]}"' in answer.content.decode()  # nothing typed is lost
    assert payments(cast.maya) == []


def test_a_preset_is_paid_whatever_stands_in_the_other_field(
    client: Client, maya: Actor, source: str
) -> None:
    assert "Pay $25.00 from" in read(review(client, maya, source, what="minimum", amount="-9"))


def test_to_change_it_everything_is_still_filled_in(client: Client, maya: Actor, source: str) -> None:
    page = review(client, maya, source, what="other", amount="120", on="2026-11-27", change="1")
    assert page.status_code == 200
    assert 'value="120"' in page.content.decode() and 'value="2026-11-27"' in page.content.decode()


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"amount": "-5.00"}, 422),
        ({"amount": "999999999999"}, 409),
        ({"amount": ""}, 422),
        ({"on": "2026-11-01", "counts_on": "2026-11-24"}, 409),
        ({"key": ""}, 422),
        ({"account": "acc_none"}, 404),
        ({"source": "bank_none"}, 404),
    ],
)
def test_a_form_that_was_tampered_with_pays_nothing(
    client: Client, cast: Few, maya: Actor, source: str, change: dict[str, str], status: int
) -> None:
    form = hidden(review(client, maya, source))
    assert client.post("/payments", {**form, **change}).status_code == status
    assert payments(cast.maya) == []


# ------------------------------------------------------------------------------------- history and what came back


def test_planned_ones_stand_apart_and_the_history_has_pages(client: Client, maya: Actor, source: str) -> None:
    for n in range(14):
        pay(maya, NOW + n * timedelta(minutes=1), source, 1_00, wish=f"sent {n}")
    pay(maya, NOW, source, 7_77, TODAY + 2 * DAY, wish="planned")
    first = client.get("/payments").content.decode()
    history = first.split('id="history"')[1]
    assert history.count("<li>") >= 12 and "7.77" not in history and "7.77" in first
    older = re.search(r'href="(/payments\?after=[^"]+)"', first)
    assert older
    second = client.get(html.unescape(older[1])).content.decode().split('id="history"')[1]
    assert second.split("</section>")[0].count("$1.00") == 2
    assert client.get("/payments?after=nonsense").status_code == 404


def test_a_payment_that_came_back_says_why_until_when_and_pays_again(
    client: Client, cast: Few, maya: Actor, source: str
) -> None:
    rows.BankAccount.objects.update(answers="no_funds")
    done = pay(maya, NOW, source, 480_00)
    later = NOW + 4 * DAY
    at(later)
    end_days(later)
    sweep(later)
    failed = payments(cast.maya)[0]
    assert failed.state == PaymentState.FAILED
    page = client.get("/payments")
    assert "came back. There was not enough money in the bank account." in read(page)
    assert "Pay again by Sun, Dec 13, and you are in time." in read(page)
    again = re.search(r'href="([^"]+again=[^"]+)"', page.content.decode())
    assert again
    form = client.get(html.unescape(again[1])).content.decode()
    assert 'name="amount" value="480.00"' in form
    assert "The amount is owed again. Pay again by Sun, Dec 13" in read(
        client.get(f"/payments/{failed.token}")
    )
    record = read(client.get(f"/contacts/{show_reference(done['ref'])}"))
    assert "The bank gave the payment of $480.00 back. There was not enough money" in record
    assert "What you need to do Pay the amount again." in record
    assert "A payment came back." in record and "Pay again by Sun, Dec 13, and you are in time." in record
    rows.BankAccount.objects.update(answers="")
    pay(maya, later, source, 500_00, wish="again")
    assert "came back" not in read(client.get("/payments"))


# --------------------------------------------------------------------------------------------- bank accounts


BANK = {
    "name": "Elm Bank",
    "kind": "savings",
    "routing": "1234-5678 0",
    "number": "000 555 0163",
    "number_again": "0005550163",
    "key": "press-0001",
}


def test_a_bank_account_is_added_and_chosen(client: Client, maya: Actor) -> None:
    answer = client.post("/payments/accounts", {**BANK, "for": "payments"})
    (added,) = bank_accounts_of(maya)
    assert (added.last4, added.bank, added.kind.value) == ("0163", "Elm Bank", "savings")
    assert answer.headers["Location"] == f"/payments?source={added.token}"
    page = client.get(answer.headers["Location"])
    assert "Bank account ••0163 is added." in read(page)
    assert (
        client.post("/payments/accounts", {**BANK, "for": "autopay"})
        .headers["Location"]
        .startswith("/autopay?")
    )


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"routing": "123456789"}, "its last digit does not fit the others"),
        ({"number": "123", "number_again": "123"}, "An account number has 4 to 17 digits."),
        ({"number_again": "0005550164"}, "The two account numbers differ."),
        ({"routing": ""}, "Fill this in."),
        ({"kind": ""}, "Choose one of these."),
    ],
)
def test_a_wrong_number_is_said_and_never_shown(
    client: Client, maya: Actor, changed: dict[str, str], said: str
) -> None:
    sent = {**BANK, **changed}
    answer = client.post("/payments/accounts", sent)
    assert answer.status_code == 422 and said in read(answer)
    for name in ("routing", "number", "number_again"):
        assert not sent[name] or sent[name] not in answer.content.decode()
    assert 'value="Elm Bank"' in answer.content.decode()
    assert bank_accounts_of(maya) == []


def test_no_number_stands_on_the_page_of_a_refusal(client: Client, maya: Actor) -> None:
    """Nor on the page that asks to sign in, which keeps what was typed."""
    long = "0005550163" * 5
    sent = {**BANK, "key": "", "number": long, "number_again": long, "routing": long}
    for answer in (client.post("/payments/accounts", sent), Client().post("/payments/accounts", sent)):
        assert answer.status_code in (401, 422) and "0005550163" not in answer.content.decode()


def test_a_silent_core_is_said_without_the_numbers(client: Client, maya: Actor, lost: set[str]) -> None:
    lost.add("add_bank_account")
    answer = client.post("/payments/accounts", BANK)
    assert (answer.status_code, "Retry-After" in answer.headers) == (503, True)
    assert "Asked, not confirmed yet" in read(answer)
    for name in ("routing", "number", "number_again"):
        assert BANK[name] not in answer.content.decode()


def test_one_that_is_needed_is_not_removed(client: Client, maya: Actor, source: str) -> None:
    url = f"/payments/accounts/{source}/removal"
    planned = pay(maya, NOW, source, 20_00, TODAY + 3 * DAY)
    refused = client.post(url, {"key": "press-0001"})
    assert refused.status_code == 409 and "is still to come from this bank account" in read(refused)
    cancel_payment(by=maya, now=NOW, payment=planned["payment"])
    assert client.post(url, {"key": "press-0002"}).headers["Location"] == "/payments/accounts"
    assert "No bank account yet." in read(client.get("/payments/accounts"))


# ---------------------------------------------------------------------------------------------------- autopay


def test_autopay_is_turned_on_changed_and_stopped(client: Client, maya: Actor, source: str) -> None:
    account = bill(maya, NOW).account
    form = {"account": account, "source": source, "mode": "full"}
    assert "Autopay is off" in read(client.get("/autopay"))
    assert client.post("/autopay", {**form, "key": "press-0001"}).headers["Location"] == "/autopay"
    on = read(client.get("/autopay"))
    assert "Autopay is on: it pays the whole statement from ••0142" in on
    assert (
        "Next: $500.00 on Sun, Dec 13." in on and "by the end of Wed, Dec 9, three business days before" in on
    )
    assert "The $500.00 planned for Sun, Dec 13 is not taken then." in on and "Written down in" in on
    client.post("/autopay", {**form, "mode": "fixed", "amount": "70", "key": "press-0002"})
    assert "it pays $70.00, but never more than is owed" in read(client.get("/autopay"))
    assert "Next: $70.00 on Sun, Dec 13." in read(client.get("/payments"))
    client.post("/autopay/stop", {"account": account, "key": "press-0003"})
    off = read(client.get("/autopay"))
    assert "Autopay is off" in off and "Autopay stopped" in off


def test_what_autopay_planned_says_until_when_it_can_be_cancelled(
    client: Client, cast: Few, maya: Actor, source: str
) -> None:
    set_autopay(by=maya, now=NOW, account=bill(maya, NOW).account, source=source, mode="full", wish="on")
    (planned,) = payments(cast.maya)
    shown = read(client.get(f"/payments/{planned.token}"))
    assert "Autopay makes it on Sun, Dec 13" in shown
    assert "You can cancel it until the end of Wed, Dec 9." in shown
    client.post(f"/payments/{planned.token}/cancellation", {"key": "press-0001"})
    assert payments(cast.maya)[0].state == PaymentState.CANCELLED


def test_once_the_bank_was_asked_a_stop_says_what_is_still_taken(
    client: Client, maya: Actor, source: str
) -> None:
    set_autopay(by=maya, now=NOW, account=bill(maya, NOW).account, source=source, mode="full", wish="on")
    late = NOW + 16 * DAY  # Thursday, December 10
    end_days(late)
    at(late)
    shown = read(client.get("/autopay"))
    assert "The bank has been asked for it already" in shown
    assert "The $500.00 for Sun, Dec 13 has gone to the bank and is still taken." in shown


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"mode": "fixed"}, "Write which amount autopay shall pay"),
        ({"mode": "fixed", "amount": "-70"}, "Write the amount like 48.20, without a sign."),
        ({"mode": "weekly"}, "Choose one of these."),
        ({"source": "bank_none"}, "Choose one of these."),
    ],
)
def test_autopay_that_cannot_be_stands_on_the_form_again(
    client: Client, maya: Actor, source: str, changed: dict[str, str], said: str
) -> None:
    form = {"account": bill(maya, NOW).account, "source": source, "mode": "full", "key": "press-0001"}
    answer = client.post("/autopay", {**form, **changed})
    assert answer.status_code == 422 and said in read(answer)
    assert bill(maya, NOW).autopay is None


# --------------------------------------------------------------------------------------- strangers and silence


def test_another_member_finds_none_of_it(
    cast: Few, maya: Actor, source: str, member_client: Clients, as_member: Any
) -> None:
    planned = pay(maya, NOW, source, 20_00, TODAY + 3 * DAY)["payment"]
    account, tomasz = bill(maya, NOW).account, member_client(cast.tomasz)
    theirs = bank(as_member(cast.tomasz), NOW)
    agreed = {
        "account": account,
        "source": theirs,
        "amount": "20.00",
        "on": str(TODAY),
        "counts_on": str(TODAY),
    }
    for page in (f"/payments/{planned}", f"/payments?account={account}", f"/payments?again={planned}"):
        assert (tomasz.get(page).status_code, Client().get(page).status_code) == (404, 401)
    for page, form in (
        ("/payments", agreed),
        ("/payments/review", {"account": account, "what": "statement"}),
        (f"/payments/{planned}/cancellation", {}),
        (f"/payments/accounts/{source}/removal", {}),
        ("/autopay", {"account": account, "source": theirs, "mode": "full"}),
        ("/autopay/stop", {"account": account}),
    ):
        sent = {"key": "press-0001", **form}
        assert (tomasz.post(page, sent).status_code, Client().post(page, sent).status_code) == (404, 401), (
            page
        )
    assert [one.state for one in payments(cast.maya)] == [PaymentState.SCHEDULED]
    assert bank_accounts_of(maya)


def test_while_the_core_is_silent_the_pages_say_so(client: Client, source: str, lost: set[str]) -> None:
    lost.update({"accounts", "bank_accounts"})
    for page in ("/payments", "/payments/accounts", "/autopay"):
        answer = client.get(page)
        assert answer.status_code == 200 and "We can’t look this up right now" in read(answer)


def test_a_payment_without_an_answer_is_asked_not_failed(
    client: Client, cast: Few, maya: Actor, source: str, lost: set[str]
) -> None:
    form = hidden(review(client, maya, source))
    lost.add("pay")
    answer = client.post("/payments", form)
    assert answer.status_code == 503 and "Asked, not confirmed yet" in read(answer)
    lost.clear()
    again = {**hidden(answer), "csrfmiddlewaretoken": ""}
    assert again["key"] == form["key"]
    assert client.post("/payments", again).status_code == 302
    assert len(payments(cast.maya)) == 1


def test_who_goes_back_from_a_cancellation_without_an_answer_finds_a_page(
    client: Client, maya: Actor, source: str, lost: set[str]
) -> None:
    planned = pay(maya, NOW, source, 50_00, today(NOW, 5))["payment"]
    lost.add("cancel_payment")
    answer = client.post(f"/payments/{planned}/cancellation", {"key": "cancel-0001"})
    assert answer.status_code == 503
    lost.clear()
    (back,) = re.findall(r'href="(/payments[^"]*)">[^<]*<svg[^>]*>.*?</svg> Go back', answer.content.decode())
    assert client.get(back).status_code == 200


def test_a_core_without_payments_has_no_such_pages(client: Client, lost: set[str]) -> None:
    real = current_core()

    class Without:
        def __getattr__(self, name: str) -> Any:
            if name in ("due", "payments", "bank_accounts"):
                return not_offered
            return getattr(real, name)

    def not_offered(*args: Any, **kwargs: Any) -> None:
        raise core.CoreRefused("not_offered")

    core.use_core(Without())
    for page in ("/payments", "/payments/accounts", "/autopay"):
        assert client.get(page).status_code == 404


def test_the_page_asks_the_database_little(
    client: Client, maya: Actor, source: str, django_assert_max_num_queries: Any
) -> None:
    for n in range(12):
        pay(maya, NOW + n * timedelta(minutes=1), source, 1_00, wish=f"sent {n}")
    client.get("/payments")
    with django_assert_max_num_queries(41):
        client.get("/payments")


def test_in_spanish(client: Client, source: str) -> None:
    shown = read(client.get("/payments", headers={"accept-language": "es"}))
    assert "Pagos" in shown and "What is due" not in shown
    assert ROUTING not in shown
