"""Where a conversation stands, for whoever shows or reads it out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cardline.flows.choices import choices_of
from cardline.flows.engine import Diverged, Position, replay
from cardline.flows.finding import find
from cardline.flows.here import Here, here_of_actor, here_of_run
from cardline.flows.models import FlowRun
from cardline.flows.registry import Flow, flows
from cardline.flows.verbs import Ask, Done, Find, HandOver, Option, Step
from cardline.kit.actors import Actor
from cardline.kit.refusals import NotThere
from cardline.kit.visibility import visible
from cardline.kit.words import Words


@dataclass(frozen=True, slots=True)
class Standing:
    """A conversation between two answers. said: since the last one. step: what it waits for, None at its end.

    choices: what can be picked. steps: how many answers there are. changed: its answers fit the questions no more.
    can_go_back: the last answer can be taken back.
    """

    flow: Flow | None
    run: FlowRun | None
    said: tuple[Words, ...]
    step: Step | None
    end: Done | HandOver | None
    choices: tuple[Option, ...] = ()
    steps: int = 0
    changed: bool = False
    can_go_back: bool = False

    @property
    def ask(self) -> Ask | None:
        return self.step if isinstance(self.step, Ask) else None


def opening_of(actor: Actor, flow: Flow, now: datetime, language: str) -> Standing:
    """The first question of a flow, before anything is begun: looking up is all that happens. Raises CoreUnknown."""
    here = here_of_actor(actor, now, language)
    answers: list[tuple[str, Any]] = []
    position = replay(flow, answers)
    while isinstance(position.step, Find):
        answers.append((position.step.step, find(here, position.step.what, position.step.values)))
        position = replay(flow, answers)
    return _standing(flow, None, here, position, 0, can_go_back=False)


def run_of(actor: Actor, token: str) -> FlowRun:
    """Raises NotThere: unknown and somebody else's alike."""
    run = (
        visible(FlowRun, actor)
        .select_related("member", "case", "contact__home_case")
        .filter(token=token)
        .first()
    )
    if run is None:
        raise NotThere()
    return run


def open_run_of_contact(actor: Actor, contact_id: int) -> FlowRun | None:
    rows = visible(FlowRun, actor).filter(contact=contact_id, state=FlowRun.State.OPEN)
    return rows.select_related("member", "case", "contact__home_case").first()


def standing_of(actor: Actor, run: FlowRun, now: datetime) -> Standing:
    """Raises CoreUnknown."""
    flow = flows.get(run.flow)
    rows = json.loads(run.answers)
    if flow is None or flow.version != run.version:
        return Standing(flow, run, (), None, None, steps=run.steps, changed=True)
    try:
        position = replay(flow, [(row[0], row[1]) for row in rows])
    except Diverged:
        return Standing(flow, run, (), None, None, steps=run.steps, changed=True)
    here = here_of_run(actor, run, now)
    back = run.state == FlowRun.State.OPEN and before_last_question(flow, rows) is not None
    return _standing(flow, run, here, position, run.steps, can_go_back=back)


def _standing(
    flow: Flow, run: FlowRun | None, here: Here, position: Position, steps: int, *, can_go_back: bool
) -> Standing:
    choices = choices_of(here, position.step) if isinstance(position.step, Ask) else ()
    return Standing(
        flow, run, position.said, position.step, position.end, choices, steps, can_go_back=can_go_back
    )


def before_last_question(flow: Flow, rows: list[list[Any]]) -> list[list[Any]] | None:
    """The answers before the last question; None where there is none, or something was done after it."""
    answers = [(row[0], row[1]) for row in rows]
    for n in range(len(rows) - 1, -1, -1):
        step = replay(flow, answers[:n]).step
        if isinstance(step, Ask):
            return rows[:n]
        if not isinstance(step, Find):
            return None
    return None
