"""Ladders and looks, by tables of values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cardline.clocks.calendars import load_calendar
from cardline.issuer.profile import LadderStep, Moment, Text
from cardline.promises.rules import face, rungs

ZONE = "America/New_York"
MADE = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
LABEL = Text.same("x")
LADDER = [
    LadderStep("owner", (Moment("span", 50), Moment("span", 80), Moment("act_by")), LABEL),
    LadderStep("supervisor", (Moment("due"),), LABEL),
    LadderStep("head_of_service", (Moment("due", business_days=1),), LABEL),
]


def names(due: datetime) -> list[str]:
    return [rung.name for rung in rungs(LADDER, MADE, due, ZONE, load_calendar("us-federal"))]


def test_the_ladder_in_order_of_time() -> None:
    due = datetime(2026, 12, 12, 22, 0, tzinfo=UTC)  # a Saturday, so act-by is the Friday before
    steps = rungs(LADDER, MADE, due, ZONE, load_calendar("us-federal"))
    assert [s.name for s in steps] == ["50%", "80%", "act_by", "due", "due+1"]
    assert steps[2].at == datetime(2026, 12, 11, 22, 0, tzinfo=UTC)
    assert steps[3].at == due
    assert steps[4].at == datetime(2026, 12, 14, 22, 0, tzinfo=UTC)


def test_an_act_by_on_the_due_day_reminds_of_nothing_new() -> None:
    assert names(datetime(2026, 12, 11, 22, 0, tzinfo=UTC)) == ["50%", "80%", "due", "due+1"]


def test_the_step_after_due_keeps_its_local_hour_over_the_clock_change() -> None:
    made = datetime(2026, 10, 20, tzinfo=UTC)
    due = datetime(2026, 10, 30, 21, 0, tzinfo=UTC)  # Friday 5 pm, still summer time
    steps = rungs(LADDER, made, due, ZONE, load_calendar("us-federal"))
    assert steps[-1].at == datetime(2026, 11, 2, 22, 0, tzinfo=UTC)  # Monday 5 pm, winter time


@pytest.mark.parametrize(
    ("state", "hours_gone", "done", "look"),
    [
        ("open", 1, False, "open"),
        ("open", 81, False, "soon"),  # from 80 % of 100 hours on
        ("open", 100, False, "soon"),  # due this instant is in time
        ("open", 101, False, "late"),  # the sweep is a moment behind
        ("missed", 101, False, "late"),
        ("missed", 101, True, "done_late"),
        ("kept", 50, True, "kept"),
        ("replaced", 50, False, "replaced"),
        ("released", 50, False, "released"),
    ],
)
def test_how_it_looks(state: str, hours_gone: int, done: bool, look: str) -> None:
    now = MADE + timedelta(hours=hours_gone)
    due = MADE + timedelta(hours=100)
    assert face(state, MADE, due, now if done else None, now, ZONE).state == look


def test_on_the_due_day_it_is_soon() -> None:
    due = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)  # 11 pm on the 23rd in New York
    assert face("open", MADE - timedelta(days=1), due, None, MADE - timedelta(hours=11), ZONE).state == "soon"
