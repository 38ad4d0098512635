"""From a start to a legal date: exact, with every step kept so that it can be told (DOMAIN 1)."""

from __future__ import annotations

import bisect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cardline.clocks.calendars import Calendar
from cardline.clocks.days import (
    add_business_days,
    add_days,
    add_months,
    add_weeks,
    business_days_before,
    last_business_day_on_or_before,
)
from cardline.clocks.local import local_date
from cardline.clocks.rules import Rule, Span, facts_known, rule_named

CLOSINGS = "closings"
PAYMENT_PERIOD = "payment_period_days"
NOTHING_OWN: Mapping[str, int] = {}
# A billing cycle is a month, four days more or less (Regulation Z, comment 2(a)(4)-1).
LONGEST_CYCLE = timedelta(days=31 + 4)


class ClockRefused(ValueError):
    """The date cannot be told from what was given; its words say what is missing or wrong."""


@dataclass(frozen=True, slots=True)
class Due:
    """When a clock ends. due: met until 23:59:59 of that day in the issuer's zone; it stays where it falls, weekend or
    holiday. act_by: the last business day on or before it; None where it is no task of ours.

    span: which of the rule's it was. closing: of the cycles, the end of the last that counted; None without cycles.
    floor: the day before which it does not end, None without one.
    """

    rule: Rule
    start: date
    due: date
    act_by: date | None
    span: Span
    closing: date | None = None
    floor: date | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


def compute(
    rule_id: str,
    start: date | datetime,
    calendar: Calendar,
    zone: ZoneInfo,
    params: Mapping[str, Any] | None = None,
    own: Mapping[str, int] = NOTHING_OWN,
) -> Due:
    """The due date of a legal clock.

    start: the local date, or the aware instant, whose date in `zone` is day 0. params: `closings`, the account's
    closing dates in order ("2026-05-20" or date); `payment_period_days`, 1 to 366; facts by name, true or false. own:
    where the issuer gives itself less than the law does (its profile's `own_clocks`).

    Raises UnknownRule, ClockRefused (a parameter missing, unknown or of the wrong kind; a start before the rule), and
    CalendarEnds past the calendar's years. Source: DOMAIN 1 and 2.
    """
    rule = rule_named(rule_id).shortened(own)
    facts = checked(params or {})
    try:
        day0 = _local(start, zone)
        if rule.effective is not None and day0 < rule.effective:
            raise ClockRefused(f"{rule_id} is in force since {rule.effective}, after {day0}")
        return _run(rule, day0, calendar, facts)
    except OverflowError as beyond:  # before the year 1, or after 9999
        raise ClockRefused(f"a clock from {start} ends outside the calendar altogether") from beyond


def _run(rule: Rule, day0: date, calendar: Calendar, facts: dict[str, Any]) -> Due:
    span = rule.span_for(facts)
    closing: date | None = None
    if span.unit == "cycles":
        due, closing = _end_of_cycles(rule, span, day0, facts)
    else:
        due = _COUNT[span.unit](day0, span.count, calendar)
    floor = None
    if rule.at_least:
        floor = add_days(day0, _needed(rule, rule.at_least, facts))
        due = max(due, floor)
    act_by = last_business_day_on_or_before(due, calendar) if rule.has_act_by else None
    return Due(rule, day0, due, act_by, span, closing, floor, facts)


_COUNT: dict[str, Callable[[date, int, Calendar], date]] = {
    "calendar": lambda day, count, calendar: add_days(day, count),
    "weeks": lambda day, count, calendar: add_weeks(day, count),
    "months": lambda day, count, calendar: add_months(day, count),
    "business": add_business_days,
    "business_before": business_days_before,
}


def _local(start: date | datetime, zone: ZoneInfo) -> date:
    if not isinstance(start, datetime):
        return start
    try:
        return local_date(start, zone)
    except ValueError as naive:
        raise ClockRefused("a start with a time needs its offset from UTC") from naive


def checked(params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters as values. Raises ClockRefused; also for one that no rule knows, so that a slip of the pen does
    not pass for "not so".
    """
    found: dict[str, Any] = {}
    for name, value in params.items():
        if name == CLOSINGS:
            found[name] = _closings(value)
        elif name == PAYMENT_PERIOD:
            if not (isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 366):
                raise ClockRefused(f"{name} is a number of days from 1 to 366, not {value!r}")
            found[name] = value
        elif name in facts_known():
            if not isinstance(value, bool):
                raise ClockRefused(f"{name} is true or false, not {value!r}")
            found[name] = value
        else:
            known = ", ".join(sorted({CLOSINGS, PAYMENT_PERIOD} | facts_known()))
            raise ClockRefused(f"unknown parameter {name!r}; known: {known}")
    return found


def _closings(value: Any) -> list[date]:
    if isinstance(value, str) or not isinstance(value, Sequence) or not value:
        raise ClockRefused(f"{CLOSINGS} is a list of dates, not {value!r}")
    try:
        days = [one if isinstance(one, date) else date.fromisoformat(one) for one in value]
    except (TypeError, ValueError) as wrong:
        raise ClockRefused(f"{CLOSINGS}: {wrong}") from wrong
    if any(later <= earlier for earlier, later in zip(days, days[1:], strict=False)):
        raise ClockRefused(f"{CLOSINGS} are in order, each once")
    return days


def _end_of_cycles(rule: Rule, span: Span, day0: date, facts: Mapping[str, Any]) -> tuple[date, date | None]:
    """The end of the last complete cycle that counts, or the bound in calendar days where that comes first.

    The cycle that holds the start never counts, even when the start is its first or last day (comment 13(c)(2)-1).
    Where the closings told end early, the bound decides only if no closing that is not told could come before it.
    """
    bound = add_days(day0, span.at_most) if span.at_most is not None else None
    closings: list[date] = _needed(rule, CLOSINGS, facts)
    at = bisect.bisect_left(closings, day0)  # its closing date is the last day of a cycle
    if at == len(closings):
        raise ClockRefused(f"{CLOSINGS} end on {closings[-1]}, before the start; add the later ones")
    if at == 0 and closings[0] - day0 > LONGEST_CYCLE:
        raise ClockRefused(f"{CLOSINGS} begin on {closings[0]}: the cycle of {day0} is not among them")
    if at + span.count < len(closings):
        closing = closings[at + span.count]
        return (min(closing, bound) if bound else closing), closing
    if bound is not None and closings[-1] >= bound:
        return bound, None
    raise ClockRefused(
        f"{CLOSINGS} end on {closings[-1]}; {rule.id} needs {span.count} after the one on {closings[at]}"
    )


def _needed(rule: Rule, name: str, facts: Mapping[str, Any]) -> Any:
    if name not in facts:
        raise ClockRefused(f"{rule.id} needs the parameter {name}")
    return facts[name]
