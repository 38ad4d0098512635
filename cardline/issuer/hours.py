"""Opening hours in the issuer's zone: open now, opens when, closes when, and adding open time.

Hours say what an issuer publishes. Where it publishes nothing they are *unstated*, and every question about
them is answered with None rather than with a guess.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from cardline.clocks.calendars import Calendar
from cardline.clocks.local import instant_of, local_date

DAY = timedelta(days=1)
MINUTES_A_DAY = 24 * 60
MINUTES_A_WEEK = 7 * MINUTES_A_DAY
# A desk that has not closed within this time is spoken of as one that never closes.
LONGEST_OPENING = timedelta(days=366)


class BadHours(ValueError):
    """These intervals cannot be opening hours; the message says which and why."""


class HoursUnstated(ValueError):
    """A time was to be computed from hours that the issuer does not state."""


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """Open from one wall-clock minute to another, counted from midnight of the day it begins on.

    `end` is exclusive and may lie on the next day: 22:00 to 02:00 is Interval(1320, 1560).
    """

    start: int
    end: int

    @classmethod
    def parse(cls, written: str) -> Interval:
        """Read "08:00-20:00", "22:00-02:00" (crosses midnight) or "00:00-24:00". Raises BadHours."""
        start, dash, end = written.partition("-")
        if not dash:
            raise BadHours(f"{written!r} is not an interval such as 08:00-20:00")
        opens, closes = _minute(start, written), _minute(end, written)
        if opens in (MINUTES_A_DAY, closes):
            raise BadHours(f"{written!r} is never open")
        return cls(opens, closes if closes > opens else closes + MINUTES_A_DAY)

    def __str__(self) -> str:
        end = self.end if self.end <= MINUTES_A_DAY else self.end - MINUTES_A_DAY
        return f"{_written(self.start)}-{_written(end)}"


Week = tuple[tuple[Interval, ...], ...]


@dataclass(frozen=True, slots=True)
class Hours:
    """One named table of opening hours.

    kind:         "always" (day and night, holidays too), "weekly", or "unstated"
    week:         seven tuples of intervals, Monday first; empty unless weekly
    on_holidays:  intervals of a holiday; () closed, None as on any such weekday
    """

    id: str
    kind: Literal["always", "weekly", "unstated"]
    zone: ZoneInfo
    calendar: Calendar
    week: Week = ()
    on_holidays: tuple[Interval, ...] | None = ()

    def __post_init__(self) -> None:
        if self.kind == "weekly":
            check_week(self.week)
            check_day(self.on_holidays or ())

    def intervals_of(self, day: date) -> tuple[Interval, ...]:
        """The intervals that begin on a local date. Raises CalendarEnds where holidays are not known."""
        if self.on_holidays is not None and self.calendar.is_holiday(day):
            return self.on_holidays
        return self.week[day.weekday()]


def is_open(hours: Hours, at: datetime) -> bool | None:
    """Whether somebody is there at this instant; None when the issuer does not say. Raises CalendarEnds."""
    if hours.kind != "weekly":
        return True if hours.kind == "always" else None
    start, end = _span_around_or_after(hours, at)
    return start <= at < end


def opens_at(hours: Hours, at: datetime) -> datetime | None:
    """The first open instant from `at` on, in UTC: `at` itself when open. None when unstated."""
    if hours.kind != "weekly":
        return at if hours.kind == "always" else None
    start, _ = _span_around_or_after(hours, at)
    return max(start, at)


def closes_at(hours: Hours, at: datetime) -> datetime | None:
    """When the opening that `at` lies in ends, in UTC. None when closed, unstated, or never closing."""
    if hours.kind != "weekly":
        return None
    start, end = _span_around_or_after(hours, at)
    return end if start <= at and end - start < LONGEST_OPENING else None


def add_open_time(hours: Hours, start: datetime, duration: timedelta) -> datetime:
    """The instant, in UTC, by which `duration` of open time has passed since `start`.

    With no duration it is the next instant that is open. Raises HoursUnstated, ValueError for a negative
    duration, CalendarEnds past the calendar.
    """
    if duration < timedelta(0):
        raise ValueError("open time is added forwards only")
    if hours.kind == "unstated":
        raise HoursUnstated(
            f"the hours {hours.id!r} are not stated, so no answer time can be promised from them"
        )
    if hours.kind == "always":
        return start + duration
    for opens, closes in open_spans(hours, start):
        opens = max(opens, start)
        if duration <= closes - opens:
            return opens + duration
        duration -= closes - opens
    raise AssertionError("weekly hours never end")


def open_spans(hours: Hours, after: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The openings that end after an instant, in order, in UTC, joined where they touch. Weekly only."""
    held: tuple[datetime, datetime] | None = None
    for opens, closes in _pieces(hours, local_date(after, hours.zone) - 2 * DAY):
        if held is None:
            held = (opens, closes)
        elif opens <= held[1] and held[1] - held[0] < LONGEST_OPENING:
            held = (held[0], max(held[1], closes))
        else:
            if held[1] > after:
                yield held
            held = (opens, closes)


def _span_around_or_after(hours: Hours, at: datetime) -> tuple[datetime, datetime]:
    return next(open_spans(hours, at))


def _pieces(hours: Hours, day: date) -> Iterator[tuple[datetime, datetime]]:
    """Each interval from a local date on, as instants, less those a clock change swallows whole."""
    while True:
        for interval in sorted(hours.intervals_of(day)):
            opens = _instant(day, interval.start, hours.zone, latest=False)
            closes = _instant(day, interval.end, hours.zone, latest=True)
            if opens < closes:
                yield opens, closes
        day += DAY


def _instant(day: date, minute: int, zone: ZoneInfo, *, latest: bool) -> datetime:
    days, minute = divmod(minute, MINUTES_A_DAY)
    return instant_of(day + days * DAY, time(minute // 60, minute % 60), zone, latest=latest).astimezone(UTC)


def check_week(week: Week) -> None:
    """Refuse a week that is never open, or whose intervals overlap, midnight included. Raises BadHours."""
    if len(week) != 7 or not any(week):
        raise BadHours(
            "weekly hours need seven days and at least one interval; where nothing is stated say so"
        )
    spans = sorted(
        (day * MINUTES_A_DAY + interval.start, day * MINUTES_A_DAY + interval.end, interval)
        for day, intervals in enumerate(week)
        for interval in intervals
    )
    first = spans[0]
    spans.append((first[0] + MINUTES_A_WEEK, first[1] + MINUTES_A_WEEK, first[2]))
    _check_order(spans)


def check_day(intervals: Sequence[Interval]) -> None:
    """Refuse intervals of one day that overlap. Raises BadHours."""
    _check_order(sorted((interval.start, interval.end, interval) for interval in intervals))


def _check_order(spans: list[tuple[int, int, Interval]]) -> None:
    for (_, end, earlier), (start, _, later) in zip(spans, spans[1:], strict=False):
        if start < end:
            raise BadHours(f"{earlier} and {later} overlap")


def _minute(written: str, whole: str) -> int:
    hour, colon, minute = written.strip().partition(":")
    if not (colon and hour.isdigit() and minute.isdigit() and len(hour) == len(minute) == 2):
        raise BadHours(f"{whole!r} is not an interval such as 08:00-20:00")
    minutes = int(hour) * 60 + int(minute)
    if int(minute) > 59 or minutes > MINUTES_A_DAY:
        raise BadHours(f"{written.strip()!r} in {whole!r} is no time of day")
    return minutes


def _written(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
