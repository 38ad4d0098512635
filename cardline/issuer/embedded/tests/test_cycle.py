"""Cycles: when they close, and that statements tell what happened, to the cent.

The four stories are those worked by hand in test_interest.py, here let happen day by day.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cardline.clocks.calendars import Calendar, load_calendar
from cardline.issuer.core import AlertEvent, CoreNotFound, Kind
from cardline.issuer.embedded import ledger
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.cycle import (
    due_day,
    last_day_to_stop,
    next_closing,
    nominals_closing_on,
    shifted,
)
from cardline.issuer.embedded.tests.billed import MAYA, Billed, core, moment, usd
from cardline.kit import clock

FEDERAL = load_calendar("us-federal")
PAID_ON = date(2026, 2, 10)
AFTER_JANUARY, AFTER_FEBRUARY, AFTER_MARCH = date(2026, 1, 21), date(2026, 2, 21), date(2026, 3, 21)


@pytest.fixture
def billed(db: Any) -> Billed:
    return Billed()


def bought_in_january(billed: Billed) -> rows.Transaction:
    """1,200.00 in all. Returns the hotel's 300.00."""
    billed.buys(date(2026, 1, 10), 900_00)
    return billed.buys(date(2026, 1, 10), 300_00)


# ------------------------------------------------------------------------------------------------- the days


@pytest.mark.parametrize(
    ("nominal", "closes"),
    [
        (date(2026, 1, 20), date(2026, 1, 20)),  # a Tuesday
        (date(2026, 6, 20), date(2026, 6, 22)),  # a Saturday
        (date(2026, 1, 17), date(2026, 1, 20)),  # a Saturday before a holiday on Monday
        (date(2026, 2, 28), date(2026, 3, 2)),  # over the end of the month
    ],
)
def test_a_closing_moves_to_the_next_business_day(nominal: date, closes: date) -> None:
    assert shifted(nominal, FEDERAL) == closes
    assert nominal in nominals_closing_on(closes, FEDERAL)


@pytest.mark.parametrize(
    ("after", "closes"),
    [
        (date(2026, 1, 19), date(2026, 1, 20)),
        (date(2026, 1, 20), date(2026, 2, 20)),
        (date(2026, 6, 21), date(2026, 6, 22)),  # moved from a Saturday, and still to come
        (date(2026, 6, 22), date(2026, 7, 20)),
        (date(2026, 12, 31), date(2027, 1, 20)),
        (date(2028, 1, 31), date(2028, 2, 22)),  # a Sunday before a holiday
    ],
)
def test_the_next_closing_is_the_first_one_after_a_day(after: date, closes: date) -> None:
    assert next_closing(20, after, FEDERAL) == closes


def shut(first: date, last: date) -> Calendar:
    days = [date.fromordinal(day) for day in range(first.toordinal(), last.toordinal() + 1)]
    return FEDERAL.changed(removed=days)


def test_a_closing_never_moves_by_more_than_four_days() -> None:
    nominal = date(2026, 8, 12)  # a Wednesday; the next Monday is five days on
    assert shifted(nominal, shut(date(2026, 8, 11), date(2026, 8, 14))) == date(2026, 8, 10)
    assert shifted(nominal, shut(date(2026, 8, 10), date(2026, 8, 14))) == nominal


def test_every_nominal_day_of_every_month_closes_once_on_a_business_day_at_most_four_days_off() -> None:
    days = [
        date.fromordinal(day) for day in range(date(2026, 1, 1).toordinal(), date(2028, 1, 1).toordinal())
    ]
    closings = [(nominal, day) for day in days for nominal in nominals_closing_on(day, FEDERAL)]
    assert all(FEDERAL.is_business_day(day) and abs((day - nominal).days) <= 4 for nominal, day in closings)
    inside = [nominal for nominal, _ in closings if date(2026, 1, 5) <= nominal <= date(2027, 12, 20)]
    assert sorted(inside) == [
        day for day in days if day.day <= 28 and date(2026, 1, 5) <= day <= date(2027, 12, 20)
    ]


