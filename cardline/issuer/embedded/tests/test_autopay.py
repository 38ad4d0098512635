"""Autopay: what it takes and when, and until when it can be stopped or changed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from cardline.issuer.core import AutopayMode, CoreNotFound, CoreRefused, Kind, PaymentKind, PaymentState
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.tests.billed import MAYA, Billed, core, moment, usd
from cardline.issuer.embedded.tests.world import inside, new_key
from cardline.kit.money import Money

DUE = date(2026, 2, 14)  # a Saturday; three business days before it is Wednesday the 11th
LAST_DAY = date(2026, 2, 11)
AFTER = DUE + timedelta(1)
SET_ON = date(2026, 1, 12)


@pytest.fixture
def billed(db: Any) -> Billed:
    billed = Billed()
    billed.buys(date(2026, 1, 10), 900_00)
    return billed


def paid(billed: Billed) -> list[tuple[date, int]]:
    billed.until(AFTER)
    return billed.lines(Kind.PAYMENT)


@pytest.mark.parametrize(
    ("mode", "amount", "taken"),
    [
        (AutopayMode.MINIMUM, None, 25_00),
        (AutopayMode.FULL, None, 900_00),
        (AutopayMode.FIXED, usd(100_00), 100_00),
        (AutopayMode.FIXED, usd(5_000_00), 900_00),
    ],
)
def test_it_pays_by_itself_on_the_due_date(
    billed: Billed, mode: AutopayMode, amount: Money | None, taken: int
) -> None:
    billed.sets_autopay(SET_ON, mode, amount)
    billed.until(date(2026, 1, 21))
    coming = core.autopay(MAYA, billed.token)
    assert coming is not None
    assert (coming.next_on, coming.next_amount) == (DUE, usd(taken))
    assert coming.stop_by == LAST_DAY
    (planned,) = core.payments(MAYA, billed.token).items
    assert (planned.kind, planned.state, planned.on) == (PaymentKind.AUTOPAY, PaymentState.SCHEDULED, DUE)
    assert paid(billed) == [(DUE, -taken)]
    assert billed.lines(Kind.FEE) == []


def test_set_after_the_closing_it_pays_that_statement_too(billed: Billed) -> None:
    coming = billed.sets_autopay(date(2026, 2, 13))
    assert (coming.next_on, coming.next_amount) == (DUE, usd(900_00))
    assert paid(billed) == [(DUE, -900_00)]


def test_set_on_the_due_day_it_begins_with_the_next_one(billed: Billed) -> None:
    assert billed.sets_autopay(DUE).next_on is None
    assert paid(billed) == []


def test_it_goes_on_month_after_month(billed: Billed) -> None:
    billed.sets_autopay(SET_ON)
    billed.buys(date(2026, 2, 3), 70_00)
    billed.until(date(2026, 3, 18))
    assert billed.lines(Kind.PAYMENT) == [(DUE, -900_00), (date(2026, 3, 17), -70_00)]


def test_what_the_holder_pays_or_gets_back_meanwhile_is_not_taken_again(billed: Billed) -> None:
    billed.sets_autopay(SET_ON)
    billed.pays_on(date(2026, 2, 2), 300_00)
    billed.moves(Kind.REFUND, date(2026, 2, 2), -50_00)
    billed.pays(moment(date(2026, 2, 3)), 100_00, DUE)
    coming = core.autopay(MAYA, billed.token)
    billed.until(AFTER)
    taken = [row.amount for row in core.payments(MAYA, billed.token).items if row.kind == PaymentKind.AUTOPAY]
    assert taken == [usd(450_00)]
    assert coming is not None
    assert coming.next_on == DUE


@pytest.mark.parametrize(("own", "taken"), [(300_00, 200_00), (800_00, 100_00)])
def test_a_fixed_amount_is_taken_besides_what_the_holder_pays_up_to_what_is_owed(
    billed: Billed, own: int, taken: int
) -> None:
    billed.sets_autopay(SET_ON, AutopayMode.FIXED, usd(200_00))
    billed.pays_on(date(2026, 2, 2), own)
    assert paid(billed) == [(date(2026, 2, 2), -own), (DUE, -taken)]


def test_what_the_holder_planned_and_cancelled_is_taken_after_all(billed: Billed) -> None:
    billed.sets_autopay(SET_ON)
    own = billed.pays(moment(SET_ON), 900_00, DUE)
    billed.until(date(2026, 1, 21))
    coming = core.autopay(MAYA, billed.token)
    assert coming is not None
    assert coming.next_on is None
    inside(lambda: core.cancel_payment(MAYA, own.token, at=moment(date(2026, 1, 21)), key=new_key()))
    assert paid(billed) == [(DUE, -900_00)]


def test_a_refund_after_the_bank_was_asked_is_not_taken(billed: Billed) -> None:
    billed.sets_autopay(SET_ON)
    billed.until(DUE)
    billed.moves(Kind.REFUND, date(2026, 2, 13), -400_00)
    assert paid(billed) == [(DUE, -500_00)]
    assert billed.due.balance == usd(0)


# ----------------------------------------------------------------------------- three business days (13(d)(1))


def test_a_stop_three_business_days_before_stops_it(billed: Billed) -> None:
    billed.sets_autopay(SET_ON)
    billed.stops_autopay(LAST_DAY)
    assert paid(billed) == []
    assert core.autopay(MAYA, billed.token) is None


def test_once_the_bank_was_asked_no_stop_reaches_it(billed: Billed) -> None:
    billed.sets_autopay(SET_ON)
    billed.until(LAST_DAY + timedelta(1))
    coming = core.autopay(MAYA, billed.token)
    assert coming is not None
    assert (coming.next_on, coming.stop_by) == (DUE, None)


def test_a_later_stop_stops_only_what_comes_after(billed: Billed) -> None:
    billed.sets_autopay(SET_ON)
    billed.stops_autopay(LAST_DAY + timedelta(1))
    billed.buys(date(2026, 2, 16), 70_00)
    billed.until(date(2026, 3, 20))
    assert billed.lines(Kind.PAYMENT) == [(DUE, -900_00)]


@pytest.mark.parametrize("credit", [False, True])
def test_a_dispute_three_business_days_before_is_left_out(billed: Billed, credit: bool) -> None:
    hotel = billed.buys(date(2026, 1, 12), 300_00)
    billed.sets_autopay(SET_ON)
    billed.contests(hotel, LAST_DAY, credit=credit)
    coming = core.autopay(MAYA, billed.token)
    assert coming is not None
    assert coming.next_amount == usd(900_00)
    assert paid(billed) == [(DUE, -900_00)]


def test_a_later_dispute_changes_what_is_taken_no_more(billed: Billed) -> None:
    hotel = billed.buys(date(2026, 1, 12), 300_00)
    billed.sets_autopay(SET_ON)
    billed.contests(hotel, LAST_DAY + timedelta(1))
    assert paid(billed) == [(DUE, -1_200_00)]


def test_a_fixed_amount_leaves_the_contested_part_out_too(billed: Billed) -> None:
    hotel = billed.buys(date(2026, 1, 12), 300_00)
    billed.sets_autopay(SET_ON, AutopayMode.FIXED, usd(1_000_00))
    billed.contests(hotel, LAST_DAY)
    assert paid(billed) == [(DUE, -900_00)]


def test_another_mode_replaces_what_was_planned(billed: Billed) -> None:
    billed.sets_autopay(SET_ON)
    billed.sets_autopay(LAST_DAY, AutopayMode.MINIMUM)
    assert paid(billed) == [(DUE, -25_00)]


def test_one_planned_payment_can_be_cancelled_alone(billed: Billed) -> None:
    billed.sets_autopay(SET_ON)
    billed.until(date(2026, 2, 2))
    (planned,) = core.payments(MAYA, billed.token).items
    inside(lambda: core.cancel_payment(MAYA, planned.token, at=moment(date(2026, 2, 2)), key=new_key()))
    assert paid(billed) == []
    assert core.autopay(MAYA, billed.token) is not None


# -------------------------------------------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("amount", "reason"),
    [
        (None, "not_positive"),
        (usd(0), "not_positive"),
        (usd(-1), "not_positive"),
        (Money(5_00, "EUR"), "wrong_currency"),
    ],
)
def test_a_fixed_amount_that_cannot_be_is_refused(billed: Billed, amount: Money | None, reason: str) -> None:
    with pytest.raises(CoreRefused, match=reason):
        billed.sets_autopay(SET_ON, AutopayMode.FIXED, amount)


def test_the_same_key_sets_it_once_even_when_it_was_stopped_since(billed: Billed) -> None:
    wish: dict[str, Any] = {
        "account": billed.token, "source": billed.bank, "mode": AutopayMode.FIXED, "amount": usd(5_00),
    }  # fmt: skip
    at = moment(SET_ON)
    first = inside(lambda: core.set_autopay(MAYA, at=at, key="a1", **wish))
    assert inside(lambda: core.set_autopay(MAYA, at=at, key="a1", **wish)) == first
    billed.stops_autopay(SET_ON)
    billed.stops_autopay(SET_ON)  # nothing happens where there is none
    again = inside(lambda: core.set_autopay(MAYA, at=at, key="a1", **wish))
    assert again.amount == usd(5_00)
    assert core.autopay(MAYA, billed.token) is None
    with pytest.raises(CoreRefused, match="key_reused"):
        core.set_autopay(MAYA, at=at, key="a1", **{**wish, "amount": usd(6_00)})


def test_only_holders_and_only_their_bank_accounts(billed: Billed) -> None:
    wish: dict[str, Any] = {"mode": AutopayMode.FULL, "amount": None, "at": moment(SET_ON), "key": new_key()}
    for change in (
        lambda: core.autopay("c-stranger", billed.token),
        lambda: core.stop_autopay("c-stranger", billed.token, at=moment(SET_ON), key=new_key()),
        lambda: core.set_autopay("c-stranger", account=billed.token, source=billed.bank, **wish),
        lambda: core.set_autopay(MAYA, account=billed.token, source="bank_none", **wish),
    ):
        with pytest.raises(CoreNotFound):
            change()


def test_its_bank_account_stays(billed: Billed) -> None:
    billed.sets_autopay(SET_ON)
    with pytest.raises(CoreRefused, match="in_use"):
        inside(lambda: core.remove_bank_account(MAYA, billed.bank, at=moment(SET_ON), key="r1"))
    assert rows.BankAccount.objects.get(token=billed.bank).removed_at is None
