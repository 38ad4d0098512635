"""A guided conversation inside a chat: by presses, by a few words, and a person one word away."""

from __future__ import annotations

from typing import Any

import pytest

from cardline.cards.queries import cards_of
from cardline.cases.models import Entry
from cardline.contact.commands import send_message, take_contact
from cardline.contact.models import Contact
from cardline.flows.commands import start_flow
from cardline.flows.models import FlowRun
from cardline.issuer.core import CardState
from cardline.kit.actors import Actor
from cardline.kit.redact import clean
from cardline.kit.reference import contact_reference
from cardline.routing.commands import start_chat

UNFREEZE, FREEZE = "lost_stolen.unfreeze", "lost_stolen.freeze"


@pytest.fixture
def maya(cast: Any, as_member: Any) -> Actor:
    actor: Actor = as_member(cast.maya)
    return actor


@pytest.fixture
def chat(cast: Any, maya: Actor) -> Contact:
    began = start_chat(
        by=maya, now=cast.now, need=FREEZE, text=clean("My card is gone"), language="en", plan={}
    )
    return Contact.objects.select_related("home_case").get(pk=began["contact_id"])


def begin(maya: Actor, chat: Contact, now: Any, flow: str = FREEZE) -> FlowRun:
    start_flow(by=maya, now=now, flow=flow, language="en", channel="chat", contact_id=chat.pk)
    return FlowRun.objects.get()


def say(maya: Actor, chat: Contact, now: Any, words: str) -> None:
    send_message(by=maya, now=now, contact_id=chat.pk, text=clean(words))


def test_a_typed_number_answers(cast: Any, maya: Actor, chat: Contact) -> None:
    run = begin(maya, chat, cast.now)
    say(maya, chat, cast.now, "1")
    run.refresh_from_db()
    assert run.state == FlowRun.State.DONE and cards_of(maya)[0].state == CardState.FROZEN
    kinds = list(Entry.objects.filter(case=chat.home_case_id).order_by("n").values_list("kind", flat=True))
    assert kinds[-4:] == ["message", "flow.answered", "card.frozen", "flow.ended"]


def test_two_misses_are_messages_and_the_question_stays(cast: Any, maya: Actor, chat: Contact) -> None:
    run = begin(maya, chat, cast.now)
    say(maya, chat, cast.now, "hm")
    say(maya, chat, cast.now, "9999")
    run.refresh_from_db()
    assert run.state == FlowRun.State.OPEN and run.steps == 1
    assert cards_of(maya)[0].state == CardState.ACTIVE


def test_agent_ends_the_questions_with_everything_said(cast: Any, maya: Actor, chat: Contact) -> None:
    run = begin(maya, chat, cast.now)
    say(maya, chat, cast.now, "agent")
    run.refresh_from_db()
    assert run.state == FlowRun.State.HANDED_OVER
    assert Entry.objects.filter(contact=chat.pk, kind="flow.handed_over").exists()
    assert Contact.objects.get(pk=chat.pk).state == Contact.State.WAITING


def test_once_somebody_answers_words_are_words(cast: Any, maya: Actor, chat: Contact) -> None:
    run = begin(maya, chat, cast.now)
    agent = Actor(*_agent(cast.dana))
    take_contact(by=agent, now=cast.now, contact_id=chat.pk)
    say(maya, chat, cast.now, "1")
    run.refresh_from_db()
    assert run.steps == 1 and cards_of(maya)[0].state == CardState.ACTIVE


def test_somebody_elses_words_answer_nothing(
    cast: Any, maya: Actor, chat: Contact, as_member: Any, client: Any
) -> None:
    run = begin(maya, chat, cast.now)
    reference = contact_reference(chat.home_case.ref, chat.number)
    answered = client.post(f"/chat/{reference}/step", {"steps": "1", "answer": "x"})
    assert answered.status_code in (401, 404)
    run.refresh_from_db()
    assert run.steps == 1


def _agent(row: Any) -> tuple[Any, ...]:
    from cardline.kit.actors import Kind, Role

    return Kind.AGENT, str(row.pk), row.name, "", Role.SUPERVISOR, row.team
