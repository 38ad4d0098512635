"""The cost of a cycle, worked by hand to the cent.

One account at 21.99 % a year. Its cycles close on 20 January, 20 February and 20 March 2026; bills are due 25 days
later, on 14 February and 17 March. In January 1,200.00 were bought, 300.00 of it at a hotel. 21.99 % by 365 is taken
of the sum of the daily balances; "dollar-days" below are those sums.

Paid in full. 1,200.00 are paid on 14 February: the February cycle has grace and costs 0.00.

Revolving. A purchase of 300.00 on 1 February, a payment of 400.00 on 10 February:

    21 to 31 January      11 days × 1,200.00 = 13,200.00
     1 to  9 February      9 days × 1,500.00 = 13,500.00
    10 to 20 February     11 days × 1,100.00 = 12,100.00
                                               38,800.00 dollar-days × 0.2199 / 365 = 23.3757  →  23.38
    closing 1,100.00 + 23.38 = 1,123.38; minimum 11.23 + 23.38 = 34.61

then nothing is paid: a late fee of 29.00 on 17 March; the 23.38 bear no interest:

    21 February to 16 March   24 days × 1,100.00 = 26,400.00
    17 to 20 March             4 days × 1,129.00 =  4,516.00
                                                   30,916.00 dollar-days × 0.2199 / 365 = 18.6258  →  18.63
    closing 1,123.38 + 29.00 + 18.63 = 1,171.01; minimum 11.71 + 18.63 + 29.00 = 59.34

Disputed. The hotel's 300.00 are contested on 30 January without a credit; 400.00 are paid on 10 February:

    21 to 29 January       9 days × 1,200.00 = 10,800.00
    30 January to 9 Feb   11 days ×   900.00 =  9,900.00
    10 to 20 February     11 days ×   500.00 =  5,500.00
                                               26,200.00 dollar-days × 0.2199 / 365 = 15.7846  →  15.78
    closing 800.00 + 15.78 = 815.78; minimum of 515.78: 5.16 + 15.78 = 20.94, at least 25.00

25.00 are paid on 10 March, 15.78 of it for interest and 9.22 for the rest. The decision comes on 5 March.

Won. 300.00 are credited, and what they had cost from 21 to 29 January: without them 23,500.00 dollar-days, 14.1580,
14.16; so 15.78 - 14.16 = 1.62 come back.

    21 February to 4 March    12 days × 500.00 =  6,000.00
     5 to  9 March             5 days × 498.38 =  2,491.90
    10 to 20 March            11 days × 489.16 =  5,380.76
                                                 13,872.66 dollar-days × 0.2199 / 365 = 8.3578  →  8.36
    closing 815.78 - 300.00 - 1.62 - 25.00 + 8.36 = 497.52

Lost. The 300.00 count again from 5 March:

    21 February to 4 March    12 days × 500.00 =  6,000.00
     5 to  9 March             5 days × 800.00 =  4,000.00
    10 to 20 March            11 days × 790.78 =  8,698.58
                                                 18,698.58 dollar-days × 0.2199 / 365 = 11.2653  →  11.27
    closing 815.78 - 25.00 + 11.27 = 802.05

test_cycle.py lets the same stories happen in the ledger.
"""

from __future__ import annotations

from datetime import date

import pytest

from cardline.issuer.embedded.cycle import days_of
from cardline.issuer.embedded.interest import (
    Contested,
    Movement,
    daily_balances,
    interest_on,
    late_fee,
    minimum_due,
    unpaid_interest,
)

RATE = 21_99
FEBRUARY = days_of(date(2026, 1, 20), date(2026, 2, 20))
MARCH = days_of(date(2026, 2, 20), date(2026, 3, 20))
DISPUTED = date(2026, 1, 30)
DECIDED = date(2026, 3, 5)
HOTEL = 300_00


def paid(day: date, amount_minor: int) -> Movement:
    return Movement(day, -amount_minor, is_payment=True)


FEBRUARY_PAYMENT = paid(date(2026, 2, 10), 400_00)
MARCH_PAYMENT = paid(date(2026, 3, 10), 25_00)


def test_revolving_costs_by_the_day() -> None:
    movements = [Movement(date(2026, 2, 1), 300_00), FEBRUARY_PAYMENT]
    balances = daily_balances(FEBRUARY, opening=1_200_00, unpaid_interest=0, movements=movements)
    assert len(balances) == 31
    assert sum(balances) == 38_800_00
    assert interest_on(balances, RATE) == 23_38


def test_billed_interest_bears_none_and_a_late_fee_does_from_its_day() -> None:
    balances = daily_balances(
        MARCH, opening=1_123_38, unpaid_interest=23_38, movements=[Movement(date(2026, 3, 17), 29_00)]
    )
    assert sum(balances) == 30_916_00
    assert interest_on(balances, RATE) == 18_63


