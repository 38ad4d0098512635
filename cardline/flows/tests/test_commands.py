"""Conversations on real cards: kept, done once, handed over with everything said so far."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cardline.cards.queries import cards_of
from cardline.cards.tests.distance import far_away
from cardline.cases.models import Case, Entry
from cardline.contact.models import Contact
from cardline.flows import sweeps
from cardline.flows.commands import (
    AnsweredMeanwhile,
    CannotGoBack,
    ConversationOver,
    OneAtATime,
    QuestionsChanged,
    answer_flow,
    claim_run,
    go_on,
    hand_over,
    start_flow,
    step_back,
)
from cardline.flows.models import FlowRun
from cardline.flows.queries import opening_of, run_of, standing_of
from cardline.flows.reading import PickOne
from cardline.flows.registry import flows
from cardline.flows.script import Script
from cardline.issuer.core import CardState
from cardline.kit.actors import Actor
from cardline.kit.redact import clean
from cardline.kit.refusals import LevelTooLow, NotThere
from cardline.kit.secret import Secret

FREEZE, UNFREEZE, DAMAGED = "lost_stolen.freeze", "lost_stolen.unfreeze", "card_access.replace_damaged"


@pytest.fixture
def maya(cast: Any, as_member: Any) -> Actor:
    actor: Actor = as_member(cast.maya)
    return actor


@pytest.fixture
def card(cast: Any, maya: Actor) -> str:
    return next(card.token for card in cards_of(maya) if card.mine)


def state_of(maya: Actor, token: str) -> CardState:
    return next(card.state for card in cards_of(maya) if card.token == token)


def begin(by: Actor, now: Any, flow: str = FREEZE, **more: Any) -> str:
    return str(start_flow(by=by, now=now, flow=flow, language="en", **more)["token"])


def answer(by: Actor, now: Any, token: str, *given: str, steps: int | None = None) -> dict[str, Any]:
    seen = FlowRun.objects.get(token=token).steps if steps is None else steps
    return answer_flow(by=by, now=now, token=token, steps=seen, answer=[clean(one) for one in given])


def test_one_answer_freezes_a_card_and_leaves_a_reference(cast: Any, maya: Actor, card: str) -> None:
    script = Script(maya, cast.now, {"card": card})
    ended = script.play(FREEZE)
    assert ended.end is not None and state_of(maya, card) == CardState.FROZEN
    case = Case.objects.get()
    assert script.said[0] == "Which card shall we freeze?"
    assert script.said[1] == "Card ending 4471 is frozen. Nobody can buy with it."
    assert ended.run is not None and ended.run.case_id == case.pk and ended.run.outcome == "frozen"


def test_what_was_asked_and_answered_stands_in_the_case(cast: Any, maya: Actor, card: str) -> None:
    Script(maya, cast.now, {"card": card}).play(FREEZE)
    lines = Entry.objects.filter(kind__startswith="flow.").order_by("n")
    assert [line.kind for line in lines] == ["flow.answered", "flow.ended"]
    data = json.loads(lines[0].data)
    assert data["asked"]["text"] == "Which card shall we freeze?"
    assert data["answer"] == {"text": "Card ending %(last4)s", "values": {"last4": "4471"}}


def test_the_first_answer_can_come_with_the_beginning(cast: Any, maya: Actor, card: str) -> None:
    told = start_flow(by=maya, now=cast.now, flow=FREEZE, language="en", first=[clean(card)])
    assert told["state"] == "done" and state_of(maya, card) == CardState.FROZEN


def test_an_opening_shows_the_question_and_begins_nothing(cast: Any, maya: Actor) -> None:
    opening = opening_of(maya, flows[FREEZE], cast.now, "en")
    assert opening.ask is not None and [one.words.values["last4"] for one in opening.choices] == ["4471"]
    assert not FlowRun.objects.exists()


def test_something_else_than_the_choices_is_refused_and_the_question_stays(cast: Any, maya: Actor) -> None:
    token = begin(maya, cast.now)
    for given in ["somebody-elses-card", "", "0"]:
        with pytest.raises(PickOne):
            answer(maya, cast.now, token, given)
    assert FlowRun.objects.get().steps == 1 and not Case.objects.exists()


def test_two_who_answer_at_once_are_told_apart(cast: Any, maya: Actor, card: str) -> None:
    token = begin(maya, cast.now, DAMAGED)
    answer(maya, cast.now, token, card, steps=1)
    with pytest.raises(AnsweredMeanwhile):
        answer(maya, cast.now, token, card, steps=1)
    assert FlowRun.objects.get().steps == 2


def test_after_the_end_nothing_is_answered(cast: Any, maya: Actor, card: str) -> None:
    token = begin(maya, cast.now, first=[clean(card)])
    with pytest.raises(ConversationOver):
        answer(maya, cast.now, token, card)


def test_a_stranger_finds_nothing(cast: Any, maya: Actor, as_member: Any, visitor: Actor) -> None:
    token = begin(maya, cast.now)
    for other in (as_member(cast.hannah), visitor):
        with pytest.raises(NotThere):
            answer(other, cast.now, token, "x", steps=1)
        with pytest.raises(NotThere):
            run_of(other, token)
        with pytest.raises(NotThere):
            hand_over(by=other, now=cast.now, token=token)


def test_whoever_is_not_known_surely_enough_begins_nothing(cast: Any, visitor: Actor) -> None:
    with pytest.raises(LevelTooLow):
        begin(visitor, cast.now, UNFREEZE)
    assert not FlowRun.objects.exists()


def test_a_step_back_asks_again(cast: Any, maya: Actor, card: str) -> None:
    token = begin(maya, cast.now, DAMAGED)
    answer(maya, cast.now, token, card)
    assert standing_of(maya, run_of(maya, token), cast.now).can_go_back
    step_back(by=maya, now=cast.now, token=token, steps=2)
    standing = standing_of(maya, run_of(maya, token), cast.now)
    assert standing.ask is not None and standing.ask.step == "card" and not standing.can_go_back


def test_what_is_answered_anew_after_a_step_back_stands_in_the_case(
    cast: Any, maya: Actor, card: str
) -> None:
    token = begin(maya, cast.now, DAMAGED)
    there = hand_over(by=maya, now=cast.now, token=token)
    token = begin(maya, cast.now, DAMAGED, contact_id=there["contact_id"])
    answer(maya, cast.now, token, card)
    step_back(by=maya, now=cast.now, token=token, steps=2)
    answer(maya, cast.now, token, card)
    assert Entry.objects.filter(kind="flow.answered").count() == 2  # said twice, and both times written down


def test_what_no_guest_began_is_claimed_by_nobody(cast: Any, maya: Actor, as_member: Any) -> None:
    token = begin(maya, cast.now, DAMAGED)
    FlowRun.objects.update(member=None, guest_key="")
    with pytest.raises(NotThere):
        claim_run(by=as_member(cast.hannah), now=cast.now, token=token, guest=Secret(""))


def test_what_was_done_is_not_stepped_back_over(cast: Any, maya: Actor) -> None:
    token = begin(maya, cast.now)
    with pytest.raises(CannotGoBack):
        step_back(by=maya, now=cast.now, token=token, steps=1)


def test_a_person_is_one_press_away_with_everything_said(cast: Any, maya: Actor, card: str) -> None:
    token = begin(maya, cast.now, DAMAGED)
    answer(maya, cast.now, token, card)
    there = hand_over(by=maya, now=cast.now, token=token)
    contact = Contact.objects.get(pk=there["contact_id"])
    kinds = list(Entry.objects.filter(case=contact.case_id).order_by("n").values_list("kind", flat=True))
    assert kinds[:4] == ["case.opened", "flow.answered", "flow.handed_over", "contact.started"]
    assert hand_over(by=maya, now=cast.now, token=token) == there
    assert FlowRun.objects.get().state == FlowRun.State.HANDED_OVER


def test_after_its_end_a_person_is_still_one_press_away(cast: Any, maya: Actor, card: str) -> None:
    token = begin(maya, cast.now, first=[clean(card)])
    there = hand_over(by=maya, now=cast.now, token=token)
    assert Contact.objects.get(pk=there["contact_id"]).case_id == FlowRun.objects.get().case_id


def test_a_flow_changed_in_the_middle_does_nothing_twice(
    cast: Any, maya: Actor, card: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = begin(maya, cast.now, DAMAGED)
    answer(maya, cast.now, token, card)
    monkeypatch.setitem(flows, DAMAGED, replace(flows[DAMAGED], version=2))
    with pytest.raises(QuestionsChanged):
        answer(maya, cast.now, token, "mine")
    assert standing_of(maya, run_of(maya, token), cast.now).changed
    there = hand_over(by=maya, now=cast.now, token=token)
    lines = Entry.objects.filter(case__ref=there["ref"], kind="flow.answered")
    assert [json.loads(line.data)["answer"]["values"] for line in lines] == [{"last4": "4471"}]


def test_one_at_a_time_in_a_conversation_with_us(cast: Any, maya: Actor, card: str) -> None:
    there = hand_over(by=maya, now=cast.now, token=begin(maya, cast.now, DAMAGED))
    begin(maya, cast.now, DAMAGED, contact_id=there["contact_id"])
    with pytest.raises(OneAtATime):
        begin(maya, cast.now, FREEZE, contact_id=there["contact_id"])


# --------------------------------------------------------------------------------------- a core that does not answer


@pytest.fixture
def far(cast: Any) -> Iterator[Any]:
    with far_away() as core:
        yield core


def test_silence_of_the_core_keeps_the_answer_and_says_so(
    cast: Any, maya: Actor, card: str, far: Any
) -> None:
    token = begin(maya, cast.now, DAMAGED)
    answer(maya, cast.now, token, card)
    answer(maya, cast.now, token, "mine")
    far.lost = {"replace_card"}
    answer(maya, cast.now, token, "home")
    run = FlowRun.objects.get()
    assert (run.silent_since, run.steps) == (cast.now, 4)

    far.lost = set()
    later = cast.now + timedelta(minutes=1)
    go_on(by=maya, now=later, token=token, steps=4)
    run.refresh_from_db()
    assert run.silent_since is None and run.state == FlowRun.State.DONE
    assert sum(key.startswith("replace:") for key in set(far.keys)) == 1
    assert len(cards_of(maya)) == 2


def test_a_person_looks_at_what_stays_unconfirmed(cast: Any, maya: Actor, card: str, far: Any) -> None:
    token = begin(maya, cast.now, DAMAGED)
    answer(maya, cast.now, token, card)
    answer(maya, cast.now, token, "mine")
    far.lost = {"replace_card"}
    answer(maya, cast.now, token, "home")
    assert sweeps.sweep(cast.now + timedelta(seconds=30)) == 0
    assert sweeps.sweep(cast.now + timedelta(minutes=3)) == 1
    assert sweeps.sweep(cast.now + timedelta(minutes=4)) == 0
    case = Case.objects.get()
    assert case.attention_at == cast.now + timedelta(minutes=3)
    assert Entry.objects.filter(case=case, kind="flow.silent").count() == 1


# ------------------------------------------------------------------------------------------------- languages, the end


def test_spanish_in_spanish_out(cast: Any, maya: Actor, card: str) -> None:
    script = Script(maya, cast.now, {"card": card}, language="es")
    script.play(FREEZE)
    assert script.said[:2] == [
        "¿Qué tarjeta congelamos?",
        "La tarjeta terminada en 4471 está congelada. Nadie puede comprar con ella.",
    ]


@pytest.mark.parametrize("flow", [FREEZE, UNFREEZE, DAMAGED])
@pytest.mark.parametrize("step", range(4))
def test_an_end_at_any_moment_leaves_it_before_that_answer(
    cast: Any, maya: Actor, card: str, flow: str, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process ends while answer number `step` is kept; then the same answers are given once more."""
    if flow == UNFREEZE:
        Script(maya, cast.now, {"card": card}).play(FREEZE)
    answers = {"card": card, "where": "mine", "to": "home", "sure": "yes"}
    saves = []
    real = FlowRun.save

    def dies(self: FlowRun, *args: Any, **kwargs: Any) -> None:
        saves.append(1)
        if len(saves) == step + 2:  # the first is the row's own creation
            raise SystemExit
        real(self, *args, **kwargs)

    with monkeypatch.context() as broken:
        broken.setattr(FlowRun, "save", dies)
        try:
            Script(maya, cast.now, answers).play(flow)
        except SystemExit:
            assert len(saves) == step + 2
    left = FlowRun.objects.filter(flow=flow, state=FlowRun.State.OPEN).first()
    script = Script(maya, cast.now, answers)
    ended = script.go_on(left.token) if left else script.play(flow)
    assert ended.end is not None
    done = FlowRun.objects.filter(flow=flow, state=FlowRun.State.DONE)
    kinds = list(Entry.objects.values_list("kind", flat=True))
    assert done.count() >= 1
    assert kinds.count("card.frozen") == (1 if flow in (FREEZE, UNFREEZE) else 0)
    assert kinds.count("card.unfrozen") == (1 if flow == UNFREEZE else 0)
    assert kinds.count("card.replaced") == (1 if flow == DAMAGED else 0)
