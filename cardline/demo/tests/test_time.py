"""What moves when the demo lets time pass, and what must not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cardline.cards.commands import freeze_card
from cardline.cards.queries import cards_of
from cardline.demo.stories import tell_stories
from cardline.demo.time import parse_span, pass_time, read_offset
from cardline.identity.queries import level_of
from cardline.kit import clock
from cardline.kit.actors import SYSTEM
from cardline.kit.refusals import Malformed, NotPermitted
from cardline.promises.models import Escalation, Promise
from cardline.promises.sweeps import sweep


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("+2d", timedelta(days=2)),
        ("+3h", timedelta(hours=3)),
        (" +45m ", timedelta(minutes=45)),
        ("+0d", timedelta(0)),
    ],
)
def test_a_span_is_read(written: str, meant: timedelta) -> None:
    assert parse_span(written) == meant


@pytest.mark.parametrize("written", ["2d", "-2d", "+d", "+2", "+2w", "+99999d", "", "+1d2h", "+٢d"])
def test_anything_else_is_refused(written: str) -> None:
    with pytest.raises(Malformed):
        parse_span(written)


def let_pass(span: timedelta) -> None:
    total = pass_time(by=SYSTEM, now=clock.now(), seconds=int(span.total_seconds()))
    clock.set_offset(timedelta(seconds=total))


def let(days: int) -> None:
    let_pass(timedelta(days=days))


def test_a_promise_nobody_kept_goes_to_the_supervisors_by_time_alone(cast: Any) -> None:
    tell_stories(clock.now())
    owed = Promise.objects.get(state="open")
    let(days=1)
    sweep(clock.now())
    owed.refresh_from_db()
    assert owed.state == "open"
    let_pass(owed.due_at - clock.now() + timedelta(minutes=5))
    for _ in range(2):
        sweep(clock.now())
    owed.refresh_from_db()
    assert owed.state == "missed" and owed.queue.startswith("supervisors:") and owed.owner is None
    assert Escalation.objects.filter(promise=owed, moment="due").count() == 1


def test_a_session_outlives_a_year_that_only_the_demo_let_pass(cast: Any, as_member: Any) -> None:
    maya = as_member(cast.maya)
    let(days=365)
    assert level_of(maya) == 2
    frozen = freeze_card(by=maya, now=clock.now(), card=cards_of(maya)[0].token)
    assert frozen["frozen_at"] > (clock.machine_now() + timedelta(days=364)).isoformat()


@pytest.mark.django_db
def test_time_adds_up_and_does_not_run_away() -> None:
    let(days=2)
    let(days=3)
    assert read_offset() == clock.offset() == timedelta(days=5)
    with pytest.raises(Malformed):
        let(days=800)
    with pytest.raises(Malformed):
        let(days=-1)
    assert read_offset() == timedelta(days=5)


def test_nobody_but_the_demo_itself_lets_time_pass(cast: Any, as_member: Any, as_agent: Any) -> None:
    for somebody in (as_member(cast.maya), as_agent(cast.ines), as_agent(cast.theo)):
        with pytest.raises(NotPermitted):
            pass_time(by=somebody, now=clock.now(), seconds=60)
    assert read_offset() == timedelta(0)
