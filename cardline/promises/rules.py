"""Decisions about promises. Pure: values and `now` in, values out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cardline.clocks.calendars import Calendar
from cardline.clocks.days import add_business_days, last_business_day_on_or_before
from cardline.clocks.local import end_of_day
from cardline.clocks.signals import signals_between
from cardline.issuer.profile import LadderStep, Moment

SOON_FROM = 0.8
OWNER = "owner"


@dataclass(frozen=True, slots=True)
class Running:
    """A legal clock as its ladder sees it. started_at: aware; due_on and act_by: dates of `zone`."""

    started_at: datetime
    due_on: date
    act_by: date | None
    zone: str


@dataclass(frozen=True, slots=True)
class Rung:
    """One thing a promise's ladder will do: tell `to`, or hand it to them, at an instant.

    name: "50%", "80%", "act_by", "act_by-2", "due", "due+1" (business days). hands_up: from `due` on it changes hands.
    """

    at: datetime
    to: str
    name: str
    hands_up: bool


def rungs(
    ladder: Sequence[LadderStep], made_at: datetime, due_at: datetime, zone: str, calendar: Calendar
) -> list[Rung]:
    """The ladder of one promise as instants, soonest first. Reminders that would fall at or after the due instant, or
    before the promise was made, are left out.
    """
    found: list[Rung] = []
    for step in ladder:
        for moment in step.at:
            at = _instant(moment, made_at, due_at, zone, calendar)
            hands_up = moment.anchor == "due"
            if hands_up or made_at < at < due_at:
                found.append(Rung(at, step.to, _name(moment), hands_up))
    return sorted(found, key=lambda rung: (rung.at, rung.name != "due"))


def legal_rungs(ladder: Sequence[LadderStep], clock: Running, calendar: Calendar) -> list[Rung]:
    """The ladder of a promise that is a legal clock: its owner is warned when the clock says so, whatever the issuer's
    ladder reminds of; from the due instant on it climbs like any other.
    """
    zone = ZoneInfo(clock.zone)
    due_at = end_of_day(clock.due_on, zone)
    signals = signals_between(clock.started_at, clock.due_on, clock.act_by, calendar, zone)
    warnings = [Rung(signal.at, OWNER, signal.why, False) for signal in signals if signal.name == "due_soon"]
    climbs = [rung for rung in rungs(ladder, clock.started_at, due_at, clock.zone, calendar) if rung.hands_up]
    return sorted([*warnings, *climbs], key=lambda rung: (rung.at, rung.name != "due"))


def still_to_climb(ladder: Sequence[Rung], taken: Iterable[str]) -> list[Rung]:
    """The rungs that were not taken yet, by their names, soonest first: a date that moved takes none of them twice."""
    names = Counter(taken)
    left: list[Rung] = []
    for rung in ladder:
        if names[rung.name]:
            names[rung.name] -= 1
        else:
            left.append(rung)
    return left


def _name(moment: Moment) -> str:
    if moment.anchor == "span":
        return f"{moment.percent}%"
    return f"{moment.anchor}+{moment.business_days}" if moment.business_days else moment.anchor


def _instant(moment: Moment, made_at: datetime, due_at: datetime, zone: str, calendar: Calendar) -> datetime:
    if moment.anchor == "span":
        return made_at + (due_at - made_at) * (moment.percent / 100)
    local = due_at.astimezone(ZoneInfo(zone))
    day = local.date()
    if moment.anchor == "act_by":
        day = last_business_day_on_or_before(day, calendar)
    elif moment.business_days:
        day = add_business_days(day, moment.business_days, calendar)
    else:
        return due_at
    return _local_instant(day, local.time(), zone)


def _local_instant(day: date, at: time, zone: str) -> datetime:
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Face:
    """How a promise looks now. state: open, soon, late, kept, done_late, replaced or released. used: 0 to 1."""

    state: str
    used: float


def face(
    state: str,
    made_at: datetime,
    due_at: datetime,
    done_at: datetime | None,
    now: datetime,
    zone: str,
) -> Face:
    """Soon and late are computed, not stored (DOMAIN 13): soon from 80 % of the span or on the due day."""
    if state == "missed":
        return Face("done_late" if done_at else "late", 1.0)
    if state != "open":
        return Face(state, 1.0)
    if now > due_at:
        return Face("late", 1.0)  # the sweep is a moment behind
    span = (due_at - made_at) / timedelta(seconds=1)
    used = min(max((now - made_at) / timedelta(seconds=1) / span, 0.0), 1.0) if span > 0 else 1.0
    there = ZoneInfo(zone)
    due_today = now.astimezone(there).date() == due_at.astimezone(there).date()
    return Face("soon" if used >= SOON_FROM or due_today else "open", used)
