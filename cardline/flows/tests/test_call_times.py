"""When somebody can be called: open time alone, on clocks that exist."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from cardline.flows.call_times import (
    AFTERNOON,
    MORNING,
    Wish,
    at_a_time,
    days_to_call,
    in_a_part,
    nearest,
    read_time,
)
from cardline.issuer.hours import Hours, HoursUnstated, Interval
from cardline.issuer.profile import current_profile

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)  # a Tuesday, 10 am in New York; Thursday is a holiday
TUESDAY, WEDNESDAY = date(2026, 11, 24), date(2026, 11, 25)
SUNDAY = date(2027, 3, 14)  # the clocks jump from 2 to 3


def hours(*written: str, on_sundays: tuple[str, ...] = ()) -> Hours:
    profile = current_profile()
    day = tuple(Interval.parse(one) for one in written or ("09:00-17:00",))
    week = (day, day, day, day, day, (), tuple(Interval.parse(one) for one in on_sundays))
    return Hours("test", "weekly", profile.zone, profile.calendar, week)


ALWAYS = replace(hours(), kind="always", week=())


def utc(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def test_the_days_are_business_days_without_holidays() -> None:
    found = days_to_call(hours(), current_profile().calendar, NOW)
    assert [day.day for day in found] == [25, 27, 30, 1, 2]


def test_days_on_which_nobody_is_there_are_left_out() -> None:
    week = hours().week
    closed = replace(hours(), week=(*week[:2], (), *week[3:]))
    found = days_to_call(closed, current_profile().calendar, NOW)
    assert date(2026, 11, 25) not in found and len(found) == 3


@pytest.mark.parametrize(
    ("part", "start", "until"), [(MORNING, utc(25, 14), utc(25, 17)), (AFTERNOON, utc(25, 17), utc(25, 22))]
)
def test_a_part_of_a_day_is_its_open_time(part: str, start: datetime, until: datetime) -> None:
    assert in_a_part(hours(), WEDNESDAY, part, NOW) == Wish(start, until)


def test_of_a_part_under_way_the_rest_is_left_and_one_that_is_over_is_past() -> None:
    assert in_a_part(hours(), TUESDAY, MORNING, NOW) == Wish(NOW, utc(24, 17))
    late = utc(24, 18)
    assert in_a_part(hours(), TUESDAY, MORNING, late) == Wish(refused="past", nearest=late)


def test_a_closed_part_gets_the_nearest_there_is() -> None:
    evenings = hours("13:00-17:00")
    assert in_a_part(evenings, WEDNESDAY, MORNING, NOW) == Wish(refused="closed", nearest=utc(25, 18))


@pytest.mark.parametrize(
    ("written", "wish"),
    [
        ("10:30", Wish(utc(25, 15, 30), utc(25, 15, 30))),
        ("2 p.m.", Wish(utc(25, 19), utc(25, 19))),
        ("9", Wish(utc(25, 14), utc(25, 14))),
        ("17:00", Wish(refused="closed", nearest=utc(25, 21, 45))),
        ("7:00", Wish(refused="closed", nearest=utc(25, 14))),
        ("noonish", Wish(refused="unreadable")),
    ],
)
def test_a_time_of_an_open_day(written: str, wish: Wish) -> None:
    assert at_a_time(hours(), WEDNESDAY, written, NOW) == wish


def test_a_time_that_is_over_gets_the_nearest_ahead() -> None:
    assert at_a_time(hours(), TUESDAY, "9:30", NOW) == Wish(refused="past", nearest=NOW)


def test_a_time_the_clocks_leave_out_does_not_exist() -> None:
    there = hours(on_sundays=("01:00-05:00",))
    wish = at_a_time(there, SUNDAY, "2:30", NOW)
    assert wish == Wish(refused="no_such_time", nearest=datetime(2027, 3, 14, 7, tzinfo=UTC))
    assert at_a_time(there, SUNDAY, "3:30", NOW).start == datetime(2027, 3, 14, 7, 30, tzinfo=UTC)


def test_a_time_the_clocks_show_twice_is_the_first() -> None:
    there = hours(on_sundays=("00:00-05:00",))
    assert at_a_time(there, date(2027, 11, 7), "1:30", NOW).start == datetime(2027, 11, 7, 5, 30, tzinfo=UTC)


def test_day_and_night_every_time_will_do() -> None:
    assert at_a_time(ALWAYS, SUNDAY, "4:30", NOW).start == datetime(2027, 3, 14, 8, 30, tzinfo=UTC)
    assert nearest(ALWAYS, utc(23, 0), NOW) == NOW


def test_where_hours_are_not_stated_nothing_is_offered() -> None:
    with pytest.raises(HoursUnstated):
        days_to_call(replace(hours(), kind="unstated", week=()), current_profile().calendar, NOW)


@pytest.mark.parametrize(
    ("written", "read"),
    [("10:30", time(10, 30)), ("2 pm", time(14)), ("12am", time(0)), ("12:15 p.m.", time(12, 15)),
     ("14h05", time(14, 5)), ("25:00", None), ("13 pm", None), ("10:60", None), ("", None)],
)  # fmt: skip
def test_times_as_people_write_them(written: str, read: time | None) -> None:
    assert read_time(written) == read
