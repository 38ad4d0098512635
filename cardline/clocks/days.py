"""Counting days: calendar days, business days, weeks, months, and the act-by date."""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR, date, timedelta

from cardline.clocks.calendars import Calendar

DAY = timedelta(days=1)


def is_business_day(day: date, calendar: Calendar) -> bool:
    """Whether the issuer's offices are open that day. Raises CalendarEnds."""
    return calendar.is_business_day(day)


def add_days(start: date, days: int) -> date:
    """`days` calendar days on. The start day is day 0; a weekend or holiday at the end stays where it is."""
    return start + timedelta(days=days)


def add_weeks(start: date, weeks: int) -> date:
    """`weeks` times seven calendar days on."""
    return start + timedelta(weeks=weeks)


def add_months(start: date, months: int) -> date:
    """The same day number `months` on, or the last day of a shorter month: 31 May + 1 month = 30 June.

    `months` may be negative. Raises OverflowError before the year 1 and after 9999, as adding days does.
    """
    year, month0 = divmod(start.year * 12 + start.month - 1 + months, 12)
    if not MINYEAR <= year <= MAXYEAR:
        raise OverflowError(f"{months} months from {start.isoformat()} lie outside the calendar")
    for day in range(start.day, 27, -1):
        try:
            return date(year, month0 + 1, day)
        except ValueError:
            continue
    return date(year, month0 + 1, start.day)


def add_business_days(start: date, days: int, calendar: Calendar) -> date:
    """The `days`-th business day after `start`, which is itself never counted (Reg E, comment 6(b)(1)-3).

    With 0 days it is `start`, whatever day that is. Raises ValueError for fewer, CalendarEnds past the
    calendar.
    """
    if days < 0:
        raise ValueError(f"business days are counted forwards, not {days}; see business_days_before")
    day = start
    while days:
        day += DAY
        days -= calendar.is_business_day(day)
    return day


def business_days_before(start: date, days: int, calendar: Calendar) -> date:
    """The `days`-th business day before `start`, itself never counted. Raises as add_business_days."""
    if days < 0:
        raise ValueError(f"business days before a date cannot be {days}")
    day = start
    while days:
        day -= DAY
        days -= calendar.is_business_day(day)
    return day


def last_business_day_on_or_before(day: date, calendar: Calendar) -> date:
    """The act-by date of a due date: the last day on which somebody is there to act. Raises CalendarEnds."""
    while not calendar.is_business_day(day):
        day -= DAY
    return day


def next_business_day_on_or_after(day: date, calendar: Calendar) -> date:
    """The first business day from this day on. Raises CalendarEnds."""
    while not calendar.is_business_day(day):
        day += DAY
    return day
