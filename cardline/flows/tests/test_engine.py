"""The whole state of a conversation is what was answered: the same answers lead to the same place, always."""

from __future__ import annotations

from typing import Any

import pytest

from cardline.flows.engine import Diverged, replay
from cardline.flows.registry import Conversation, Flow
from cardline.flows.talk import Talk, option
from cardline.flows.verbs import Ask, Done, Outcome


def flow_of(converse: Any) -> Flow:
    return Flow("a.flow", "a.need", "A flow", 1, 0, "a-flow", converse)


def two_questions(talk: Talk) -> Conversation:
    yield talk.say("Welcome.")
    name = yield talk.ask_text("name", "Who are you?")
    yield talk.say("Hello %(name)s.", name=name)
    again = yield talk.yes_no("again", "Once more?")
    if again:
        done = yield talk.do("freeze", "cards.freeze", card="c")
        yield talk.say("Done: %(done)s", done=done.done)
    yield talk.done("over", "Goodbye.")


TWO = flow_of(two_questions)


def asked(answers: list[tuple[str, Any]]) -> str:
    step = replay(TWO, answers).step
    assert step is not None
    return step.step


def test_the_first_question_comes_with_what_is_said_before_it() -> None:
    position = replay(TWO, [])
    assert [words.text for words in position.said] == ["Welcome."]
    assert isinstance(position.step, Ask) and position.step.step == "name"


def test_only_what_was_said_since_the_last_answer_is_said() -> None:
    position = replay(TWO, [("name", "Maya")])
    assert [(words.text, words.values) for words in position.said] == [("Hello %(name)s.", {"name": "Maya"})]
    assert asked([("name", "Maya")]) == "again"


def test_an_answer_goes_into_the_flow_and_decides_its_way() -> None:
    assert asked([("name", "Maya"), ("again", True)]) == "freeze"
    ended = replay(TWO, [("name", "Maya"), ("again", False)])
    assert isinstance(ended.end, Done) and ended.end.outcome == "over" and ended.step is None


def test_what_a_command_led_to_reaches_the_flow_as_an_outcome() -> None:
    refused = Outcome(refused="card_closed", sentence="It is closed.").kept()
    position = replay(TWO, [("name", "Maya"), ("again", True), ("freeze", refused)])
    assert position.said[0].values == {"done": False}


def test_the_same_answers_lead_to_the_same_place_however_often() -> None:
    answers = [("name", "Maya"), ("again", True)]
    assert replay(TWO, answers) == replay(TWO, answers)


@pytest.mark.parametrize(
    "answers",
    [[("colour", "red")], [("name", "Maya"), ("again", False), ("more", 1)], [("again", True)]],
    ids=["another question", "after the end", "in another order"],
)
def test_answers_that_do_not_fit_are_told_apart(answers: list[tuple[str, Any]]) -> None:
    with pytest.raises(Diverged):
        replay(TWO, answers)


def test_a_flow_has_to_say_how_it_ends() -> None:
    def silent(talk: Talk) -> Conversation:
        yield talk.say("Hm.")

    with pytest.raises(RuntimeError, match="without saying how"):
        replay(flow_of(silent), [])


def test_a_flow_that_talks_without_end_is_stopped() -> None:
    def chatter(talk: Talk) -> Conversation:
        while True:
            yield talk.say("And another thing.")

    with pytest.raises(RuntimeError, match="without a question"):
        replay(flow_of(chatter), [])


def test_a_question_may_come_again() -> None:
    def until_yes(talk: Talk) -> Conversation:
        while not (yield talk.yes_no("sure", "Sure?")):
            yield talk.say("Then think again.")
        yield talk.done("sure", "Good.")

    flow = flow_of(until_yes)
    assert replay(flow, [("sure", False), ("sure", False)]).step is not None
    assert replay(flow, [("sure", False), ("sure", True)]).end is not None


def test_choices_keep_their_order() -> None:
    def choose(talk: Talk) -> Conversation:
        yield talk.choose("way", "Which?", option("b", "B"), option("a", "A"))
        yield talk.done("x", "X")

    step = replay(flow_of(choose), []).step
    assert isinstance(step, Ask) and [one.id for one in step.options] == ["b", "a"]
