"""When somebody can be called: the issuer's open time on the days ahead, and what a wished time comes to. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from cardline.clocks.calendars import Calendar
from cardline.clocks.days import add_business_days
from cardline.clocks.local import instant_of, local_date
from cardline.issuer.hours import Hours, HoursUnstated, open_spans

DAYS_AHEAD = 5  # business days one can choose among; a keypad takes no more
NOON = time(12)
BEGINS, ENDS = time(8), time(18)  # of a morning and an afternoon: where somebody is there at night, too
MORNING, AFTERNOON = "morning", "afternoon"
LAST_CALL = timedelta(minutes=15)  # before we close, so that there is time to speak
_LOOKED_AT = timedelta(days=15)  # ahead, for the nearest possible time: past every row of closed days
_WRITTEN = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?\s*([ap])?\.?\s?(?:m\.?)?", re.IGNORECASE)

Span = tuple[datetime, datetime]  # UTC; the end is no part of it


@dataclass(frozen=True, slots=True)
class Wish:
    """start, until: when we call; the same instant for a time, None where it cannot be. refused: why not: "past",
    "closed", "no_such_time", "unreadable". nearest: when it could be instead, UTC.
    """

    start: datetime | None = None
    until: datetime | None = None
    refused: str = ""
    nearest: datetime | None = None


def days_to_call(hours: Hours, calendar: Calendar, now: datetime) -> list[date]:
    """The next business days on which somebody is there. Raises HoursUnstated, CalendarEnds."""
    days, day = [], local_date(now, hours.zone)
    for _ in range(DAYS_AHEAD):
        day = add_business_days(day, 1, calendar)
        if _open_on(hours, day):
            days.append(day)
    return days


def in_a_part(hours: Hours, day: date, part: str, now: datetime) -> Wish:
    """The open time of a morning or an afternoon; where it is over or closed, the nearest."""
    begins, ends = (BEGINS, NOON) if part == MORNING else (NOON, ENDS)
    bounds = instant_of(day, begins, hours.zone), instant_of(day, ends, hours.zone)
    spans = [(max(start, bounds[0]), min(end, bounds[1])) for start, end in _open_on(hours, day)]
    ahead = [(max(start, now), end) for start, end in spans if max(start, now) < end]
    if ahead:
        return Wish(ahead[0][0], ahead[-1][1])
    refused = "past" if any(start < end for start, end in spans) else "closed"
    around = bounds[1] - LAST_CALL if part == MORNING else bounds[0]
    return Wish(refused=refused, nearest=nearest(hours, around, now))


def at_a_time(hours: Hours, day: date, written: str, now: datetime) -> Wish:
    """A time of that day on the issuer's clocks, as somebody writes it: "10:30", "2 pm"."""
    wall = read_time(written)
    if wall is None:
        return Wish(refused="unreadable")
    wanted = instant_of(day, wall, hours.zone)
    if not _is_shown(day, wall, hours.zone):
        return Wish(refused="no_such_time", nearest=nearest(hours, wanted, now))
    if wanted <= now:
        return Wish(refused="past", nearest=nearest(hours, wanted, now))
    if not any(start <= wanted < end for start, end in _open_on(hours, day)):
        return Wish(refused="closed", nearest=nearest(hours, wanted, now))
    return Wish(wanted, wanted)


def read_time(written: str) -> time | None:
    """None for what is no time of a day."""
    found = _WRITTEN.fullmatch(written.strip())
    if found is None:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def nearest(hours: Hours, wanted: datetime, now: datetime) -> datetime | None:
    """The open instant ahead that is closest to the one wished for; None where nobody is there for weeks."""
    end = max(wanted, now) + _LOOKED_AT
    ahead = [
        (max(start, now), until)
        for start, until in takewhile(lambda span: span[0] < end, _open_from(hours, now))
    ]
    fits = [min(max(wanted, start), max(start, until - LAST_CALL)) for start, until in ahead]
    return min(fits, key=lambda at: (abs(at - wanted), at), default=None)


def _open_on(hours: Hours, day: date) -> list[Span]:
    begins = instant_of(day, time(0), hours.zone)
    ends = instant_of(day + timedelta(days=1), time(0), hours.zone)
    on_it = takewhile(lambda span: span[0] < ends, _open_from(hours, begins))
    return [(max(start, begins), min(until, ends)) for start, until in on_it]


def _open_from(hours: Hours, after: datetime) -> Iterator[Span]:
    """Raises HoursUnstated."""
    if hours.kind == "unstated":
        raise HoursUnstated(f"the hours {hours.id!r} are not stated, so nobody can be called in them")
    if hours.kind == "always":
        return iter([(after, after + 2 * _LOOKED_AT)])
    return open_spans(hours, after)


def _is_shown(day: date, wall: time, zone: ZoneInfo) -> bool:
    """Whether the clocks show that time on that day: one hour of spring they leave out."""
    there = datetime.combine(day, wall, zone)
    return there.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == there.replace(tzinfo=None)