def test_a_bill_is_never_due_before_21_days_are_over() -> None:
    assert due_day(date(2026, 1, 20), 25) == date(2026, 2, 14)  # a Saturday, and it stays there
    assert due_day(date(2026, 1, 20), 10) == date(2026, 2, 10)


def test_the_last_day_to_stop_leaves_three_business_days() -> None:
    assert last_day_to_stop(date(2026, 3, 17), FEDERAL) == date(2026, 3, 12)
    assert last_day_to_stop(date(2026, 2, 17), FEDERAL) == date(2026, 2, 11)  # Monday the 16th is a holiday


# ------------------------------------------------------------------------------------------------ the stories


def test_paid_in_full(billed: Billed) -> None:
    bought_in_january(billed)
    billed.pays_on(date(2026, 2, 14), 1_200_00)
    billed.buys(date(2026, 2, 16), 50_00)
    billed.until(AFTER_FEBRUARY)
    assert (billed.last.payments, billed.last.interest, billed.last.closing) == (
        usd(1_200_00),
        usd(0),
        usd(50_00),
    )
    billed.pays_on(date(2026, 3, 17), 50_00)
    billed.until(AFTER_MARCH)
    assert billed.last.closing == usd(0)
    assert billed.lines(Kind.INTEREST) == billed.lines(Kind.FEE) == []
    # The newest one is not due yet.
    assert [one.paid_in_full for one in core.statements(MAYA, billed.token).items] == [None, True, True]


def test_a_day_late_costs_the_grace_and_a_fee(billed: Billed) -> None:
    bought_in_january(billed)
    billed.pays_on(date(2026, 2, 15), 1_200_00)
    billed.until(AFTER_FEBRUARY)
    assert billed.lines(Kind.FEE) == [(date(2026, 2, 14), 25_00)]  # never above the minimum that was missed
    # 24 days at 1,200.00, one at 1,225.00 and six at 25.00: 30,175.00 dollar-days, 18.1794.
    assert billed.last.interest == usd(18_18)
    assert [one.paid_in_full for one in core.statements(MAYA, billed.token).items] == [None, False]


def test_revolving(billed: Billed) -> None:
    bought_in_january(billed)
    billed.buys(date(2026, 2, 1), 300_00)
    billed.pays_on(PAID_ON, 400_00)
    billed.until(AFTER_FEBRUARY)
    assert billed.last.interest == usd(23_38)
    assert billed.last.closing == usd(1_123_38)
    assert billed.last.minimum_due == usd(34_61)
    billed.until(AFTER_MARCH)
    assert billed.lines(Kind.FEE) == [(date(2026, 3, 17), 29_00)]
    march = billed.last
    assert (march.opening, march.fees, march.interest) == (usd(1_123_38), usd(29_00), usd(18_63))
    # 1 % of it, the interest and the fee: 59.34; and 34.61 that were due before and not paid.
    assert (march.closing, march.minimum_due) == (usd(1_171_01), usd(93_95))


def test_the_account_says_when_its_running_cycle_ends(billed: Billed) -> None:
    clock.set_offset(moment(date(2026, 1, 20)) - clock.machine_now())
    assert billed.due.closes_on == date(2026, 1, 20)  # today, whose end it is
    billed.buys(date(2026, 1, 10), 900_00)
    billed.until(AFTER_JANUARY)
    assert billed.due.closes_on == date(2026, 2, 20)  # closed already, though the clock still says the 20th
    clock.set_offset(moment(date(2026, 6, 21)) - clock.machine_now())
    assert billed.due.closes_on == date(2026, 6, 22)


def test_beyond_the_calendar_no_closing_is_guessed(billed: Billed) -> None:
    clock.set_offset(moment(date(FEDERAL.last_year, 12, 30)) - clock.machine_now())
    assert billed.due.closes_on is None


