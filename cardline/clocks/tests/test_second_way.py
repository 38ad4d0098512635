"""Every rule, on every calendar, against a second computation that shares no line with ours (slow.py)."""

from __future__ import annotations

import csv
import json
import random
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cardline.clocks.calendars import CalendarEnds, calendar_ids, load_calendar
from cardline.clocks.compute import ClockRefused, compute
from cardline.clocks.rules import rule_ids, rule_named
from cardline.clocks.tests.slow import EASTER, TABLE, CannotTell, closed_days, slow_dates, wall_date

CALENDARS = ("us-federal", "us-frb", "gb-eng", "ca", "au")
ZONES = ("America/New_York", "Europe/London", "Australia/Sydney", "Asia/Kolkata")
FACTS = ("new_account", "pos_debit", "foreign", "exceptional", "added_facts")
ROWS_A_RULE = 400

# Days on which a slip shows: leap days, ends of months and years, holidays that move, nights on which clocks change.
AWKWARD = [
    date.fromisoformat(one)
    for one in (
        "2024-01-31", "2024-02-28", "2024-02-29", "2024-03-01", "2025-12-31", "2026-01-01", "2026-02-28", "2026-03-08",
        "2026-03-29", "2026-04-03", "2026-04-05", "2026-07-03", "2026-07-04", "2026-10-04", "2026-10-25", "2026-11-01",
        "2026-12-24", "2026-12-25", "2026-12-31", "2027-12-17", "2027-12-30", "2027-12-31", "2028-01-01", "2028-02-29",
        "2028-08-31", "2031-12-31", "2032-02-29", "2033-01-31", "2033-12-31",
    )
]  # fmt: skip


def both(rule: str, start: date | datetime, calendar: str, zone: str, params: dict[str, Any]) -> None:
    """Ours and theirs agree, also on not being able to tell."""
    effective = rule_named(rule).effective
    day0 = wall_date(start, zone) if isinstance(start, datetime) else start
    if effective is not None and day0 < effective:
        return
    try:
        wanted = slow_dates(rule, start, calendar, zone, params)
    except CannotTell:
        with pytest.raises((ClockRefused, CalendarEnds)):
            compute(rule, start, load_calendar(calendar), ZoneInfo(zone), params)
        return
    found = compute(rule, start, load_calendar(calendar), ZoneInfo(zone), params)
    assert (found.due, found.act_by) == wanted, (rule, start, calendar, zone, params)


def closings_around(start: date, random: random.Random) -> list[str]:
    """An account's closings from the cycle of the start on, each up to four days off its nominal day."""
    first = start + timedelta(random.choice([0, 0, 1, random.randint(0, 31)]))
    days, nominal = [first], first
    for _ in range(random.choice([1, 2, 3, 4, 5, 5, 5])):
        nominal += timedelta(random.choice([28, 30, 31]))
        days.append(nominal + timedelta(random.randint(-4, 4)))
    return [str(day) for day in sorted(set(days))]


def params_for(rule: str, start: date, random: random.Random) -> dict[str, Any]:
    params: dict[str, Any] = {name: random.random() < 0.5 for name in FACTS if random.random() < 0.3}
    if rule == "z.resolve" and random.random() < 0.95:
        params["closings"] = closings_around(start, random)
    if rule == "z.pay_disputed_by" and random.random() < 0.95:
        params["payment_period_days"] = random.choice([1, 9, 10, 11, 20, 21, 25, 28, 31, 366])
    return params


def a_start(random: random.Random) -> date | datetime:
    """A date or an instant; one in three of them near a day on which a slip shows."""
    day = random.choice(AWKWARD) if random.random() < 0.33 else date(2024, 1, 1)
    day += timedelta(random.randint(-2, 2) if day in AWKWARD else random.randint(0, 4_300))
    day = max(day, date(2024, 1, 8))  # three business days back are still in the first year
    if random.random() < 0.5:
        return day
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=random.randint(0, 86_399))


def test_the_second_table_has_every_rule_and_calendar() -> None:
    assert set(TABLE) == set(rule_ids())
    assert set(CALENDARS) == set(calendar_ids())


@pytest.mark.parametrize("rule", sorted(TABLE))
def test_two_ways_lead_to_one_date(rule: str) -> None:
    """Seeded, so that a row that fails fails again."""
    dice = random.Random(f"clocks {rule}")
    for _ in range(ROWS_A_RULE):
        start = a_start(dice)
        day = start.date() if isinstance(start, datetime) else start
        both(rule, start, dice.choice(CALENDARS), dice.choice(ZONES), params_for(rule, day, dice))


@pytest.mark.parametrize("calendar", CALENDARS)
@pytest.mark.parametrize("day", AWKWARD)
def test_two_ways_lead_to_one_date_on_awkward_days(day: date, calendar: str) -> None:
    for rule in TABLE:
        params = {"closings": closings_around(day, random.Random(str(day)))} if rule == "z.resolve" else {}
        both(rule, day, calendar, "America/New_York", params)


