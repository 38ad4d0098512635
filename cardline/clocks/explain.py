"""A computed date told step by step, so that a person can check it with a wall calendar and the law beside it."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from cardline.clocks.calendars import Calendar
from cardline.clocks.compute import Due
from cardline.clocks.days import DAY
from cardline.clocks.rules import Span, rule_named

WHO = {
    "issuer": "The issuer",
    "member": "The member",
    "merchant": "The merchant",
    "estate": "Whoever settles the estate",
}
_UNIT = {
    "calendar": ("calendar day", "calendar days"),
    "weeks": ("week of seven days", "weeks of seven days"),
    "months": ("month", "months"),
    "business": ("business day", "business days"),
    "business_before": ("business day", "business days"),
    "cycles": ("complete billing cycle", "complete billing cycles"),
}


def steps_of(due: Due, calendar: Calendar, zone: ZoneInfo) -> list[str]:
    """One sentence a step, in English; plain text."""
    rule = due.rule
    verb = "may" if rule.duty != "issuer" else "has to" if rule.has_act_by else "must be ready to"
    steps = [
        f"{rule.id}: {WHO[rule.duty]} {verb} {rule.does}. Source: {rule.source}.",
        f"Day 0 is {_say(due.start)}, the date in {zone.key} when {rule.start}.",
        _span_step(due),
    ]
    if (law := rule_named(rule.id).span_for(dict(due.facts))) != due.span:
        steps.append(f"The law gives {_length(law)}; the issuer gives itself less.")
    if due.span.unit in ("business", "business_before"):
        steps.append(_skipped(due, calendar))
    if due.span.unit == "cycles":
        steps.append(_cycles(due))
    if due.floor is not None:
        steps.append(f"It does not end before {_say(due.floor)}, {rule.at_least} after the start.")
    steps.append(f"Due {_say(due.due)}, until 23:59:59 in {zone.key}. {_stays(due, calendar)}")
    if due.act_by is not None:
        steps.append(f"Act by {_say(due.act_by)}, the last business day of {calendar.id} on or before it.")
    else:
        steps.append("There is no act-by date: this is no task of the issuer's with a day to work on it.")
    if not rule.is_checked:
        steps.append("This rule is known from a second hand: compare it with its text before relying on it.")
    return steps


def _length(span: Span) -> str:
    one, many = _UNIT[span.unit]
    return f"{span.count} {one if span.count == 1 else many}"


def _span_step(due: Due) -> str:
    length = _length(due.span)
    if due.span.unit == "business_before":
        return f"Count back {length} from it; the day itself is not counted."
    if due.span.unit == "cycles":
        bound = f", but {due.span.at_most} calendar days at most" if due.span.at_most else ""
        return f"Count {length} after the one that holds it{bound}."
    true = [name for name in due.span.if_any if due.facts.get(name)]
    because = f", because {' and '.join(true)} is so" if true else ""
    return f"Count {length} from it{because}; the start itself is not counted."


def _skipped(due: Due, calendar: Calendar) -> str:
    first, last = sorted((due.start, due.due))
    days = [first + DAY * n for n in range(1, (last - first).days)]
    named = [
        f"{_say(day)} ({calendar.holiday_name(day)})"
        for day in days
        if not calendar.is_business_day(day) and calendar.holiday_name(day)
    ]
    weekend = sum(not calendar.is_business_day(day) and not calendar.holiday_name(day) for day in days)
    told = [f"{weekend} other {'day' if weekend == 1 else 'days'} without business"] if weekend else []
    if not named and not told:
        return f"Every day between is a business day of {calendar.id}."
    return f"Not counted, by {calendar.id}: {', '.join([*named, *told])}."


def _cycles(due: Due) -> str:
    if due.closing is None:
        return "The closings told reach past the bound, so that it comes first."
    last = f"The last cycle that counts closes on {_say(due.closing)}."
    return last if due.closing <= due.due else f"{last} The bound comes first."


def _stays(due: Due, calendar: Calendar) -> str:
    if calendar.is_business_day(due.due):
        return "That is a business day."
    reason = calendar.holiday_name(due.due) or "no business day"
    return f"That is {reason}; a legal date stays where it falls."


def _say(day: date) -> str:
    return f"{day:%a} {day.isoformat()}"