def contested(billed: Billed) -> str:
    """The story of a dispute up to its February statement. Returns the dispute."""
    hotel = bought_in_january(billed)
    dispute = billed.contests(hotel, date(2026, 1, 30))
    billed.pays_on(PAID_ON, 400_00)
    billed.until(AFTER_FEBRUARY)
    assert billed.last.interest == usd(15_78)
    assert billed.last.closing == usd(815_78)
    assert billed.last.minimum_due == usd(25_00)
    return dispute


def test_disputed_and_won(billed: Billed) -> None:
    dispute = contested(billed)
    billed.decides(dispute, date(2026, 3, 5), won=True)
    billed.pays_on(date(2026, 3, 10), 25_00)
    billed.until(AFTER_MARCH)
    assert billed.lines(Kind.CREDIT) == [(date(2026, 3, 5), -300_00), (date(2026, 3, 5), -1_62)]
    march = billed.last
    assert (march.credits, march.payments, march.fees) == (usd(301_62), usd(25_00), usd(0))
    assert (march.interest, march.closing) == (usd(8_36), usd(497_52))


def test_disputed_and_lost(billed: Billed) -> None:
    dispute = contested(billed)
    billed.decides(dispute, date(2026, 3, 5), won=False)
    billed.pays_on(date(2026, 3, 10), 25_00)
    billed.until(AFTER_MARCH)
    assert billed.lines(Kind.CREDIT) == []
    march = billed.last
    assert (march.credits, march.fees) == (usd(0), usd(0))
    assert (march.interest, march.closing) == (usd(11_27), usd(802_05))


def test_disputed_with_a_credit_and_lost_costs_the_same(billed: Billed) -> None:
    hotel = bought_in_january(billed)
    dispute = billed.contests(hotel, date(2026, 1, 30), credit=True)
    billed.pays_on(PAID_ON, 400_00)
    billed.decides(dispute, date(2026, 3, 5), won=False)
    billed.pays_on(date(2026, 3, 10), 25_00)
    billed.until(AFTER_MARCH)
    march, february, _ = core.statements(MAYA, billed.token).items
    assert (february.interest, february.closing) == (usd(15_78), usd(515_78))
    assert (march.interest, march.closing) == (usd(11_27), usd(802_05))


def test_contested_interest_bore_none_so_none_comes_back_with_it(billed: Billed) -> None:
    bought_in_january(billed)
    billed.pays_on(PAID_ON, 400_00)
    billed.until(AFTER_FEBRUARY)
    line = rows.Transaction.objects.get(kind=Kind.INTEREST)
    dispute = billed.contests(line, date(2026, 2, 25))
    billed.decides(dispute, date(2026, 3, 5), won=True)
    billed.pays_on(date(2026, 3, 10), 25_00)
    billed.until(AFTER_MARCH)
    assert billed.lines(Kind.CREDIT) == [(date(2026, 3, 5), -19_76)]
    # 12 days at 800.00, 5 at 780.24, 11 at 775.00: 22,026.20 dollar-days, 13.2700.
    assert billed.last.interest == usd(13_27)


def test_a_late_fee_goes_back_with_the_only_charge_behind_it(billed: Billed) -> None:
    hotel = billed.buys(date(2026, 1, 10), 300_00)
    dispute = billed.contests(hotel, date(2026, 2, 16))
    assert billed.lines(Kind.FEE) == [(date(2026, 2, 14), 25_00)]
    billed.decides(dispute, date(2026, 2, 25), won=True)
    billed.until(AFTER_MARCH)
    assert (date(2026, 2, 25), -25_00) in billed.lines(Kind.CREDIT)
    assert ledger.wrong_books() == []


def test_a_late_fee_stays_where_the_rest_was_due_all_the_same(billed: Billed) -> None:
    hotel = bought_in_january(billed)  # and 900.00 that nobody contests
    dispute = billed.contests(hotel, date(2026, 2, 16))
    billed.decides(dispute, date(2026, 2, 25), won=True)
    billed.until(AFTER_MARCH)
    assert -25_00 not in [amount for _, amount in billed.lines(Kind.CREDIT)]


