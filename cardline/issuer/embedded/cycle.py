"""When cycles close and bills fall due. Days of the issuer's calendar in, days out.

A cycle closes on the account's nominal day of the month (1 to 28), or on the first business day after it, up to four
days on: then cycles still count as equal ones (DOMAIN 1.7). A bill is due `payment_days` after the closing and never
before 21 days are over (`z.statement_lead`); that day is not moved when it is no business day (DOMAIN 1.2).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from cardline.clocks.calendars import Calendar
from cardline.clocks.days import DAY, add_months, business_days_before

MOST_SHIFT = 4  # days around the nominal one
LAST_NOMINAL_DAY = 28
LEAST_DAYS_TO_PAY = 21
NOTICE_DAYS = 3  # business days before autopay's date by which a stop or a dispute must be with us


def shifted(nominal: date, calendar: Calendar) -> date:
    """The day a cycle really closes. Raises CalendarEnds.

    The nominal day itself where an issuer is shut for longer than the shift may be.
    """
    forwards = [nominal + timedelta(days) for days in range(MOST_SHIFT + 1)]
    backwards = [nominal - timedelta(days) for days in range(1, MOST_SHIFT + 1)]
    return next((day for day in forwards + backwards if calendar.is_business_day(day)), nominal)


def nominals_closing_on(day: date, calendar: Calendar) -> list[date]:
    """The nominal days whose cycles close on this one: itself, and free ones around it. Raises CalendarEnds."""
    around = [day + timedelta(days) for days in range(-MOST_SHIFT, MOST_SHIFT + 1)]
    return [
        nominal for nominal in around if nominal.day <= LAST_NOMINAL_DAY and shifted(nominal, calendar) == day
    ]


def next_closing(closing_day: int, after: date, calendar: Calendar) -> date:
    """The first closing after a day, of cycles with this nominal day of the month. Raises CalendarEnds."""
    nominals = (add_months(after.replace(day=closing_day), months) for months in (-1, 0, 1, 2))
    return next(closing for nominal in nominals if (closing := shifted(nominal, calendar)) > after)


def last_closing(closing_day: int, before: date, calendar: Calendar) -> date:
    """The last closing before a day, of cycles with this nominal day of the month. Raises CalendarEnds."""
    nominals = (add_months(before.replace(day=closing_day), months) for months in (1, 0, -1, -2))
    return next(closing for nominal in nominals if (closing := shifted(nominal, calendar)) < before)


def closing_before(nominal: date, calendar: Calendar) -> date:
    """The closing of the cycle before the one with this nominal day. Raises CalendarEnds."""
    return shifted(add_months(nominal, -1), calendar)


def due_day(closing: date, payment_days: int) -> date:
    return closing + timedelta(max(LEAST_DAYS_TO_PAY, payment_days))


def days_of(opened_on: date, closed_on: date) -> list[date]:
    """The days of a cycle: after the first, up to and with the last."""
    return list(_from_to(opened_on + DAY, closed_on))


def last_day_to_stop(pays_on: date, calendar: Calendar) -> date:
    """Until the end of this day a notice still stops or changes autopay (`z.autopay_stop`). Raises CalendarEnds."""
    return business_days_before(pays_on, NOTICE_DAYS, calendar)


def _from_to(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += DAY
