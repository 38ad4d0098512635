"""Paying the bill: what is refused, as of when it counts, and what happens when the bank says no."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connections

from cardline.issuer.core import (
    AlertEvent,
    BankAccountKind,
    CoreNotFound,
    CoreRefused,
    Kind,
    PaymentKind,
    PaymentState,
    PaymentTime,
)
from cardline.issuer.embedded import ledger
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.banking import is_routing_number
from cardline.issuer.embedded.payments import receive_check, value_day
from cardline.issuer.embedded.tests.billed import MAYA, ROUTING, Billed, core, moment, usd
from cardline.issuer.embedded.tests.world import inside, new_key
from cardline.kit import writer
from cardline.kit.money import Money

DAY = date(2026, 2, 2)  # a Monday
DUE = date(2026, 2, 14)  # a Saturday
NOON = moment(DAY)


@pytest.fixture
def billed(db: Any) -> Billed:
    return Billed()


@pytest.fixture
def owing(billed: Billed) -> Billed:
    """1,200.00 on the January statement, due on 14 February; it is the morning of 2 February."""
    billed.buys(date(2026, 1, 10), 1_200_00)
    billed.until(DAY)
    return billed


# ------------------------------------------------------------------------------------------------ counting


@pytest.mark.parametrize(
    ("hour", "minute", "counts"),
    [(9, 0, DAY), (16, 59, DAY), (17, 0, DAY), (17, 1, DAY + timedelta(1)), (23, 59, DAY + timedelta(1))],
)
def test_a_payment_by_5_pm_counts_as_of_that_day(hour: int, minute: int, counts: date) -> None:
    assert value_day(moment(DAY, hour, minute)) == counts


def last_second(day: date) -> datetime:
    return moment(day, 23, 59) + timedelta(seconds=59)


@pytest.mark.parametrize(
    ("hour", "on", "counts", "until"),
    [
        (9, DAY, DAY, moment(DAY, 17)),
        (17, DAY, DAY, moment(DAY, 17)),
        (18, DAY, DAY + timedelta(1), last_second(DAY)),
        (18, DAY - timedelta(1), DAY + timedelta(1), last_second(DAY)),
        (18, DAY + timedelta(1), DAY + timedelta(1), last_second(DAY)),
        (9, DUE, DUE, last_second(DUE - timedelta(1))),
    ],
)
def test_how_a_payment_would_count_is_told_beforehand(
    hour: int, on: date, counts: date, until: datetime
) -> None:
    assert core.payment_time(on, at=moment(DAY, hour)) == PaymentTime(counts, until)


def test_what_was_told_beforehand_is_what_happens(owing: Billed) -> None:
    for hour in (9, 18):
        told = core.payment_time(DAY, at=moment(DAY, hour))
        assert owing.pays(moment(DAY, hour), 10_00).value_on == told.counts_on


def test_weekends_and_the_change_of_clocks_count_like_any_day() -> None:
    assert value_day(moment(date(2026, 2, 14), 17, 1)) == date(2026, 2, 15)  # Saturday to Sunday
    assert value_day(moment(date(2026, 3, 8), 16, 59)) == date(2026, 3, 8)  # an hour was left out that night


def test_a_payment_is_sent_at_once_and_posted_when_its_day_has_ended(owing: Billed) -> None:
    made = owing.pays(NOON, 400_00)
    assert (made.state, made.on, made.value_on) == (PaymentState.SENT, DAY, DAY)
    assert owing.due.balance == usd(1_200_00)
    owing.until(DAY + timedelta(1))
    assert owing.payment(made.token).state == PaymentState.POSTED
    assert owing.due.balance == usd(800_00)
    assert owing.lines(Kind.PAYMENT) == [(DAY, -400_00)]
    assert ledger.balance("bank", "USD") == 400_00


def test_a_payment_in_the_evening_of_the_due_day_is_late(owing: Billed) -> None:
    owing.until(DUE)
    owing.pays(moment(DUE, 17, 1), 1_200_00)
    owing.until(DUE + timedelta(2))
    assert owing.lines(Kind.PAYMENT) == [(DUE + timedelta(1), -1_200_00)]
    assert owing.lines(Kind.FEE) == [(DUE, 25_00)]


def test_a_payment_at_5_pm_of_the_due_day_is_in_time(owing: Billed) -> None:
    owing.until(DUE)
    owing.pays(moment(DUE, 17), 1_200_00)
    owing.until(DUE + timedelta(2))
    assert owing.lines(Kind.FEE) == []


# ------------------------------------------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("amount", "on", "reason"),
    [
        (usd(0), DAY, "not_positive"),
        (usd(-5_00), DAY, "not_positive"),
        (Money(5_00, "EUR"), DAY, "wrong_currency"),
        (usd(1_200_01), DAY, "too_much"),
        (usd(999_999_999_999_999), DAY, "too_much"),
        (usd(5_00), DAY - timedelta(1), "past"),
        (usd(5_00), date(2027, 2, 3), "too_far"),
    ],
)
def test_what_cannot_be_paid_is_refused_and_its_key_stays_free(
    owing: Billed, amount: Money, on: date, reason: str
) -> None:
    with pytest.raises(CoreRefused, match=reason):
        owing.pays(NOON, 0, on, amount=amount, key="k1")
    assert owing.pays(NOON, 1_200_00, key="k1").state == PaymentState.SENT


def test_what_is_pending_may_be_paid_and_what_is_on_its_way_not_again(owing: Billed) -> None:
    owing.world.pending(50_00, at=NOON)
    owing.pays(NOON, 1_250_00)
    with pytest.raises(CoreRefused, match="too_much"):
        owing.pays(NOON, 1)


def test_the_day_a_year_ahead_is_not_too_far(owing: Billed) -> None:
    assert owing.pays(NOON, 5_00, date(2027, 2, 2)).state == PaymentState.SCHEDULED


def test_the_same_key_pays_once(owing: Billed) -> None:
    first = owing.pays(NOON, 5_00, key="k1")
    assert owing.pays(NOON + timedelta(minutes=1), 5_00, key="k1") == first
    with pytest.raises(CoreRefused, match="key_reused"):
        owing.pays(NOON, 6_00, key="k1")
    assert rows.Payment.objects.count() == 1


def test_nobody_pays_for_an_account_or_from_a_bank_account_of_somebody_else(owing: Billed) -> None:
    stranger = rows.Customer.objects.create(number="c-stranger", name="Stan Stranger")
    theirs = rows.BankAccount.objects.create(
        token="bank_theirs", customer=stranger, bank="Elsewhere", kind="checking", last4="0001",
        known_by="x", added_at=NOON,
    )  # fmt: skip
    with pytest.raises(CoreNotFound):
        owing.pays(NOON, 5_00, source=theirs.token)
    wish = {"account": owing.token, "source": theirs.token, "amount": usd(5_00), "on": DAY, "at": NOON}
    with pytest.raises(CoreNotFound):
        core.pay("c-stranger", key=new_key(), **wish)  # type: ignore[arg-type]
    made = owing.pays(NOON, 5_00, DAY + timedelta(1))
    for question in (
        lambda: core.payments("c-stranger", owing.token),
        lambda: core.cancel_payment("c-stranger", made.token, at=NOON, key=new_key()),
        lambda: core.remove_bank_account("c-stranger", owing.bank, at=NOON, key=new_key()),
    ):
        with pytest.raises(CoreNotFound):
            question()


# ------------------------------------------------------------------------------------------------ scheduled


def test_a_scheduled_payment_is_sent_as_its_day_begins_and_counts_as_of_it(owing: Billed) -> None:
    made = owing.pays(NOON, 400_00, DUE)
    assert (made.state, made.value_on) == (PaymentState.SCHEDULED, None)
    owing.until(DUE)
    sent = owing.payment(made.token)
    assert (sent.state, sent.value_on) == (PaymentState.SENT, DUE)
    owing.until(DUE + timedelta(1))
    assert owing.lines(Kind.PAYMENT) == [(DUE, -400_00)]
    assert owing.lines(Kind.FEE) == []


def test_a_scheduled_payment_takes_no_more_than_is_owed_by_then(owing: Billed) -> None:
    most, none = owing.pays(NOON, 900_00, DUE), owing.pays(NOON, 400_00, DUE)
    owing.moves(Kind.REFUND, DAY, -500_00)
    owing.until(DUE)
    assert owing.payment(most.token).amount == usd(700_00)
    assert owing.payment(none.token).state == PaymentState.CANCELLED


def test_a_scheduled_payment_can_be_cancelled_until_it_is_sent(owing: Billed) -> None:
    made, other = owing.pays(NOON, 400_00, DUE), owing.pays(NOON, 100_00, DUE)
    for _ in range(2):
        gone = inside(lambda: core.cancel_payment(MAYA, made.token, at=NOON, key="c1"))
        assert gone.state == PaymentState.CANCELLED
    owing.until(DUE)
    with pytest.raises(CoreRefused, match="too_late"):
        core.cancel_payment(MAYA, other.token, at=moment(DUE), key="c2")
    owing.until(DUE + timedelta(1))
    assert owing.lines(Kind.PAYMENT) == [(DUE, -100_00)]


def test_scheduled_payments_come_first_the_next_one_before_the_others_then_the_newest(owing: Billed) -> None:
    early = owing.pays(NOON, 1_00)
    later = owing.pays(NOON + timedelta(hours=1), 2_00)
    far, near = owing.pays(NOON, 3_00, DUE), owing.pays(NOON, 4_00, DAY + timedelta(1))
    seen, after = [], ""
    while True:
        part = core.payments(MAYA, owing.token, after=after, most=1)
        seen += [payment.token for payment in part.items]
        after = part.next
        if not after:
            break
    assert seen == [near.token, far.token, later.token, early.token]
    with pytest.raises(CoreRefused, match="bad_page"):
        core.payments(MAYA, owing.token, after="7.x")


# --------------------------------------------------------------------------------------------- the bank's no


def test_a_failed_payment_is_taken_back_and_says_why_and_until_when_it_can_be_mended(owing: Billed) -> None:
    owing.wants_to_hear(AlertEvent.PAYMENT_POSTED, AlertEvent.PAYMENT_FAILED)
    owing.bank_says("no_funds")
    made = owing.pays_on(DAY, 400_00)
    owing.until(DAY + timedelta(2))
    assert owing.payment(made.token).state == PaymentState.POSTED
    owing.until(DAY + timedelta(3))
    failed = owing.payment(made.token)
    assert (failed.state, failed.reason, failed.mend_by) == (PaymentState.FAILED, "no_funds", DUE)
    assert owing.lines(Kind.PAYMENT_RETURNED) == [(DAY + timedelta(2), 400_00)]
    assert (owing.due.balance, owing.due.statement, owing.due.minimum) == (
        usd(1_200_00), usd(1_200_00), usd(25_00)
    )  # fmt: skip
    assert owing.heard() == [(AlertEvent.PAYMENT_POSTED, 400_00), (AlertEvent.PAYMENT_FAILED, 400_00)]
    assert ledger.balance("bank", "USD") == 0


# Paid on the due day, a Saturday; Monday is a holiday, so the bank's no comes on Wednesday the 18th.
MEND_BY = date(2026, 2, 25)


def fails_on_the_due_day(owing: Billed) -> str:
    owing.bank_says("no_funds")
    made = owing.pays_on(DUE, 1_200_00)
    owing.until(date(2026, 2, 19))
    failed = owing.payment(made.token)
    assert (failed.state, failed.mend_by) == (PaymentState.FAILED, MEND_BY)
    owing.bank_says("")
    return made.token


def test_mended_in_time_there_is_no_late_fee_and_the_grace_stays(owing: Billed) -> None:
    fails_on_the_due_day(owing)
    owing.pays_on(MEND_BY, 1_200_00)
    owing.until(date(2026, 3, 21))
    assert owing.lines(Kind.FEE) == owing.lines(Kind.INTEREST) == []


def test_not_mended_there_is_a_late_fee_on_the_day_it_could_have_been(owing: Billed) -> None:
    fails_on_the_due_day(owing)
    owing.until(MEND_BY)
    assert owing.lines(Kind.FEE) == []
    owing.until(MEND_BY + timedelta(1))
    assert owing.lines(Kind.FEE) == [(MEND_BY, 25_00)]
    owing.until(date(2026, 3, 21))
    assert [day for day, _ in owing.lines(Kind.INTEREST)] == [date(2026, 3, 20)]


def test_a_second_failure_gives_no_more_time(owing: Billed) -> None:
    fails_on_the_due_day(owing)
    owing.bank_says("no_funds")
    again = owing.pays_on(date(2026, 2, 20), 1_200_00)
    owing.until(MEND_BY)
    assert owing.payment(again.token).mend_by == MEND_BY
    third = owing.pays_on(MEND_BY, 1_200_00)
    owing.until(date(2026, 3, 5))
    assert owing.payment(third.token).mend_by == date(2026, 2, 27)
    assert owing.lines(Kind.FEE) == [(date(2026, 2, 27), 25_00)]


def test_a_bank_that_changes_its_mind_later_takes_nothing_back(owing: Billed) -> None:
    owing.pays_on(DAY, 400_00)
    owing.until(date(2026, 2, 10))
    owing.bank_says("account_closed")
    owing.until(date(2026, 2, 20))
    assert owing.lines(Kind.PAYMENT_RETURNED) == []


def test_a_check_counts_as_of_the_day_it_arrives_once_and_may_be_more_than_is_owed(owing: Billed) -> None:
    for _ in range(2):
        inside(lambda: receive_check(owing.token, amount_minor=1_300_00, at=NOON, key="envelope 7"))
    owing.until(DAY + timedelta(1))
    (received,) = core.payments(MAYA, owing.token).items
    assert (received.kind, received.state, received.source) == (PaymentKind.CHECK, PaymentState.POSTED, "")
    assert owing.lines(Kind.PAYMENT) == [(DAY, -1_300_00)]
    assert owing.due.balance == usd(-100_00)


def test_everything_that_is_owed_cannot_be_paid_twice_at_once(transactional_db: None) -> None:
    billed = Billed()
    billed.moves(Kind.PURCHASE, DAY, 100_00)

    def pay(number: int) -> str:
        try:
            return billed.pays(NOON, 60_00, key=f"at once {number}").state
        except CoreRefused as refusal:
            return refusal.reason
        finally:
            connections.close_all()

    writer.start_writer()
    with ThreadPoolExecutor(4) as threads:
        answers = sorted(threads.map(pay, range(4)))
    assert writer.stop_writer()
    assert answers == [PaymentState.SENT, "too_much", "too_much", "too_much"]


# -------------------------------------------------------------------------------------------- bank accounts


@pytest.mark.parametrize("routing", ["011000015", "021000021", "121000358", "322271627"])
def test_routing_numbers_of_real_banks_are_known_as_such(routing: str) -> None:
    assert is_routing_number(routing)


@pytest.mark.parametrize(
    "routing",
    [
        "011000016",
        "101000015",
        "01100001",
        "0110000150",
        "000000000",
        "401100001",
        "01100001a",
        "",
        "０１１０００015",
    ],
)
def test_a_wrong_routing_number_is_refused(billed: Billed, routing: str) -> None:
    with pytest.raises(CoreRefused, match="bad_routing"):
        add(routing=routing)


@pytest.mark.parametrize("number", ["123", "1" * 18, "12 34", "12-34", "", "١٢٣٤٥"])
def test_a_wrong_account_number_is_refused(billed: Billed, number: str) -> None:
    with pytest.raises(CoreRefused, match="bad_number"):
        add(number=number)


def add(routing: str = ROUTING, number: str = "987654321", key: str = "b1") -> Any:
    return inside(
        lambda: core.add_bank_account(
            MAYA, routing=routing, number=number, kind=BankAccountKind.SAVINGS, name="First Boston",
            at=NOON, key=key,
        )
    )  # fmt: skip


def test_of_a_bank_account_nothing_is_kept_but_the_last_four_and_a_keyed_hash(billed: Billed) -> None:
    added = add(number="98765432100001234")
    assert added.last4 == "1234"
    assert core.bank_accounts(MAYA)[0] == added
    for model in (rows.BankAccount, rows.Request):
        for row in model.objects.values_list():
            assert "9876543210" not in str(row)


def test_the_same_bank_account_is_known_again(billed: Billed) -> None:
    first = add()
    assert add(key="b2") == first
    assert add() == first
    with pytest.raises(CoreRefused, match="key_reused"):
        add(number="987654322")
    assert len(core.bank_accounts(MAYA)) == 2


def test_a_bank_account_that_something_is_to_come_from_stays(owing: Billed) -> None:
    made = owing.pays(NOON, 5_00, DUE)
    with pytest.raises(CoreRefused, match="in_use"):
        inside(lambda: core.remove_bank_account(MAYA, owing.bank, at=NOON, key="r1"))
    inside(lambda: core.cancel_payment(MAYA, made.token, at=NOON, key="c1"))
    for _ in range(2):
        inside(lambda: core.remove_bank_account(MAYA, owing.bank, at=NOON, key="r1"))
    assert core.bank_accounts(MAYA) == []
    with pytest.raises(CoreNotFound):
        owing.pays(NOON, 5_00)