def test_a_late_fee_goes_back_with_each_part_of_what_was_due_and_never_twice(billed: Billed) -> None:
    first, second = (billed.buys(date(2026, 1, 10), amount) for amount in (8_00, 12_00))
    one, other = (billed.contests(bought, date(2026, 2, 16)) for bought in (first, second))
    assert billed.lines(Kind.FEE) == [(date(2026, 2, 14), 20_00)]
    billed.decides(one, date(2026, 2, 18), won=True)
    billed.decides(other, date(2026, 2, 19), won=False)
    again = billed.contests(second, date(2026, 2, 21))
    billed.decides(again, date(2026, 2, 25), won=True)
    billed.until(AFTER_MARCH)
    back = [entry for entry in billed.lines(Kind.CREDIT) if entry[1] in (-8_00, -12_00)]
    # Each twice: the charge, and as much of the fee.
    assert back == [
        (date(2026, 2, 18), -8_00), (date(2026, 2, 18), -8_00),
        (date(2026, 2, 25), -12_00), (date(2026, 2, 25), -12_00),
    ]  # fmt: skip


def test_whoever_paid_what_was_rightly_due_pays_no_late_fee(billed: Billed) -> None:
    first, _ = (billed.buys(date(2026, 1, 10), amount) for amount in (8_00, 12_00))
    billed.pays_on(date(2026, 2, 10), 12_00)
    dispute = billed.contests(first, date(2026, 2, 16))
    assert billed.lines(Kind.FEE) == [(date(2026, 2, 14), 20_00)]
    billed.decides(dispute, date(2026, 2, 18), won=True)
    billed.until(AFTER_FEBRUARY)
    assert (date(2026, 2, 18), -20_00) in billed.lines(Kind.CREDIT)


def test_paying_all_but_the_contested_part_keeps_the_grace(billed: Billed) -> None:
    hotel = bought_in_january(billed)
    billed.contests(hotel, date(2026, 1, 30))
    billed.pays_on(date(2026, 2, 14), 900_00)
    billed.until(AFTER_FEBRUARY)
    assert (billed.last.interest, billed.last.closing) == (usd(0), usd(300_00))
    assert billed.last.minimum_due == usd(0)


# --------------------------------------------------------------------------------------------- statements


def test_statements_follow_one_another_and_agree_with_the_ledger(billed: Billed) -> None:
    bought_in_january(billed)
    billed.pays_on(PAID_ON, 100_00)
    billed.moves(Kind.REFUND, PAID_ON, -20_00)
    billed.until(date(2026, 5, 21))
    newest_first = core.statements(MAYA, billed.token).items
    assert [s.closed_on for s in newest_first] == [
        date(2026, 5, 20), date(2026, 4, 20), date(2026, 3, 20), date(2026, 2, 20), date(2026, 1, 20)
    ]  # fmt: skip
    assert newest_first[-1].opened_on == date(2026, 1, 4)  # the day before the account was opened
    for later, earlier in zip(newest_first, newest_first[1:], strict=False):
        assert (later.opened_on, later.opening) == (earlier.closed_on, earlier.closing)
    assert newest_first[0].closing.amount_minor == ledger.balance(ledger.receivable(billed.account.pk), "USD")
    assert ledger.wrong_books() == []


def test_lines_come_oldest_first_with_fees_and_interest_at_the_end(billed: Billed) -> None:
    bought_in_january(billed)
    billed.pays_on(PAID_ON, 400_00)
    billed.until(date(2026, 3, 18))
    billed.buys(date(2026, 3, 19), 12_00)
    billed.until(AFTER_MARCH)
    token = billed.last.token
    lines = core.statement_lines(MAYA, token)
    rest = core.statement_lines(MAYA, token, after=lines.next)
    assert [line.kind for line in [*lines.items, *rest.items]] == [Kind.PURCHASE, Kind.FEE, Kind.INTEREST]
    assert rest.next == ""
    total = sum(line.amount.amount_minor for line in [*lines.items, *rest.items])
    assert billed.last.opening + usd(total) == billed.last.closing


