"""Reading named tables of opening hours: [hours.service_day]."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from cardline.clocks.calendars import Calendar
from cardline.issuer.hours import BadHours, Hours, Interval, check_day, check_week
from cardline.issuer.profile.reading import Table

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
UNSTATED = "unstated"


def unstated_hours(zone: ZoneInfo, calendar: Calendar) -> Hours:
    """Hours the issuer does not state; every profile has them under the id "unstated"."""
    return Hours(UNSTATED, "unstated", zone, calendar)


def read_hours(table: Table, hours_id: str, zone: ZoneInfo, calendar: Calendar) -> Hours:
    """One [hours.<id>] table: `always = true`, or days ("mon", "mon-fri") with lists of intervals.

    `holidays`: "closed" (the default), "as_usual", or intervals of their own.
    """
    if table.boolean("always", False):
        table.finish()
        return Hours(hours_id, "always", zone, calendar)
    on_holidays = _read_holidays(table)
    week: dict[str, tuple[Interval, ...]] = {}
    for key in table.written():
        if key in ("always", "holidays"):
            continue
        intervals = _intervals(table, key)
        for day in _days(table, key):
            if day in week:
                table.problem(key, f"{day} is given twice.", "Name each day once.")
            week[day] = intervals
    table.finish()
    in_order = tuple(week.get(day, ()) for day in DAYS)
    try:
        check_week(in_order)
    except BadHours as error:
        table.problem("", f"These hours cannot be: {error}.", "Correct the intervals.")
        return Hours(hours_id, "always", zone, calendar)
    return Hours(hours_id, "weekly", zone, calendar, in_order, on_holidays)


def _read_holidays(table: Table) -> tuple[Interval, ...] | None:
    if table.is_list("holidays"):
        intervals = _intervals(table, "holidays")
        try:
            check_day(intervals)
        except BadHours as error:
            table.problem("holidays", f"These hours cannot be: {error}.", "Correct the intervals.")
            return ()
        return intervals
    return () if table.choice("holidays", ("closed", "as_usual"), "closed") == "closed" else None


def _intervals(table: Table, key: str) -> tuple[Interval, ...]:
    intervals: list[Interval] = []
    for written in table.strings(key):
        try:
            intervals.append(Interval.parse(written))
        except BadHours as error:
            table.problem(key, f"{error}.", 'Write intervals such as "08:00-20:00" or "22:00-02:00".')
    return tuple(intervals)


def _days(table: Table, key: str) -> tuple[str, ...]:
    """The days a key names: "sat", or "mon-fri"."""
    first, _, last = key.partition("-")
    last = last or first
    if first in DAYS and last in DAYS and DAYS.index(first) <= DAYS.index(last):
        return DAYS[DAYS.index(first) : DAYS.index(last) + 1]
    table.problem(key, "This is no day.", f"Write {', '.join(DAYS)}, or a span such as mon-fri.")
    return ()
