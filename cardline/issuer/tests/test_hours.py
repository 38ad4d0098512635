"""Opening hours: ordinary weeks, shifts over midnight, holidays, and the nights the clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cardline.clocks.calendars import CalendarEnds, load_calendar
from cardline.issuer.hours import (
    BadHours,
    Hours,
    HoursUnstated,
    Interval,
    add_open_time,
    closes_at,
    is_open,
    open_spans,
    opens_at,
)

NEW_YORK = ZoneInfo("America/New_York")
FEDERAL = load_calendar("us-federal")
HOUR = timedelta(hours=1)


def weekly(*days: str, on_holidays: tuple[str, ...] | None = ()) -> Hours:
    """Hours from seven strings, Monday first, such as "08:00-12:00 13:00-20:00"; "" is closed."""
    week = tuple(tuple(Interval.parse(written) for written in day.split()) for day in days)
    holidays = None if on_holidays is None else tuple(Interval.parse(written) for written in on_holidays)
    return Hours("test", "weekly", NEW_YORK, FEDERAL, week, holidays)


OFFICE = weekly(*["08:00-20:00"] * 5, "", "")
LUNCH = weekly(*["09:00-12:00 13:00-17:00"] * 5, "09:00-12:00", "")
NIGHTS = weekly(*["22:00-06:00"] * 7, on_holidays=None)
ALWAYS = Hours("always", "always", NEW_YORK, FEDERAL)
UNSTATED = Hours("unstated", "unstated", NEW_YORK, FEDERAL)


def ny(written: str, *, fold: int = 0) -> datetime:
    """A New York wall-clock time as an instant in UTC."""
    return datetime.fromisoformat(written).replace(tzinfo=NEW_YORK, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("hours", "at", "open_"),
    [
        (OFFICE, "2026-11-23T07:59:59", False),
        (OFFICE, "2026-11-23T08:00", True),
        (OFFICE, "2026-11-23T19:59:59", True),
        (OFFICE, "2026-11-23T20:00", False),
        (OFFICE, "2026-11-22T12:00", False),  # Sunday
        (OFFICE, "2026-11-26T12:00", False),  # Thanksgiving
        (LUNCH, "2026-11-23T12:30", False),
        (NIGHTS, "2026-11-23T23:00", True),
        (NIGHTS, "2026-11-24T05:59", True),
        (NIGHTS, "2026-11-24T06:00", False),
        (NIGHTS, "2026-11-26T23:00", True),  # open as usual on holidays
        (ALWAYS, "2026-12-25T03:00", True),
        (UNSTATED, "2026-11-23T12:00", None),
    ],
)
def test_open_or_not(hours: Hours, at: str, open_: bool | None) -> None:
    assert is_open(hours, ny(at)) is open_


@pytest.mark.parametrize(
    ("hours", "at", "opens", "closes"),
    [
        (OFFICE, "2026-11-23T12:00", "2026-11-23T12:00", "2026-11-23T20:00"),
        (OFFICE, "2026-11-20T21:00", "2026-11-23T08:00", None),  # Friday night, opens Monday
        (OFFICE, "2026-11-25T21:00", "2026-11-27T08:00", None),  # over Thanksgiving
        (OFFICE, "2027-12-30T21:00", "2028-01-03T08:00", None),  # over the observed New Year and a weekend
        (LUNCH, "2026-11-23T10:00", "2026-11-23T10:00", "2026-11-23T12:00"),
        (NIGHTS, "2026-11-24T02:00", "2026-11-24T02:00", "2026-11-24T06:00"),
        (NIGHTS, "2026-11-24T12:00", "2026-11-24T22:00", None),
    ],
)
def test_opens_and_closes(hours: Hours, at: str, opens: str, closes: str | None) -> None:
    assert opens_at(hours, ny(at)) == ny(opens)
    assert closes_at(hours, ny(at)) == (ny(closes) if closes else None)


def test_what_never_closes_has_no_closing_time() -> None:
    at = ny("2026-11-23T12:00")
    assert (opens_at(ALWAYS, at), closes_at(ALWAYS, at)) == (at, None)
    whole_week = weekly(*["00:00-24:00"] * 7, on_holidays=None)
    assert (is_open(whole_week, at), closes_at(whole_week, at)) == (True, None)


def test_what_is_not_stated_is_not_guessed() -> None:
    at = ny("2026-11-23T12:00")
    assert (opens_at(UNSTATED, at), closes_at(UNSTATED, at)) == (None, None)
    with pytest.raises(HoursUnstated):
        add_open_time(UNSTATED, at, HOUR)


def test_shifts_that_touch_are_one_opening() -> None:
    two = weekly("08:00-24:00", "00:00-06:00", "", "", "", "", "")
    assert closes_at(two, ny("2026-11-23T09:00")) == ny("2026-11-24T06:00")


def test_a_holiday_may_have_hours_of_its_own() -> None:
    short = weekly(*["08:00-20:00"] * 5, "", "", on_holidays=("10:00-14:00",))
    assert closes_at(short, ny("2026-11-26T11:00")) == ny("2026-11-26T14:00")
    assert is_open(short, ny("2026-11-26T15:00")) is False


@pytest.mark.parametrize(
    ("at", "hours", "answered"),
    [
        ("2026-11-23T10:00", 4, "2026-11-23T14:00"),
        ("2026-11-23T18:00", 4, "2026-11-24T10:00"),  # two today, two tomorrow
        ("2026-11-20T18:00", 4, "2026-11-23T10:00"),  # over a weekend
        ("2026-11-25T18:00", 4, "2026-11-27T10:00"),  # over Thanksgiving
        ("2026-11-22T03:00", 0, "2026-11-23T08:00"),  # at once means when someone is there
        ("2026-11-23T18:00", 2, "2026-11-23T20:00"),  # exactly at closing
    ],
)
def test_open_time_is_counted_while_it_is_open(at: str, hours: int, answered: str) -> None:
    assert add_open_time(OFFICE, ny(at), hours * HOUR) == ny(answered)


def test_open_time_goes_forward_only() -> None:
    with pytest.raises(ValueError, match="forwards"):
        add_open_time(OFFICE, ny("2026-11-23T10:00"), -HOUR)


def test_hours_beyond_the_calendar_are_refused() -> None:
    with pytest.raises(CalendarEnds):
        is_open(OFFICE, ny("2036-06-02T10:00"))


def test_the_spring_night_is_an_hour_shorter() -> None:
    # 2026-03-08, 2:00 becomes 3:00.
    assert add_open_time(NIGHTS, ny("2026-03-07T22:00"), 7 * HOUR) == ny("2026-03-08T06:00")
    assert add_open_time(NIGHTS, ny("2026-03-14T22:00"), 8 * HOUR) == ny("2026-03-15T06:00")


def test_the_autumn_night_is_an_hour_longer() -> None:
    # 2026-11-01, 2:00 becomes 1:00.
    assert add_open_time(NIGHTS, ny("2026-10-31T22:00"), 9 * HOUR) == ny("2026-11-01T06:00")


def test_a_desk_that_closes_at_a_time_shown_twice_is_open_both_times() -> None:
    till_half_past_one = weekly(*["20:00-01:30"] * 7, on_holidays=None)
    assert is_open(till_half_past_one, ny("2026-11-01T01:15", fold=0))
    assert is_open(till_half_past_one, ny("2026-11-01T01:15", fold=1))
    assert closes_at(till_half_past_one, ny("2026-11-01T00:00")) == ny("2026-11-01T01:30", fold=1)


def test_a_desk_that_opens_at_a_time_that_is_skipped_opens_at_the_jump() -> None:
    from_half_past_two = weekly(*["02:30-04:00"] * 7, on_holidays=None)
    assert opens_at(from_half_past_two, ny("2026-03-08T00:00")) == ny("2026-03-08T03:00")


def test_a_shift_that_is_skipped_whole_is_left_out() -> None:
    inside_the_jump = weekly(*["02:10-02:50"] * 7, on_holidays=None)
    assert opens_at(inside_the_jump, ny("2026-03-08T00:00")) == ny("2026-03-09T02:10")


@pytest.mark.parametrize(
    ("days", "named"),
    [
        (["08:00-12:00 11:00-13:00", "", "", "", "", "", ""], "08:00-12:00 and 11:00-13:00"),
        (["22:00-02:00", "01:00-05:00", "", "", "", "", ""], "22:00-02:00 and 01:00-05:00"),
        (["01:00-05:00", "", "", "", "", "", "22:00-02:00"], "22:00-02:00 and 01:00-05:00"),
        ([""] * 7, "at least one interval"),
    ],
)
def test_a_week_that_cannot_be_is_refused(days: list[str], named: str) -> None:
    with pytest.raises(BadHours, match=named):
        weekly(*days)


@pytest.mark.parametrize(
    "written",
    ["8-20", "08:00", "08:60-09:00", "25:00-26:00", "08:00-08:00", "24:00-02:00", "ab:cd-ef:gh", ""],
)
def test_an_interval_that_cannot_be_read_is_refused(written: str) -> None:
    with pytest.raises(BadHours):
        Interval.parse(written)


@pytest.mark.parametrize("written", ["08:00-20:00", "22:00-02:00", "00:00-24:00", "18:30-24:00"])
def test_an_interval_is_written_as_it_was_read(written: str) -> None:
    assert str(Interval.parse(written)) == written


# ------------------------------------------------------------------------------------------- for any hours

minutes = st.integers(0, 24 * 60 - 1)
intervals = st.builds(lambda start, length: Interval(start, start + length), minutes, st.integers(1, 12 * 60))
weeks = st.lists(st.lists(intervals, max_size=2).map(tuple), min_size=7, max_size=7).map(tuple)
jumps = st.sampled_from(
    ["2026-03-08T07:00", "2026-11-01T06:00",  # New York
     "2026-03-29T01:00", "2026-10-25T01:00",  # London
     "2026-04-04T15:00", "2026-10-03T15:30"]  # Lord Howe, by half an hour
).map(lambda written: datetime.fromisoformat(written).replace(tzinfo=UTC))  # fmt: skip
near_a_jump = st.builds(
    lambda jump, minutes: jump + timedelta(minutes=minutes), jumps, st.integers(-1500, 1500)
)
any_time = st.datetimes(datetime(2024, 1, 5), datetime(2031, 6, 1), timezones=st.just(UTC))  # noqa: DTZ001
instants = near_a_jump | any_time
zones = st.sampled_from(["America/New_York", "Australia/Lord_Howe", "Europe/London", "UTC"]).map(ZoneInfo)


@st.composite
def any_hours(draw: st.DrawFn) -> Hours:
    try:
        return Hours("any", "weekly", draw(zones), FEDERAL, draw(weeks), draw(st.sampled_from([(), None])))
    except BadHours:
        assume(False)
        raise


@settings(deadline=None)
@given(any_hours(), instants)
def test_it_is_open_when_it_opens_and_closed_when_it_closes(hours: Hours, at: datetime) -> None:
    opens = opens_at(hours, at)
    assert opens is not None
    assert opens >= at
    assert is_open(hours, opens)
    assert (opens == at) is is_open(hours, at)
    closes = closes_at(hours, opens)
    assert closes is not None
    assert closes > opens
    assert not is_open(hours, closes)


@settings(deadline=None)
@given(any_hours(), instants, st.timedeltas(timedelta(0), timedelta(hours=3)))
def test_just_so_much_open_time_passes(hours: Hours, at: datetime, wanted: timedelta) -> None:
    until = add_open_time(hours, at, wanted)
    passed = timedelta(0)
    for opens, closes in open_spans(hours, at):
        if opens >= until:
            break
        passed += min(closes, until) - max(opens, at)
    assert passed == wanted


@settings(deadline=None)
@given(any_hours(), instants)
def test_the_wall_clock_decides(hours: Hours, at: datetime) -> None:
    """A slow second opinion: look at the local minute and at the shifts of yesterday and today."""
    local = at.astimezone(hours.zone)
    # In the hour shown twice a desk that opens stays open, and one that closes does so the second time.
    assume(local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset())
    minute = local.hour * 60 + local.minute
    today = any(shift.start <= minute < shift.end for shift in hours.intervals_of(local.date()))
    before = hours.intervals_of(local.date() - timedelta(days=1))
    yesterday = any(shift.start <= minute + 24 * 60 < shift.end for shift in before)
    assert is_open(hours, at) is (today or yesterday)
