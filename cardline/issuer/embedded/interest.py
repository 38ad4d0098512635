"""What a cycle costs: interest, minimum due and late fee. Values in, values out; amounts are minor units.

The method, as the terms of a card state it:

- One yearly rate. A day's interest is that day's balance times the rate, by 365 in leap years too; a cycle's is the
  sum over its days (the average daily balance times their number), rounded once, half to even.
- Simple interest: interest bears none. A day's balance is what is owed at its end, less billed interest not yet paid,
  less what is contested that day, and never below nothing. A payment pays billed interest first, then the rest; one
  that a bank gives back counts like something bought that day.
- Grace: no interest in a cycle when the last statement that fell due was paid in full by then, contested part aside.
- Contested and lost: it counts again from the day of the decision; the days before cost nothing. Contested and won:
  what it had cost before the notice is given back (DOMAIN 3).
- The minimum is 1 % of the balance plus the interest and fees of the cycle, at least 25 whole units of the currency,
  never more than the balance; the contested part is left out of the balance.
- The late fee is never above the minimum that was missed (12 CFR 1026.52(b)(2)(i)).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

DAYS_A_YEAR = 365
WHOLE_RATE = 10_000  # a rate of 100 %, in hundredths of a per cent
LEAST_MINIMUM = 25  # in whole units of the currency


@dataclass(frozen=True, slots=True)
class Movement:
    """Something posted. amount_minor: a debit is positive. is_payment: it pays billed interest first."""

    day: date
    amount_minor: int
    is_payment: bool = False


@dataclass(frozen=True, slots=True)
class Contested:
    """Owed but contested from a day on, and no longer so on `until`; None while it is looked into."""

    since: date
    until: date | None
    amount_minor: int

    def on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


def daily_balances(
    days: Sequence[date],
    *,
    opening: int,
    unpaid_interest: int,
    movements: Iterable[Movement],
    contested: Sequence[Contested] = (),
) -> list[int]:
    """The balance that bears interest at the end of each of these days.

    opening: owed before the first of them, `unpaid_interest` included. A movement of an earlier day, booked late,
    counts from the first day on.
    """
    of_day: dict[date, list[Movement]] = defaultdict(list)
    for movement in movements:
        of_day[max(movement.day, days[0])].append(movement)
    rest = opening - unpaid_interest
    balances = []
    for day in days:
        for movement in of_day[day]:
            rest += movement.amount_minor
            if movement.is_payment:
                to_interest = min(unpaid_interest, -movement.amount_minor)
                unpaid_interest -= to_interest
                rest += to_interest
        balances.append(max(0, rest - sum(part.amount_minor for part in contested if part.on(day))))
    return balances


def interest_on(balances: Iterable[int], rate: int) -> int:
    """rate: yearly, in hundredths of a per cent."""
    return round(Fraction(sum(balances) * rate, WHOLE_RATE * DAYS_A_YEAR))


def unpaid_interest(cycles: Iterable[tuple[int, int, int]]) -> int:
    """What is left of all billed interest after the last of these cycles, oldest first.

    Each is its payments, its interest (charged at its very end) and its closing balance.
    """
    left = 0
    for payments, interest, closing in cycles:
        left = min(max(0, left - payments) + interest, max(0, closing))
    return left


def minimum_due(
    closing: int, *, contested: int, interest: int, fees: int, decimals: int, past_due: int = 0
) -> int:
    """contested: the part of `closing` nobody has to pay now. past_due: what is left of the minimum before, which was
    missed. decimals: of the currency.
    """
    to_pay = max(0, closing - contested)
    one_percent = round(Fraction(to_pay, 100))
    return min(to_pay, max(LEAST_MINIMUM * 10**decimals, one_percent + interest + fees) + past_due)


def late_fee(fee: int, *, minimum: int) -> int:
    """minimum: the one that was not paid in time."""
    return min(fee, minimum)
