"""A walk through every flow: each answer that can be given, each way a command can end (SR-39: no dead end).

The start refuses a flow that names something unknown, asks what a keypad cannot, or stops without an end. It tries each
answer after each that can come before it, a fraction of a second; the tests try every combination there is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cardline.flows.doing import actions
from cardline.flows.engine import Answer, Position, replay
from cardline.flows.finding import questions
from cardline.flows.registry import Flow
from cardline.flows.verbs import MOST_CHOICES, Ask, Do, Find, Kind, Outcome, Promise, Verify

LONGEST = 60  # answers of one walk
MOST_WALKS = 4_000  # of one flow
PERSON = ("0", "agent", "person")  # words that lead to a person at every step; no answer may take them
_CARD, _CHARGE, _DAY, _MOMENT = "card_1", "txn_1", "2026-11-23", "2026-11-23T17:00:00+00:00"


@dataclass(frozen=True, slots=True)
class Walk:
    """One way through a flow. wrong: what is wrong with it, "" for nothing."""

    answers: tuple[Answer, ...]
    end: Position | None
    wrong: str = ""


def problems_of(flow: Flow, *, every_combination: bool = False) -> list[str]:
    """What the start says about a flow, each with the answers that lead there; none for a sound one."""
    found: dict[str, str] = {}
    for walk in walks_of(flow, every_combination=every_combination):
        if walk.wrong:
            path = " → ".join(f"{step}={value!r}" for step, value in walk.answers)
            found.setdefault(
                walk.wrong, f"flow {flow.name}: {walk.wrong}" + (f" (after {path})" if path else "")
            )
    return list(found.values())


def walks_of(flow: Flow, *, every_combination: bool = True) -> Iterator[Walk]:
    """Depth first over every kind of answer. A flow with more walks than MOST_WALKS is walked in part.

    every_combination: False tries an answer once after each other answer, whatever was said before those two.
    """
    waiting: list[tuple[Answer, ...]] = [()]
    tried: set[str] = set()
    walked = 0
    while waiting and walked < MOST_WALKS:
        answers = waiting.pop()
        walked += 1
        try:
            position = replay(flow, answers)
        except Exception as mistake:  # noqa: BLE001 - whatever a flow raises is what is wrong with it
            yield Walk(answers, None, f"{type(mistake).__name__}: {mistake}")
            continue
        if position.step is None:
            yield Walk(answers, position)
            continue
        if len(answers) >= LONGEST:
            yield Walk(answers, position, f"does not end within {LONGEST} answers")
            continue
        if wrong := _wrong_with(position):
            yield Walk(answers, position, wrong)
            continue
        for value in _samples(position):
            further = (*answers, (position.step.step, value))
            pair = further[-2:]
            # What comes round on the same walk is followed: it may never end.
            comes_round = any(answers[i : i + 2] == pair for i in range(len(answers) - 1))
            if every_combination or comes_round or repr(pair) not in tried:
                waiting.append(further)
                tried.add(repr(pair))


def _wrong_with(position: Position) -> str:
    step = position.step
    match step:
        case Do() if step.action not in actions:
            return f"does {step.action!r}, which no action is called"
        case Find() if step.what not in questions:
            return f"looks up {step.what!r}, which no question is called"
        case Verify() if step.level not in (1, 2, 3):
            return f"wants level {step.level}"
        case Ask(kind=Kind.CHOICE):
            return _wrong_with_choice(step)
    return ""


def _wrong_with_choice(ask: Ask) -> str:
    ids = [one.id for one in ask.options]
    if not 2 <= len(ids) <= MOST_CHOICES:
        return f"{ask.step} offers {len(ids)} answers; a keypad takes 2 to {MOST_CHOICES}"
    if len(set(ids)) < len(ids):
        return f"{ask.step} offers one answer twice"
    if taken := sorted(set(ids) & set(PERSON)):
        return f"{ask.step} takes {taken[0]!r}, which always leads to a person"
    return ""


def _samples(position: Position) -> list[Any]:
    step = position.step
    match step:
        case Ask():
            return _answers_to(step)
        case Do():
            action = actions[step.action]
            done = [Outcome(result=result).kept() for result in action.results]
            refused = [
                Outcome(refused=code, sentence="…").kept() for code in (*action.refusals, "anything_else")
            ]
            return done + refused
        case Find():
            return list(questions[step.what].samples)
        case Verify():
            return [True, False]
        case Promise():
            return [{"due_at": _MOMENT, "n": 1}]
    raise AssertionError(step)


def _answers_to(ask: Ask) -> list[Any]:
    left_out: list[Any] = [None] if ask.may_skip else []
    match ask.kind:
        case Kind.CHOICE:
            return [one.id for one in ask.options]
        case Kind.YES_NO:
            return [True, False]
        case Kind.CARD:
            return [_CARD]
        case Kind.CHARGES:
            return [[], [_CHARGE]]
        case Kind.FILE:
            return [[]]
        case Kind.DIGITS:
            return ["1" * ask.least, *left_out]
        case Kind.MONEY:
            return [100, *left_out]
        case Kind.DATE:
            return [_DAY, *left_out]
        case Kind.TEXT:
            return ["words", *left_out]
    raise AssertionError(ask.kind)
