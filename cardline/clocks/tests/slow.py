"""A second way to a legal date, to check the first by: slow, day by day, and sharing no line with it.

Its table is the domain's table of rules written down once more, its holidays are found by walking through each year,
its Easter is a list out of an almanac, and its wall clocks follow the written rules of three countries instead of the
zone database. It is read by tests alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
FIRST, LAST = 2024, 2035  # the years whose holidays are known

# Rule: (unit, number, whether it has an act-by date). What facts change is in `length`.
TABLE: Mapping[str, tuple[str, int, bool]] = {
    "z.notice_window": ("days", 60, False),
    "z.acknowledge": ("days", 30, True),
    "z.resolve": ("cycles", 2, True),
    "z.pay_disputed_by": ("period", 10, False),
    "z.autopay_stop": ("before", 3, False),
    "z.statement_lead": ("days", 21, False),
    "z.merchant_credit": ("business", 3, True),
    "z.credit_balance": ("business", 7, True),
    "z.estate_balance": ("days", 30, True),
    "z.estate_payoff": ("days", 30, False),
    "e.notice_window": ("days", 60, False),
    "e.written_confirmation": ("business", 10, False),
    "e.investigate": ("business", 10, True),
    "e.provisional_credit": ("business", 10, True),
    "e.tell_provisional_credit": ("business", 2, True),
    "e.resolve_extended": ("days", 45, True),
    "e.correct": ("business", 1, True),
    "e.report": ("business", 3, True),
    "e.honor_after_debit": ("business", 5, False),
    "e.loss_report_50": ("business", 2, False),
    "e.stop_payment": ("before", 3, False),
    "e.stop_written": ("days", 14, False),
    "uk.refund_unauthorised": ("business", 1, True),
    "uk.unauth_notice_max": ("months", 13, False),
    "uk.complaint_src": ("business", 3, True),
    "uk.complaint_psd": ("business", 15, True),
    "uk.complaint_final": ("days", 56, True),
    "uk.fos_referral": ("months", 6, False),
    "us.cfpb_first": ("days", 15, True),
    "us.cfpb_final": ("days", 60, True),
    "us.card_after_address_change": ("days", 30, False),
    "ca.escalate_internal": ("days", 14, True),
    "ca.complaint": ("days", 56, True),
    "au.ack": ("business", 1, True),
    "au.idr": ("days", 30, True),
    "au.hardship": ("days", 21, True),
    "in.internal_ombudsman": ("days", 20, True),
    "in.complaint": ("days", 30, True),
    "b.application": ("days", 30, True),
    "b.incomplete": ("days", 30, True),
    "b.counteroffer": ("days", 90, True),
    "b.reasons": ("days", 30, True),
    "b.adverse_existing": ("days", 30, True),
    "net.amex_merchant_reply": ("days", 20, False),
    "net.file": ("days", 120, True),
    "tcpa.revoke": ("business", 10, True),
    "f.direct_dispute": ("days", 30, True),
    "f.idtheft_records": ("days", 30, True),
    "scra.request": ("days", 180, False),
}


class CannotTell(Exception):
    """The slow way has no answer either."""


def slow_dates(
    rule: str, start: date | datetime, calendar: str, zone: str, params: Mapping[str, Any]
) -> tuple[date, date | None]:
    """Due date and act-by date. Raises CannotTell."""
    day0 = wall_date(start, zone) if isinstance(start, datetime) else start
    unit, _number, has_act_by = TABLE[rule]
    due = _COUNTED[unit](day0, length(rule, params), calendar, params)
    if not has_act_by:
        return due, None
    act_by = due
    while not is_open(act_by, calendar):
        act_by -= DAY
    return due, act_by


def length(rule: str, params: Mapping[str, Any]) -> int:
    number = TABLE[rule][1]
    if rule in ("e.investigate", "e.provisional_credit") and params.get("new_account"):
        return 20
    if rule == "e.resolve_extended" and any(params.get(n) for n in ("foreign", "pos_debit", "new_account")):
        return 90
    if rule == "uk.complaint_psd" and params.get("exceptional"):
        return 35
    if rule == "f.direct_dispute" and params.get("added_facts"):
        return 45
    return number


# ------------------------------------------------------------------------------------------------ counting


def _days(day: date, number: int, calendar: str, params: Mapping[str, Any]) -> date:
    for _ in range(number):
        day += DAY
    return day


def _business(day: date, number: int, calendar: str, params: Mapping[str, Any]) -> date:
    found: list[date] = []
    while len(found) < number:
        day += DAY
        if is_open(day, calendar):
            found.append(day)
    return found[-1]


def _before(day: date, number: int, calendar: str, params: Mapping[str, Any]) -> date:
    """The last business day from which `number` of them lie up to the day before."""
    candidate = day
    while True:
        candidate -= DAY
        if is_open(candidate, calendar) and _open_days_between(candidate, day, calendar) >= number:
            return candidate


def _open_days_between(first: date, beyond: date, calendar: str) -> int:
    return sum(is_open(first + DAY * n, calendar) for n in range((beyond - first).days))


def _months(day: date, number: int, calendar: str, params: Mapping[str, Any]) -> date:
    """Walk into the month that is meant, and in it to the day of that number or to its end."""
    at = day
    for _ in range(number):
        at = _first_of_next_month(at)
    while at.day < day.day and (at + DAY).month == at.month:
        at += DAY
    return at


def _first_of_next_month(day: date) -> date:
    month = day.month
    while day.month == month:
        day += DAY
    return day


def _period(day: date, number: int, calendar: str, params: Mapping[str, Any]) -> date:
    if "payment_period_days" not in params:
        raise CannotTell
    return _days(day, max(number, params["payment_period_days"]), calendar, params)


def _cycles(day: date, number: int, calendar: str, params: Mapping[str, Any]) -> date:
    """Walk to the closing of the running cycle, then over two more, but never past day 90."""
    if "closings" not in params:
        raise CannotTell
    closings = {date.fromisoformat(one) for one in params["closings"]}
    end, bound, closed = max(closings), _days(day, 90, calendar, params), 0
    while day <= end:
        closed += day in closings
        if day == bound or closed == number + 1:
            return day
        day += DAY
    raise CannotTell


_COUNTED = {
    "days": _days,
    "business": _business,
    "before": _before,
    "months": _months,
    "period": _period,
    "cycles": _cycles,
}

# ------------------------------------------------------------------------------------------------ open days

# Easter Sundays, as any almanac prints them.
EASTER = {
    date.fromisoformat(one)
    for one in (
        "2023-04-09", "2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28", "2028-04-16", "2029-04-01",
        "2030-04-21", "2031-04-13", "2032-03-28", "2033-04-17", "2034-04-09", "2035-03-25", "2036-04-13",
    )
}  # fmt: skip


def is_open(day: date, calendar: str) -> bool:
    if not FIRST <= day.year <= LAST:
        raise CannotTell
    return day.weekday() < SAT and day not in closed_days(calendar)


@cache
def closed_days(calendar: str) -> frozenset[date]:
    """Every day off from the year before the first to the year after the last."""
    days = list(_every_day())
    if calendar in ("us-federal", "us-frb"):
        return frozenset(_american(days, moves_saturdays=calendar == "us-federal"))
    return frozenset(_with_substitutes([day for day in days if _HOLIDAY[calendar](day)], calendar))


def _every_day() -> Iterator[date]:
    day = date(FIRST - 1, 1, 1)
    while day.year <= LAST + 1:
        yield day
        day += DAY


def _nth(day: date, weekday: int, number: int) -> bool:
    return day.weekday() == weekday and (day.day + 6) // 7 == number


def _last(day: date, weekday: int) -> bool:
    return day.weekday() == weekday and (day + 7 * DAY).month != day.month


def _american(days: list[date], *, moves_saturdays: bool) -> Iterator[date]:
    for day in days:
        on = (day.month, day.day)
        if on in ((1, 1), (6, 19), (7, 4), (11, 11), (12, 25)):
            yield day
            if day.weekday() == SUN:
                yield day + DAY
            if day.weekday() == SAT and moves_saturdays:
                yield day - DAY
        elif (
            (day.month == 1 and _nth(day, MON, 3))
            or (day.month == 2 and _nth(day, MON, 3))
            or (day.month == 5 and _last(day, MON))
            or (day.month == 9 and _nth(day, MON, 1))
            or (day.month == 10 and _nth(day, MON, 2))
            or (day.month == 11 and _nth(day, THU, 4))
        ):
            yield day


def _english(day: date) -> bool:
    return (
        (day.month, day.day) in ((1, 1), (12, 25), (12, 26))
        or day + 2 * DAY in EASTER
        or day - DAY in EASTER
        or (day.month == 5 and (_nth(day, MON, 1) or _last(day, MON)))
        or (day.month == 8 and _last(day, MON))
    )


def _canadian(day: date) -> bool:
    victoria = day.month == 5 and day.weekday() == MON and 18 <= day.day <= 24
    return (
        (day.month, day.day) in ((1, 1), (7, 1), (9, 30), (11, 11), (12, 25), (12, 26))
        or day + 2 * DAY in EASTER
        or victoria
        or (day.month == 9 and _nth(day, MON, 1))
        or (day.month == 10 and _nth(day, MON, 2))
    )


def _australian(day: date) -> bool:
    on = (day.month, day.day)
    fixed = on in ((1, 1), (1, 26), (4, 25), (12, 25), (12, 26))
    return fixed or day + 2 * DAY in EASTER or day - DAY in EASTER


_HOLIDAY = {"gb-eng": _english, "ca": _canadian, "au": _australian}


def _with_substitutes(holidays: list[date], calendar: str) -> set[date]:
    """A holiday on a weekend is taken on the next weekday that is none; Anzac Day alone has no substitute."""
    closed = set(holidays)
    for day in holidays:
        if day.weekday() < SAT or (calendar == "au" and (day.month, day.day) == (4, 25)):
            continue
        while day.weekday() >= SAT or day in closed:
            day += DAY
        closed.add(day)
    return closed


# ------------------------------------------------------------------------------------------------ wall clocks


def wall_date(instant: datetime, zone: str) -> date:
    """The date on the wall, by the written rules of daylight saving as they have stood since 2008."""
    at = instant.astimezone(UTC)
    return (at + _OFFSET[zone](at)).date()


def _new_york(at: datetime) -> timedelta:
    """From 2 am on the second Sunday of March until 2 am on the first of November."""
    begins = _sunday(at.year, 3, 2) + 7 * HOUR
    ends = _sunday(at.year, 11, 1) + 6 * HOUR
    return -4 * HOUR if begins <= at < ends else -5 * HOUR


def _london(at: datetime) -> timedelta:
    """From 1 am UTC on the last Sunday of March until the same on the last of October."""
    begins, ends = _last_sunday(at.year, 3) + HOUR, _last_sunday(at.year, 10) + HOUR
    return HOUR if begins <= at < ends else timedelta()


def _sydney(at: datetime) -> timedelta:
    """Summer time from 2 am on the first Sunday of October until 3 am on the first of April."""
    ends = _sunday(at.year, 4, 1) - 8 * HOUR
    begins = _sunday(at.year, 10, 1) - 8 * HOUR
    return 10 * HOUR if ends <= at < begins else 11 * HOUR


_OFFSET = {
    "America/New_York": _new_york,
    "Europe/London": _london,
    "Australia/Sydney": _sydney,
    "Asia/Kolkata": lambda at: 5.5 * HOUR,
}


def _sunday(year: int, month: int, number: int) -> datetime:
    day = datetime(year, month, 1, tzinfo=UTC)
    while not _nth(day.date(), SUN, number):
        day += DAY
    return day


def _last_sunday(year: int, month: int) -> datetime:
    day = datetime(year, month, 24, tzinfo=UTC)
    while not _last(day.date(), SUN):
        day += DAY
    return day
