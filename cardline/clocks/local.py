"""Between instants and the issuer's wall clock; correct on the nights the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

SECOND = timedelta(seconds=1)
END_OF_DAY = time(23, 59, 59)


@cache
def known_zones() -> frozenset[str]:
    """The names of the IANA database here. Kept, because looking them up walks through hundreds of files."""
    return frozenset(available_timezones())


def local_date(instant: datetime, zone: ZoneInfo) -> date:
    """The issuer's date at an instant. 20:15 in New York counts for that day though UTC is in the next.

    instant: aware. Raises ValueError for a naive one.
    """
    return _aware(instant).astimezone(zone).date()


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The last whole second of a local day, in UTC: until then a due date is met."""
    return instant_of(day, END_OF_DAY, zone, latest=True)


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a local day, in UTC (not always midnight: some zones skip it)."""
    return instant_of(day, time(0), zone)


def instant_of(day: date, at: time, zone: ZoneInfo, *, latest: bool = False) -> datetime:
    """The instant, in UTC, at which the issuer's wall clock shows a date and a time.

    Shown twice (autumn): the first, or the second with `latest`. Never shown (spring): the instant of the
    jump, so that a desk opening or closing at 2:30 on that night does so when the clock passes that point.
    """
    wall = datetime.combine(day, at)
    early = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    late = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if late < early:  # the wall time is skipped; the jump lies between the two readings
        return _jump(late, early, zone)
    return late if latest else early


def _jump(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The first whole second, after `before`, at which the zone's offset is the one of `after`."""
    offset = after.astimezone(zone).utcoffset()
    while after - before > SECOND:
        middle = before + timedelta(seconds=(after - before) // SECOND // 2)
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone; pass aware UTC")
    return instant
