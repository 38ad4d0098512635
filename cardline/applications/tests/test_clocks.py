"""By when we decide about an application is promised; the core's steps settle it (b.application, b.counteroffer)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from cardline.applications.rules import STEPS
from cardline.applications.tests.test_send_application import send
from cardline.conftest import NOON
from cardline.issuer.core import ApplicationState as State
from cardline.issuer.embedded.applications import end_waiting, move_on
from cardline.kit.actors import SYSTEM, Kind, Standing
from cardline.kit.commands import command
from cardline.promises.models import LegalClock, Promise
from cardline.promises.sweeps import sweep

pytestmark = pytest.mark.django_db


@command("test.move_applications", by=[Kind.SYSTEM])
def moved(*, by: Standing, now: Any, reference: str, to: str = "", day: date | None = None) -> None:
    if to:
        move_on(reference, State(to), at=now)
    if day:
        end_waiting(day, at=now)


def after(days: float) -> Any:
    return NOON + timedelta(days=days)


def how_it_stands() -> list[tuple[str, str, date]]:
    rows = LegalClock.objects.order_by("id").values_list("rule", "promise__state", "due_on")
    return [(rule, str(state), due) for rule, state, due in rows]


def test_a_decision_is_promised_by_the_thirtieth_day_and_kept_when_it_is_made(maya: Any) -> None:
    sent = send(maya, NOON)
    assert how_it_stands() == [("b.application", "open", date(2026, 12, 23))]
    promise = Promise.objects.get(case=sent["case_id"])
    assert promise.text == "Decide on your application and tell you" and promise.audience == "member"
    moved(by=SYSTEM, now=after(3), reference=sent["application"], to="complete")
    assert how_it_stands() == [("b.application", "open", date(2026, 12, 23))]  # it was whole, and runs on
    moved(by=SYSTEM, now=after(9), reference=sent["application"], to="declined")
    promise.refresh_from_db()
    assert (promise.state, promise.done_at, promise.evidence) == ("kept", after(9), "The decision was made.")


def test_what_was_missing_starts_the_clock_anew_when_it_comes(maya: Any) -> None:
    sent = send(maya, NOON)
    moved(by=SYSTEM, now=after(5), reference=sent["application"], to="incomplete")
    moved(by=SYSTEM, now=after(15), reference=sent["application"], to="complete")
    assert how_it_stands() == [
        ("b.application", "kept", date(2026, 12, 23)),
        ("b.application", "open", date(2027, 1, 7)),
    ]


def test_an_offer_nobody_takes_is_refused_in_time(maya: Any) -> None:
    """The core lets it lapse before the law's ninetieth day, so that the promise can be kept."""
    sent = send(maya, NOON)
    moved(by=SYSTEM, now=NOON, reference=sent["application"], to="complete")
    moved(by=SYSTEM, now=after(1), reference=sent["application"], to="counteroffer")
    assert how_it_stands()[1] == ("b.counteroffer", "open", date(2027, 2, 22))
    sweep(after(82))
    moved(by=SYSTEM, now=after(82), reference="", day=after(81).date())
    sweep(after(100))
    assert [state for _, state, _ in how_it_stands()] == ["kept", "kept"]


def test_a_decision_that_does_not_come_is_missed(maya: Any) -> None:
    sent = send(maya, NOON)
    sweep(after(31))
    moved(by=SYSTEM, now=after(32), reference=sent["application"], to="complete")
    assert [state for _, state, _ in how_it_stands()] == ["missed"]  # and no clock is started to hide it
    moved(by=SYSTEM, now=after(33), reference=sent["application"], to="approved")
    promise = Promise.objects.get()
    assert promise.state == "missed" and promise.done_at == after(33)


def test_a_visitors_application_is_nowhere_but_in_the_core(visitor: Any) -> None:
    moved(by=SYSTEM, now=after(1), reference=send(visitor, NOON)["application"], to="complete")
    assert not LegalClock.objects.exists() and not Promise.objects.exists()


def test_every_step_says_what_it_does_to_the_clocks() -> None:
    assert set(STEPS) == set(State) - {State.SUBMITTED}
    assert all(bool(step.settles) == bool(step.evidence) for step in STEPS.values())
