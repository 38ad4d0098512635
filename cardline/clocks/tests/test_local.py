"""The issuer's wall clock on ordinary days and on the nights it jumps."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardline.clocks.local import end_of_day, instant_of, local_date, start_of_day

NEW_YORK = ZoneInfo("America/New_York")
zones = st.sampled_from(
    ["America/New_York", "America/Chicago", "Europe/London", "Australia/Sydney", "Australia/Lord_Howe",
     "America/Havana", "Asia/Kathmandu", "Pacific/Auckland", "UTC"]
).map(ZoneInfo)  # fmt: skip
dates = st.dates(date(2024, 1, 1), date(2035, 12, 30))


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


def test_an_evening_notice_counts_for_the_local_day() -> None:
    # 20:15 in New York is already the next day in UTC.
    assert local_date(utc(2026, 11, 24, 1, 15), NEW_YORK) == date(2026, 11, 23)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        local_date(datetime(2026, 11, 24, 1, 15), NEW_YORK)  # noqa: DTZ001 - what is refused


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2026, 7, 1), utc(2026, 7, 2, 3, 59, 59)),  # summer time
        (date(2026, 12, 1), utc(2026, 12, 2, 4, 59, 59)),  # winter time
        (date(2026, 3, 8), utc(2026, 3, 9, 3, 59, 59)),  # the day the clock goes forward has 23 hours
        (date(2026, 11, 1), utc(2026, 11, 2, 4, 59, 59)),  # the day it goes back has 25
        (date(2027, 12, 31), utc(2028, 1, 1, 4, 59, 59)),
    ],
)
def test_a_due_date_is_met_until_the_last_second_of_the_local_day(day: date, end: datetime) -> None:
    assert end_of_day(day, NEW_YORK) == end


def test_a_time_shown_twice_has_a_first_and_a_last_instant() -> None:
    twice = (date(2026, 11, 1), time(1, 30), NEW_YORK)
    assert instant_of(*twice) == utc(2026, 11, 1, 5, 30)
    assert instant_of(*twice, latest=True) == utc(2026, 11, 1, 6, 30)


def test_a_time_never_shown_means_the_instant_of_the_jump() -> None:
    never = (date(2026, 3, 8), time(2, 30), NEW_YORK)
    assert instant_of(*never) == instant_of(*never, latest=True) == utc(2026, 3, 8, 7, 0)


def test_a_day_that_has_no_midnight_starts_at_the_jump() -> None:
    # Havana goes from 0:00 to 1:00 on the second Sunday of March.
    assert start_of_day(date(2026, 3, 8), ZoneInfo("America/Havana")) == utc(2026, 3, 8, 5, 0)


@settings(deadline=None)
@given(dates, zones)
def test_days_follow_each_other_without_gap_or_overlap(day: date, zone: ZoneInfo) -> None:
    tomorrow = start_of_day(day + timedelta(days=1), zone)
    assert end_of_day(day, zone) + timedelta(seconds=1) == tomorrow
    assert local_date(end_of_day(day, zone), zone) == day
    assert local_date(tomorrow, zone) == day + timedelta(days=1)


@settings(deadline=None)
@given(dates, st.times(), zones)
def test_the_clock_shows_the_wall_time_at_its_instant_or_jumps_over_it(
    day: date, at: time, zone: ZoneInfo
) -> None:
    wall = datetime.combine(day, at.replace(microsecond=0))
    first, last = (instant_of(day, wall.time(), zone, latest=latest) for latest in (False, True))
    shown = {instant.astimezone(zone).replace(tzinfo=None) for instant in (first, last)}
    if shown == {wall}:
        assert last - first <= timedelta(hours=1)
    else:
        (jump,) = shown
        just_before = (first - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None)
        assert just_before < wall < jump
