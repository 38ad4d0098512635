"""A stopped purchase in the member's pane, and the member's word taken down in the conversation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from cardline.cards.queries import cards_of
from cardline.contact.models import Contact
from cardline.demo.people import actor_of
from cardline.desk.tests.conftest import Chat
from cardline.fraud.commands import raise_alert
from cardline.fraud.models import FraudAlert
from cardline.issuer.core import CardState
from cardline.kit import clock
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.redact import clean


@pytest.fixture
def maya(cast: Any, as_member: Any) -> Actor:
    actor: Actor = as_member(cast.maya)
    return actor


@pytest.fixture
def chat(cast: Any, maya: Actor, as_agent: Any, chat_of: Callable[..., Chat]) -> Chat:
    """Maya's, in Dana's hands."""
    return chat_of(maya, agent=as_agent(cast.dana))


@pytest.fixture
def alert(cast: Any, maya: Actor) -> FraudAlert:
    card = next(card.token for card in cards_of(maya) if card.mine)
    told = raise_alert(
        by=SYSTEM, now=clock.now(), outside="one", customer=cast.maya.core_customer, card=card,
        merchant=clean("Electronics Barn"), place=clean(""), amount_minor=81_250, currency="USD",
        charged_at=clock.now(),
    )  # fmt: skip
    return FraudAlert.objects.get(token=told["alert"])


def answer(client: Client, contact_id: int, alert: FraudAlert, word: str) -> Any:
    return client.post(f"/desk/contacts/{contact_id}/suspected/{alert.token}", {"answer": word})


def test_the_pane_says_what_was_stopped_and_where_it_stands(
    chat: Chat, cast: Any, alert: FraudAlert, agent_client: Callable[..., Client]
) -> None:
    page = agent_client(cast.dana).get(chat.page).content.decode()
    assert "Electronics Barn, $812.50" in page and "Stopped purchases" in page


def test_a_no_in_the_conversation_freezes(
    chat: Chat, cast: Any, maya: Actor, alert: FraudAlert, agent_client: Callable[..., Client]
) -> None:
    assert answer(agent_client(cast.dana), chat.contact_id, alert, "no").status_code == 302
    alert.refresh_from_db()
    assert (alert.state, alert.answered_by) == ("answered_no", "desk")
    assert any(card.state == CardState.FROZEN for card in cards_of(maya))


def test_anything_else_than_yes_and_no_is_no_answer(
    chat: Chat, cast: Any, alert: FraudAlert, agent_client: Callable[..., Client]
) -> None:
    assert answer(agent_client(cast.dana), chat.contact_id, alert, "maybe").status_code == 422
    alert.refresh_from_db()
    assert alert.state in FraudAlert.OPEN


def test_after_the_conversation_nobody_answers_for_them(
    chat: Chat, cast: Any, alert: FraudAlert, agent_client: Callable[..., Client]
) -> None:
    Contact.objects.filter(pk=chat.contact_id).update(state=Contact.State.ENDED, ended_at=clock.now())
    assert answer(agent_client(cast.dana), chat.contact_id, alert, "no").status_code == 409
    alert.refresh_from_db()
    assert alert.state in FraudAlert.OPEN


def test_in_somebody_elses_conversation_nobody_answers_for_them(
    chat: Chat, cast: Any, as_member: Any, alert: FraudAlert, chat_of: Any, agent_client: Any
) -> None:
    other = chat_of(as_member(cast.luis), agent=actor_of(cast.dana))
    assert answer(agent_client(cast.dana), other.contact_id, alert, "no").status_code == 404
    alert.refresh_from_db()
    assert alert.state in FraudAlert.OPEN


def test_the_board_counts_those_that_wait(
    cast: Any, alert: FraudAlert, agent_client: Callable[..., Client]
) -> None:
    supervisor = agent_client(cast.ines)
    assert "1 stopped purchase waits" in supervisor.get("/floor").content.decode()
    FraudAlert.objects.update(state="answered_no", answered_at=clock.now(), next_step_at=None)
    assert "stopped purchase" not in supervisor.get("/floor").content.decode()
