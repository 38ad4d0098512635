"""Every conversation is walked to its end on every way; what is wrong with one is named with the way there."""

from __future__ import annotations

from typing import Any

import pytest

from cardline.flows import library  # noqa: F401 - declares the flows
from cardline.flows.check import MOST_WALKS, problems_of, walks_of
from cardline.flows.registry import Conversation, Flow, flows
from cardline.flows.talk import Talk, option


@pytest.mark.parametrize("name", sorted(flows))
def test_every_flow_ends_well_whatever_is_answered(name: str) -> None:
    assert problems_of(flows[name], every_combination=True) == []


@pytest.mark.parametrize("name", sorted(flows))
def test_every_way_through_a_flow_is_walked(name: str) -> None:
    walks = list(walks_of(flows[name]))
    assert walks and len(walks) < MOST_WALKS
    assert all(walk.end is not None for walk in walks)


def test_no_two_flows_share_an_address() -> None:
    assert len({flow.slug for flow in flows.values()}) == len(flows)


def unknown_action(talk: Talk) -> Conversation:
    yield talk.do("x", "cards.melt")
    yield talk.done("x", "X")


def unknown_question(talk: Talk) -> Conversation:
    yield talk.find("x", "weather")
    yield talk.done("x", "X")


def six_choices(talk: Talk) -> Conversation:
    yield talk.choose("x", "Which?", *(option(f"o{n}", "O") for n in range(6)))
    yield talk.done("x", "X")


def one_choice(talk: Talk) -> Conversation:
    yield talk.choose("x", "Which?", option("o", "O"))
    yield talk.done("x", "X")


def takes_the_person(talk: Talk) -> Conversation:
    yield talk.choose("x", "Which?", option("agent", "A"), option("b", "B"))
    yield talk.done("x", "X")


def twice(talk: Talk) -> Conversation:
    yield talk.choose("x", "Which?", option("b", "A"), option("b", "B"))
    yield talk.done("x", "X")


def never_ends(talk: Talk) -> Conversation:
    while True:
        yield talk.ask_text("x", "More?")


def no_end_after_no(talk: Talk) -> Conversation:
    if (yield talk.yes_no("x", "Go on?")):
        yield talk.done("x", "X")


def trips_over_a_refusal(talk: Talk) -> Conversation:
    done = yield talk.do("x", "cards.freeze", card="c")
    yield talk.done("x", "X", last4=done["last4"])


@pytest.mark.parametrize(
    ("converse", "says"),
    [
        (unknown_action, "no action is called"),
        (unknown_question, "no question is called"),
        (six_choices, "offers 6 answers"),
        (one_choice, "offers 1 answers"),
        (takes_the_person, "always leads to a person"),
        (twice, "offers one answer twice"),
        (never_ends, "does not end"),
        (no_end_after_no, "(after x=False)"),
        (trips_over_a_refusal, "KeyError"),
    ],
)
def test_a_flow_with_a_fault_is_named_with_its_fault(converse: Any, says: str) -> None:
    problems = problems_of(Flow("a.flow", "a.need", "A flow", 1, 0, "a-flow", converse))
    assert problems and all("a.flow" in problem for problem in problems)
    assert any(says in problem for problem in problems)