def test_what_is_contested_costs_nothing_from_the_day_of_the_notice() -> None:
    contested = [Contested(DISPUTED, DECIDED, HOTEL)]
    balances = daily_balances(
        FEBRUARY, opening=1_200_00, unpaid_interest=0, movements=[FEBRUARY_PAYMENT], contested=contested
    )
    assert sum(balances) == 26_200_00
    assert interest_on(balances, RATE) == 15_78


def test_disputed_and_won() -> None:
    before_the_notice = [Contested(date(2026, 1, 10), DECIDED, HOTEL)]
    without_it = daily_balances(
        FEBRUARY,
        opening=1_200_00,
        unpaid_interest=0,
        movements=[FEBRUARY_PAYMENT],
        contested=before_the_notice,
    )
    assert interest_on(without_it, RATE) == 14_16
    march = daily_balances(
        MARCH,
        opening=815_78,
        unpaid_interest=15_78,
        movements=[Movement(DECIDED, -300_00), Movement(DECIDED, -1_62), MARCH_PAYMENT],
        contested=[Contested(DISPUTED, DECIDED, HOTEL)],
    )
    assert sum(march) == 13_872_66
    assert interest_on(march, RATE) == 8_36


def test_disputed_and_lost() -> None:
    march = daily_balances(
        MARCH,
        opening=815_78,
        unpaid_interest=15_78,
        movements=[MARCH_PAYMENT],
        contested=[Contested(DISPUTED, DECIDED, HOTEL)],
    )
    assert sum(march) == 18_698_58
    assert interest_on(march, RATE) == 11_27


def test_what_we_owe_the_holder_bears_no_interest() -> None:
    balances = daily_balances(MARCH, opening=-50_00, unpaid_interest=0, movements=[])
    assert sum(balances) == 0


def test_a_movement_booked_late_counts_from_the_first_day() -> None:
    late = [Movement(date(2026, 2, 18), 100_00)]
    balances = daily_balances(MARCH, opening=0, unpaid_interest=0, movements=late)
    assert balances == [100_00] * 28


@pytest.mark.parametrize(
    ("dollar_days_minor", "rate", "expected"),
    [
        (3_650_000, 1, 1),
        (1_825_000, 1, 0),  # half a cent, to the even one
        (5_475_000, 1, 2),  # a cent and a half, to the even one
        (1_825_001, 1, 1),
        (0, 21_99, 0),
    ],
)
def test_interest_is_rounded_half_to_even(dollar_days_minor: int, rate: int, expected: int) -> None:
    assert interest_on([dollar_days_minor], rate) == expected


@pytest.mark.parametrize(
    ("cycles", "left"),
    [
        ([], 0),
        ([(0, 23_38, 1_123_38)], 23_38),
        ([(0, 23_38, 1_123_38), (0, 18_63, 1_171_01)], 42_01),  # nothing paid: both months' interest is open
        ([(0, 23_38, 1_123_38), (20_00, 18_00, 1_121_38)], 21_38),
        ([(0, 23_38, 1_123_38), (1_123_38, 0, 0)], 0),
        ([(0, 23_38, 10_00)], 10_00),  # a refund left less than the interest
    ],
)
def test_payments_pay_billed_interest_first(cycles: list[tuple[int, int, int]], left: int) -> None:
    assert unpaid_interest(cycles) == left


@pytest.mark.parametrize(
    ("closing", "contested", "interest", "fees", "minimum"),
    [
        (1_123_38, 0, 23_38, 0, 34_61),
        (1_171_01, 0, 18_63, 29_00, 59_34),
        (815_78, 300_00, 15_78, 0, 25_00),
        (1_200_00, 0, 0, 0, 25_00),
        (12_40, 0, 0, 0, 12_40),  # never above what is owed
        (300_00, 300_00, 0, 0, 0),
        (-40_00, 0, 0, 0, 0),
    ],
)
def test_the_minimum_due(closing: int, contested: int, interest: int, fees: int, minimum: int) -> None:
    assert minimum_due(closing, contested=contested, interest=interest, fees=fees, decimals=2) == minimum


def test_the_floor_of_the_minimum_counts_whole_units_of_the_currency() -> None:
    assert minimum_due(2_000, contested=0, interest=0, fees=0, decimals=0) == 25


@pytest.mark.parametrize(("minimum", "fee"), [(59_34, 29_00), (12_40, 12_40)])
def test_a_late_fee_is_never_above_the_minimum_that_was_missed(minimum: int, fee: int) -> None:
    assert late_fee(29_00, minimum=minimum) == fee
