"""The calendars against lists typed by hand from the published ones, for 2026 and 2027."""

from __future__ import annotations

from datetime import date

import pytest

from cardline.clocks.calendars import CalendarEnds, UnknownCalendar, calendar_ids, load_calendar
from cardline.clocks.holidays import easter_sunday

# Weekdays that are free. Typed from: OPM and Federal Reserve holiday schedules, GOV.UK bank holidays, the
# Canada Labour Code's list, and the Fair Work Act's list with the substitute days all states declare.
FREE_WEEKDAYS = {
    "us-federal": """
        2026-01-01 2026-01-19 2026-02-16 2026-05-25 2026-06-19 2026-07-03 2026-09-07 2026-10-12 2026-11-11
        2026-11-26 2026-12-25
        2027-01-01 2027-01-18 2027-02-15 2027-05-31 2027-06-18 2027-07-05 2027-09-06 2027-10-11 2027-11-11
        2027-11-25 2027-12-24 2027-12-31
    """,
    "us-frb": """
        2026-01-01 2026-01-19 2026-02-16 2026-05-25 2026-06-19 2026-09-07 2026-10-12 2026-11-11 2026-11-26
        2026-12-25
        2027-01-01 2027-01-18 2027-02-15 2027-05-31 2027-07-05 2027-09-06 2027-10-11 2027-11-11 2027-11-25
    """,
    "gb-eng": """
        2026-01-01 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-08-31 2026-12-25 2026-12-28
        2027-01-01 2027-03-26 2027-03-29 2027-05-03 2027-05-31 2027-08-30 2027-12-27 2027-12-28
    """,
    "ca": """
        2026-01-01 2026-04-03 2026-05-18 2026-07-01 2026-09-07 2026-09-30 2026-10-12 2026-11-11 2026-12-25
        2026-12-28
        2027-01-01 2027-03-26 2027-05-24 2027-07-01 2027-09-06 2027-09-30 2027-10-11 2027-11-11 2027-12-27
        2027-12-28
    """,
    "au": """
        2026-01-01 2026-01-26 2026-04-03 2026-04-06 2026-12-25 2026-12-28
        2027-01-01 2027-01-26 2027-03-26 2027-03-29 2027-12-27 2027-12-28
    """,
}


@pytest.mark.parametrize("calendar_id", FREE_WEEKDAYS)
def test_a_calendar_has_exactly_the_published_days_of_2026_and_2027(calendar_id: str) -> None:
    free = {
        day for day in load_calendar(calendar_id).holidays if day.year in (2026, 2027) and day.weekday() < 5
    }
    assert free == {date.fromisoformat(day) for day in FREE_WEEKDAYS[calendar_id].split()}


def test_every_shipped_calendar_is_checked_here() -> None:
    assert set(calendar_ids()) == set(FREE_WEEKDAYS)


def test_new_year_2028_is_taken_on_the_last_day_of_2027() -> None:
    federal = load_calendar("us-federal")
    assert not federal.is_business_day(date(2027, 12, 31))
    assert federal.holiday_name(date(2027, 12, 31)) == "New Year's Day (observed)"
    # Reserve Banks stay open on the Friday before a Saturday holiday.
    assert load_calendar("us-frb").is_business_day(date(2027, 12, 31))


def test_christmas_and_boxing_day_on_a_weekend_take_two_other_days() -> None:
    england = load_calendar("gb-eng")
    # 2033: Christmas is a Sunday, Boxing Day the Monday, so Christmas moves past it.
    assert [england.is_business_day(date(2033, 12, day)) for day in (26, 27, 28)] == [False, False, True]


def test_an_issuer_adds_and_removes_days() -> None:
    federal = load_calendar("us-federal")
    christmas_eve, columbus_day = date(2026, 12, 24), date(2026, 10, 12)
    own = federal.changed(added=[columbus_day], removed=[christmas_eve])
    assert (own.is_business_day(columbus_day), own.is_business_day(christmas_eve)) == (True, False)
    assert (own.is_holiday(columbus_day), own.is_holiday(christmas_eve)) == (False, True)
    # The shipped calendar is not touched by it.
    assert not federal.is_business_day(columbus_day)
    assert federal.is_business_day(christmas_eve)


def test_an_issuer_open_on_saturdays_says_so() -> None:
    saturday = date(2026, 11, 21)
    assert not load_calendar("us-federal").is_business_day(saturday)
    assert load_calendar("us-federal").changed(business_weekdays=range(6)).is_business_day(saturday)


@pytest.mark.parametrize("day", [date(2023, 12, 31), date(2036, 1, 1)])
def test_a_day_outside_the_loaded_years_is_refused_with_the_remedy(day: date) -> None:
    with pytest.raises(CalendarEnds, match=r"2024 to 2035.*calendars\.toml"):
        load_calendar("us-federal").is_business_day(day)


def test_an_unknown_calendar_names_those_there_are() -> None:
    with pytest.raises(UnknownCalendar) as refusal:
        load_calendar("us-fed")
    assert "us-federal" in str(refusal.value)


def test_easter_falls_where_almanacs_say() -> None:
    assert [easter_sunday(year).isoformat() for year in (2024, 2025, 2026, 2027, 2035, 2038)] == [
        "2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28", "2035-03-25", "2038-04-25",
    ]  # fmt: skip
