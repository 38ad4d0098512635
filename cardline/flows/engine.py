"""Where a conversation stands: the generator run again over the answers given so far.

The whole state is a flow's name, its version and a list of [step, answer]: plain JSON. Nothing of a running generator
is kept between two answers, so that a process can end at any moment and another goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cardline.flows.registry import Conversation, Flow
from cardline.flows.talk import Talk
from cardline.flows.verbs import Do, Done, HandOver, Say, Step, outcome_kept
from cardline.kit.words import Words

Answer = tuple[str, Any]  # (step, JSON value)
MOST_SAID = 20  # sentences between two answers; more is a loop


class Diverged(Exception):
    """The flow as it is now does not ask what these answers answer: it was changed in the middle of a conversation."""

    def __init__(self, flow: str, asks: str, answered: str) -> None:
        super().__init__(f"{flow} asks {asks!r} where {answered!r} was answered")


@dataclass(frozen=True, slots=True)
class Position:
    """said: since the last answer. step: what the flow waits for; or end: how it ended. answered: how many answers."""

    said: tuple[Words, ...]
    step: Step | None
    end: Done | HandOver | None
    answered: int


def replay(flow: Flow, answers: Sequence[Answer]) -> Position:
    """Raises Diverged. The flow's own errors go through: they are mistakes in the flow."""
    conversation = flow.converse(Talk())
    said: list[Words] = []
    reply: Any = None
    given = 0
    while True:
        verb = _next(flow, conversation, reply)
        if isinstance(verb, Say):
            said.append(verb.words)
            if len(said) > MOST_SAID:
                raise RuntimeError(f"{flow.name} says more than {MOST_SAID} sentences without a question")
            reply = None
            continue
        if isinstance(verb, Done | HandOver):
            if given < len(answers):
                raise Diverged(flow.name, "the end", answers[given][0])
            return Position(tuple(said), None, verb, given)
        if given == len(answers):
            return Position(tuple(said), verb, None, given)
        step, value = answers[given]
        if step != verb.step:
            raise Diverged(flow.name, verb.step, step)
        said.clear()
        given += 1
        reply = outcome_kept(value) if isinstance(verb, Do) else value


def _next(flow: Flow, conversation: Conversation, reply: Any) -> Say | Step | Done | HandOver:
    try:
        return conversation.send(reply)
    except StopIteration:
        raise RuntimeError(f"{flow.name} ended without saying how: yield talk.done(…) last") from None
