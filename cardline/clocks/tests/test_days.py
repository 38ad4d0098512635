"""Counting days: worked examples, and what holds for every date."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardline.clocks.calendars import Calendar, CalendarEnds, load_calendar
from cardline.clocks.days import (
    add_business_days,
    add_days,
    add_months,
    add_weeks,
    business_days_before,
    is_business_day,
    last_business_day_on_or_before,
    next_business_day_on_or_after,
)

FEDERAL = load_calendar("us-federal")
# A year of room on either side of the loaded ones, so that counting stays inside.
dates = st.dates(date(2025, 1, 1), date(2034, 12, 31))
calendars = st.sampled_from(["us-federal", "us-frb", "gb-eng", "ca", "au"]).map(load_calendar)


@pytest.mark.parametrize(
    ("calendar", "start", "days", "due"),
    [
        # Ten business days over Juneteenth, whose start day does not count.
        ("us-federal", "2026-06-12", 10, "2026-06-29"),
        # Learned on a Friday; the weekend and Washington's Birthday do not count.
        ("us-federal", "2026-02-13", 2, "2026-02-18"),
        # Fifteen over Good Friday and Easter Monday.
        ("gb-eng", "2026-03-30", 15, "2026-04-22"),
        # Over the observed holiday on the last day of 2027.
        ("us-federal", "2027-12-30", 1, "2028-01-03"),
        # From a Saturday the first business day is Monday.
        ("us-federal", "2026-11-21", 1, "2026-11-23"),
        ("us-federal", "2026-11-21", 0, "2026-11-21"),
    ],
)
def test_business_days_are_counted_without_the_start_day(
    calendar: str, start: str, days: int, due: str
) -> None:
    assert add_business_days(date.fromisoformat(start), days, load_calendar(calendar)).isoformat() == due


@pytest.mark.parametrize(
    ("calendar", "due", "act_by"),
    [
        ("us-federal", "2026-10-04", "2026-10-02"),  # a Sunday
        ("us-federal", "2026-06-20", "2026-06-18"),  # a Saturday after a Friday holiday
        ("au", "2026-04-04", "2026-04-02"),  # Saturday of Easter
        ("us-federal", "2026-04-01", "2026-04-01"),  # a plain Wednesday
    ],
)
def test_the_act_by_date_is_the_last_business_day_on_or_before(calendar: str, due: str, act_by: str) -> None:
    found = last_business_day_on_or_before(date.fromisoformat(due), load_calendar(calendar))
    assert found.isoformat() == act_by


def test_calendar_days_do_not_roll_forward_from_a_sunday() -> None:
    assert add_days(date(2026, 1, 30), 30) == date(2026, 3, 1)
    assert date(2026, 3, 1).strftime("%a") == "Sun"
    assert add_weeks(date(2026, 1, 30), 8) == date(2026, 3, 27)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-05-31", 1, "2026-06-30"),
        ("2027-01-31", 1, "2027-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2026-12-15", 13, "2028-01-15"),
        ("2026-03-31", -1, "2026-02-28"),
    ],
)
def test_months_keep_the_day_or_end_with_the_month(start: str, months: int, end: str) -> None:
    assert add_months(date.fromisoformat(start), months).isoformat() == end


def test_counting_past_the_calendar_is_refused() -> None:
    with pytest.raises(CalendarEnds):
        add_business_days(date(2035, 12, 28), 10, FEDERAL)


def test_business_days_are_not_counted_backwards_by_a_minus() -> None:
    with pytest.raises(ValueError, match="business_days_before"):
        add_business_days(date(2026, 6, 12), -1, FEDERAL)


@settings(deadline=None)
@given(dates, st.integers(1, 60), calendars)
def test_exactly_so_many_business_days_lie_between(start: date, days: int, calendar: Calendar) -> None:
    due = add_business_days(start, days, calendar)
    between = (start + timedelta(days=n) for n in range(1, (due - start).days + 1))
    assert sum(is_business_day(day, calendar) for day in between) == days
    assert is_business_day(due, calendar)


@settings(deadline=None)
@given(dates, st.integers(1, 60), calendars)
def test_going_back_as_many_business_days_returns_to_the_day_before_the_first(
    start: date, days: int, calendar: Calendar
) -> None:
    start = next_business_day_on_or_after(start, calendar)
    assert business_days_before(add_business_days(start, days, calendar), days, calendar) == start


@settings(deadline=None)
@given(dates, calendars)
def test_act_by_is_never_late_and_never_a_day_off(due: date, calendar: Calendar) -> None:
    act_by = last_business_day_on_or_before(due, calendar)
    assert act_by <= due
    assert calendar.is_business_day(act_by)
    skipped = (act_by + timedelta(days=n) for n in range(1, (due - act_by).days + 1))
    assert not any(calendar.is_business_day(day) for day in skipped)


@settings(deadline=None)
@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(-240, 240))
def test_a_month_later_is_in_that_month_and_never_past_its_day(start: date, months: int) -> None:
    end = add_months(start, months)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
    assert end.day == start.day or (end.day < start.day and (end + timedelta(days=1)).day == 1)
