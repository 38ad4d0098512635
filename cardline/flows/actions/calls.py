"""Calling somebody back: the days there are, and what a wished part of a day or time comes to."""

from __future__ import annotations

from datetime import date
from typing import Any

from cardline.clocks.calendars import CalendarEnds
from cardline.flows.call_times import Wish, at_a_time, days_to_call, in_a_part
from cardline.flows.finding import finds
from cardline.flows.here import Here
from cardline.issuer.hours import Hours, HoursUnstated
from cardline.issuer.profile import current_profile

Json = Any
NEED = "contact.call_back"
_START, _UNTIL = "2026-11-24T14:00:00+00:00", "2026-11-24T17:00:00+00:00"
_FITS = {"start": _START, "until": _UNTIL, "refused": "", "nearest": None}
_AT = {**_FITS, "until": _START}
_REFUSED = {"start": None, "until": None, "refused": "closed", "nearest": _START}


@finds("calls.days", samples=[[], ["2026-11-24"], ["2026-11-24", "2026-11-25"]])
def days(here: Here) -> Json:
    """Business days ahead on which we call; none where the profile does not say when somebody is there."""
    try:
        found = days_to_call(_hours(), current_profile().calendar, here.now)
    except (HoursUnstated, CalendarEnds):
        return []
    return [day.isoformat() for day in found]


@finds(
    "calls.part", samples=[_FITS, _REFUSED, {**_REFUSED, "refused": "past"}, {**_REFUSED, "nearest": None}]
)
def part(here: Here, *, day: str, part: str) -> Json:
    return _told(in_a_part(_hours(), date.fromisoformat(day), part, here.now))


@finds(
    "calls.time",
    samples=[
        _AT,
        _REFUSED,
        {**_REFUSED, "refused": "past"},
        {**_REFUSED, "refused": "no_such_time"},
        {**_REFUSED, "refused": "unreadable", "nearest": None},
    ],
)
def at_time(here: Here, *, day: str, written: str) -> Json:
    """written: as somebody said or typed it."""
    return _told(at_a_time(_hours(), date.fromisoformat(day), written, here.now))


def _hours() -> Hours:
    return current_profile().queue_for(NEED).hours


def _told(wish: Wish) -> Json:
    return {
        "start": wish.start.isoformat() if wish.start else None,
        "until": wish.until.isoformat() if wish.until else None,
        "refused": wish.refused,
        "nearest": wish.nearest.isoformat() if wish.nearest else None,
    }