@given(
    st.sampled_from(sorted(TABLE)),
    st.datetimes(datetime(2024, 2, 1), datetime(2034, 12, 31)),  # noqa: DTZ001 - made aware below
    st.sampled_from(CALENDARS),
    st.sampled_from(ZONES),
    st.dictionaries(st.sampled_from(FACTS), st.booleans()),
    st.integers(1, 366),
)
@settings(max_examples=600, deadline=None)
@example("z.acknowledge", datetime(2026, 3, 8, 6, 59, 59), "us-federal", "America/New_York", {}, 25)  # noqa: DTZ001
@example("z.acknowledge", datetime(2026, 3, 8, 7, 0, 0), "us-federal", "America/New_York", {}, 25)  # noqa: DTZ001
@example("e.correct", datetime(2026, 11, 1, 5, 30), "us-federal", "America/New_York", {}, 25)  # noqa: DTZ001
@example("e.correct", datetime(2026, 11, 1, 6, 30), "us-federal", "America/New_York", {}, 25)  # noqa: DTZ001
@example("au.ack", datetime(2026, 4, 4, 13, 30), "au", "Australia/Sydney", {}, 25)  # noqa: DTZ001 - a Saturday, 0:30 there
def test_two_ways_lead_to_one_date_whatever_is_thrown_at_them(
    rule: str, at: datetime, calendar: str, zone: str, facts: dict[str, bool], period: int
) -> None:
    start = at.replace(tzinfo=UTC)
    params: dict[str, Any] = {**facts, "payment_period_days": period}
    params["closings"] = [str(wall_date(start, zone) + timedelta(n)) for n in (3, 33, 64, 94, 125)]
    both(rule, start, calendar, zone, params)


@given(st.datetimes(datetime(2024, 1, 2), datetime(2035, 12, 30)), st.sampled_from(ZONES))  # noqa: DTZ001
@settings(max_examples=600, deadline=None)
def test_the_wall_clocks_agree(at: datetime, zone: str) -> None:
    """So that a zone database that is wrong here would be noticed."""
    instant = at.replace(tzinfo=UTC)
    assert instant.astimezone(ZoneInfo(zone)).date() == wall_date(instant, zone)


@pytest.mark.parametrize("calendar", CALENDARS)
def test_every_day_of_every_year_is_open_or_closed_in_both(calendar: str) -> None:
    ours, closed = load_calendar(calendar), closed_days(calendar)
    day = date(2024, 1, 1)
    while day.year < 2036:
        assert ours.is_business_day(day) == (day.weekday() < 5 and day not in closed), (calendar, day)
        day += timedelta(1)


def test_the_second_way_is_not_the_first_in_disguise() -> None:
    """Known days, so that both cannot be wrong alike."""
    assert date(2027, 12, 31) in closed_days("us-federal")  # 1 January 2028 is a Saturday
    assert date(2027, 12, 31) not in closed_days("us-frb")
    assert {date(2027, 12, 27), date(2027, 12, 28)} <= closed_days("gb-eng")  # Christmas on a Saturday
    assert date(2026, 4, 25) in closed_days("au") and date(2026, 4, 27) not in closed_days("au")
    assert date(2026, 5, 18) in closed_days("ca") and all(day.weekday() == 6 for day in EASTER)


# The ten worked cases of the specification.
GIVEN = """\
V01,z.acknowledge,us-federal,America/New_York,2026-03-02,{},2026-04-01,2026-04-01
V02,z.resolve,us-federal,America/New_York,2026-05-25,"{""closings"":[""2026-05-20"",""2026-06-20"",""2026-07-20"",""2026-08-20"",""2026-09-20""]}",2026-08-20,2026-08-20
V03,z.resolve,us-federal,America/New_York,2026-07-06,"{""closings"":[""2026-07-05"",""2026-08-05"",""2026-09-05"",""2026-10-05"",""2026-11-05""]}",2026-10-04,2026-10-02
V04,e.investigate,us-federal,America/New_York,2026-06-12,{},2026-06-29,2026-06-29
V05,e.resolve_extended,us-federal,America/New_York,2026-06-12,{},2026-07-27,2026-07-27
V06,e.loss_report_50,us-federal,America/New_York,2026-02-13,{},2026-02-18,
V07,uk.complaint_psd,gb-eng,Europe/London,2026-03-30,{},2026-04-22,2026-04-22
V08,au.idr,au,Australia/Sydney,2026-03-05,{},2026-04-04,2026-04-02
V09,us.cfpb_first,us-federal,America/New_York,2026-06-05,{},2026-06-20,2026-06-18
V10,b.application,us-federal,America/New_York,2026-01-30,{},2026-03-01,2026-02-27
"""


@pytest.mark.parametrize("row", list(csv.reader(GIVEN.splitlines())), ids=lambda row: row[0])
def test_both_ways_give_the_worked_cases(row: list[str]) -> None:
    _id, rule, calendar, zone, start, params, due, act_by = row
    told = slow_dates(rule, date.fromisoformat(start), calendar, zone, json.loads(params))
    assert told == (date.fromisoformat(due), date.fromisoformat(act_by) if act_by else None)
    both(rule, date.fromisoformat(start), calendar, zone, json.loads(params))