def test_a_line_booked_late_is_billed_late_and_once(billed: Billed) -> None:
    bought_in_january(billed)
    billed.until(AFTER_JANUARY)
    billed.moves(Kind.PURCHASE, date(2026, 1, 19), 40_00)
    billed.until(AFTER_FEBRUARY)
    assert billed.last.purchases == usd(40_00)
    assert billed.last.opening == usd(1_200_00)


def test_an_account_that_never_moved_has_no_statement(billed: Billed) -> None:
    billed.until(AFTER_MARCH)
    assert core.statements(MAYA, billed.token).items == []
    assert (billed.due.statement, billed.due.minimum, billed.due.on) == (usd(0), usd(0), None)


def test_only_holders_see_statements(billed: Billed) -> None:
    bought_in_january(billed)
    billed.until(AFTER_JANUARY)
    for question in (
        lambda: core.statements("c-stranger", billed.token),
        lambda: core.statement("c-stranger", billed.last.token),
        lambda: core.statement_lines("c-stranger", billed.last.token),
        lambda: core.due("c-stranger", billed.token),
    ):
        with pytest.raises(CoreNotFound):
            question()
    assert core.statement(MAYA, billed.last.token) == billed.last


# --------------------------------------------------------------------------------------------------- due


def test_what_is_due_goes_down_with_payments_and_refunds_and_leaves_out_what_is_contested(
    billed: Billed,
) -> None:
    hotel = bought_in_january(billed)
    billed.until(AFTER_JANUARY)
    assert (billed.due.statement, billed.due.minimum) == (usd(1_200_00), usd(25_00))
    assert billed.due.on == date(2026, 2, 14)
    dispute = billed.contests(hotel, date(2026, 1, 30))
    assert (billed.due.statement, billed.due.disputed) == (usd(900_00), usd(300_00))
    billed.moves(Kind.REFUND, date(2026, 1, 31), -100_00)
    billed.pays_on(date(2026, 2, 2), 500_00)
    billed.until(date(2026, 2, 3))
    assert (billed.due.statement, billed.due.minimum) == (usd(300_00), usd(0))
    assert billed.due.balance == usd(600_00)
    billed.decides(dispute, date(2026, 2, 5), won=False)
    assert (billed.due.statement, billed.due.disputed) == (usd(600_00), usd(0))


def test_a_dispute_about_a_later_purchase_leaves_the_statement_due(billed: Billed) -> None:
    bought_in_january(billed)
    later = billed.buys(date(2026, 1, 25), 80_00)
    billed.contests(later, date(2026, 1, 30))
    assert (billed.due.statement, billed.due.disputed) == (usd(1_200_00), usd(80_00))


def test_holders_hear_of_the_statement_and_three_days_before_it_is_due(billed: Billed) -> None:
    billed.wants_to_hear(AlertEvent.STATEMENT_READY, AlertEvent.PAYMENT_DUE)
    bought_in_january(billed)
    billed.until(date(2026, 2, 10))
    assert billed.heard() == [(AlertEvent.STATEMENT_READY, 1_200_00)]
    billed.until(date(2026, 2, 11))
    assert billed.heard()[1:] == [(AlertEvent.PAYMENT_DUE, 25_00)]


def test_whoever_paid_the_minimum_is_not_reminded(billed: Billed) -> None:
    billed.wants_to_hear(AlertEvent.PAYMENT_DUE)
    bought_in_january(billed)
    billed.pays_on(date(2026, 2, 2), 25_00)
    billed.until(date(2026, 2, 20))
    assert billed.heard() == []
    assert billed.lines(Kind.FEE) == []
