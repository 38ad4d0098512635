"""Decisions about payments: what is left to pay, what can still be mended, when to look again. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cardline.clocks.calendars import Calendar
from cardline.clocks.days import DAY, add_business_days, add_months
from cardline.clocks.local import instant_of
from cardline.issuer.core import Account, Due, Payment, PaymentKind, PaymentState
from cardline.kit.money import Money

MOST_MONTHS_AHEAD = 12  # the core's own bound ("too_far"), told before somebody runs into it
LOOK_AT = time(0, 30)  # when a day is over and the core has worked it off
LOOK_AGAIN = timedelta(minutes=10)  # where it has not yet
# A bank has two business days to give a payment back, and its word may be late.
DAYS_FOLLOWED = 5

COMING = (PaymentState.SCHEDULED, PaymentState.SENT)


@dataclass(frozen=True, slots=True)
class Left:
    """What is still to be paid once everything that is on its way has arrived; never below nothing.

    statement, minimum: of the last statement. owed: all of it. most: what the core takes at most, with what is
    pending.
    """

    statement: Money
    minimum: Money
    owed: Money
    most: Money


def left_to_pay(account: Account, due: Due, coming: Iterable[Payment]) -> Left:
    """coming: payments scheduled or sent. What autopay has planned is not taken off: a payment of one's own makes it
    smaller, so it hinders nobody.
    """
    nothing = Money(0, due.balance.currency)
    own = [one for one in coming if one.kind != PaymentKind.AUTOPAY or one.state == PaymentState.SENT]
    all_of_it = sum((one.amount for one in own), nothing)
    in_time = sum((one.amount for one in own if due.on is None or one.on <= due.on), nothing)
    sent = sum((one.amount for one in own if one.state == PaymentState.SENT), nothing)
    return Left(
        statement=max(nothing, due.statement - in_time),
        minimum=max(nothing, due.minimum - in_time),
        owed=max(nothing, due.balance - all_of_it),
        most=max(nothing, account.balance + account.pending - sent),
    )


def is_to_be_mended(payment: Payment, left: Left, today: date) -> bool:
    """Given back by the bank, with time left to pay again, and not paid again yet."""
    has_time = payment.mend_by is not None and payment.mend_by >= today
    return payment.state == PaymentState.FAILED and has_time and left.statement.amount_minor > 0


def last_day_to_plan(today: date) -> date:
    return add_months(today, MOST_MONTHS_AHEAD)


def next_look(payment: Payment, now: datetime, zone: ZoneInfo, calendar: Calendar) -> datetime | None:
    """When to ask what became of a payment; None once nothing more can."""
    if payment.state in (PaymentState.CANCELLED, PaymentState.FAILED):
        return None
    counts_on = payment.value_on or payment.on
    if payment.state in COMING:
        return max(_after(counts_on, zone), now + LOOK_AGAIN)
    settled = _after(add_business_days(counts_on, DAYS_FOLLOWED, calendar), zone)
    return None if now >= settled else min(settled, tomorrow(now, zone))


def tomorrow(now: datetime, zone: ZoneInfo) -> datetime:
    """When the day that runs is over, and the core has worked it off."""
    return _after(now.astimezone(zone).date(), zone)


def _after(day: date, zone: ZoneInfo) -> datetime:
    return instant_of(day + DAY, LOOK_AT, zone)
