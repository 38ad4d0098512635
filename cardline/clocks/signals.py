"""What a legal clock says before and after it ends: `due_soon` three times, `breached` once (DOMAIN 2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from cardline.clocks.calendars import Calendar
from cardline.clocks.compute import Due
from cardline.clocks.days import business_days_before
from cardline.clocks.local import end_of_day, start_of_day

SHARES = (0.5, 0.8)
BEFORE_ACT_BY = 2  # business days
AN_INSTANT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Signal:
    """name: due_soon or breached. why: "50%", "80%", "act_by-2" or "due". at: aware UTC."""

    at: datetime
    name: Literal["due_soon", "breached"]
    why: str


def signals_of(due: Due, started: datetime, calendar: Calendar, zone: ZoneInfo) -> list[Signal]:
    """Soonest first. started: the instant the clock started at, aware; a warning that would come before it, or not
    before the end, is left out: a window of one business day has none two business days ahead.

    Raises CalendarEnds.
    """
    return signals_between(started, due.due, due.act_by, calendar, zone)


def signals_between(
    started: datetime, due: date, act_by: date | None, calendar: Calendar, zone: ZoneInfo
) -> list[Signal]:
    """The same of a clock whose dates are known already, such as one that was kept with its case."""
    ends = end_of_day(due, zone)
    found = [
        Signal(started + (ends - started) * share, "due_soon", f"{round(share * 100)}%") for share in SHARES
    ]
    if act_by is not None:
        day = business_days_before(act_by, BEFORE_ACT_BY, calendar)
        found.append(Signal(start_of_day(day, zone), "due_soon", f"act_by-{BEFORE_ACT_BY}"))
    warnings = [signal for signal in found if started < signal.at <= ends]
    return [*sorted(warnings, key=lambda signal: signal.at), Signal(ends + AN_INSTANT, "breached", "due")]
