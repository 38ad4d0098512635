"""An agent says that they call the member, reads the code out, and says when the call is over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from cardline.audit.models import AuditEvent
from cardline.cases.models import Case
from cardline.contact.models import Contact
from cardline.desk.commands import call_member
from cardline.desk.tests.conftest import Chat
from cardline.kit import clock
from cardline.kit.actors import Actor
from cardline.kit.refusals import NotThere
from cardline.trust.models import Call, Code
from cardline.trust.queries import code_of
from cardline.trust.rules import shown

Client = Any


@pytest.fixture
def chat(chat_of: Callable[..., Chat], maya: Actor, dana: Actor) -> Chat:
    return chat_of(maya, agent=dana)


@pytest.fixture
def desk(cast: Any, agent_client: Callable[..., Client]) -> Client:
    return agent_client(cast.dana)


def press(desk: Client, chat: Chat, end: bool = False, key: str = "form-key-0001") -> Any:
    return desk.post(f"{chat.page}/call{'/end' if end else ''}", {"key": key, "back": chat.page})


def test_one_press_begins_it_and_shows_the_code_to_read_out(
    chat: Chat, desk: Client, maya: Actor, dana: Actor
) -> None:  # DOMAIN 8
    assert "I am calling them now" in desk.get(chat.page).content.decode()
    assert press(desk, chat)["Location"] == chat.page
    page, code = desk.get(chat.page).content.decode(), code_of(Code.objects.get().salt)
    assert shown(code) in page and "The call is over" in page and "I am calling them now" not in page
    assert Call.objects.get().member_id == maya.member_id
    assert AuditEvent.objects.filter(name="case.call", actor=dana.key, about=f"case:{chat.case_id}").exists()


def test_another_press_ends_it(chat: Chat, desk: Client) -> None:
    press(desk, chat)
    press(desk, chat, end=True, key="form-key-0002")
    assert "I am calling them now" in desk.get(chat.page).content.decode()
    assert press(desk, chat, end=True, key="form-key-0003").status_code == 302  # it is over already


def test_a_colleague_reads_who_calls_and_no_code(
    chat: Chat, desk: Client, cast: Any, ines: Actor, agent_client: Callable[..., Client]
) -> None:
    press(desk, chat)
    page = agent_client(cast.ines).get(chat.page).content.decode()
    assert "Dana Whitfield is calling them right now." in page
    assert shown(code_of(Code.objects.get().salt)) not in page
    assert press(agent_client(cast.ines), chat).status_code == 409


def test_strangers_call_nobody(
    chat: Chat, cast: Any, agent_client: Callable[..., Client], member_client: Callable[..., Client]
) -> None:  # SR-22
    for stranger in (agent_client(cast.priya), member_client(cast.maya)):
        assert press(stranger, chat).status_code == 404
    assert not Call.objects.exists()


def test_a_guest_has_no_number_and_a_closed_case_no_reason(
    chat: Chat, chat_of: Callable[..., Chat], visitor: Actor, dana: Actor
) -> None:  # SR-25
    guests = chat_of(visitor, agent=dana)
    long_ago = clock.now() - timedelta(hours=1)
    Contact.objects.filter(pk=chat.contact_id).update(state="ended", ended_at=long_ago)
    Case.objects.filter(pk=chat.case_id).update(state="closed", closed_at=long_ago)
    for case_id in (guests.case_id, chat.case_id, 0):
        with pytest.raises(NotThere):
            call_member(by=dana, now=clock.now(), case_id=case_id)
