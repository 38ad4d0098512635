"""The verification panel: what an agent can do to know who speaks, and what it says came of it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from cardline.desk.tests.conftest import Chat
from cardline.identity.guesses.commands import count_wrong
from cardline.identity.guesses.rules import MOST_WRONG
from cardline.identity.queries import level_of
from cardline.identity.tests.phones import Texts, another
from cardline.kit import clock, plugs
from cardline.kit.actors import SYSTEM, Actor
from cardline.members.models import ContactPoint

pytestmark = pytest.mark.django_db


def read(answer: Any) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


@pytest.fixture(autouse=True)
def texts(monkeypatch: pytest.MonkeyPatch) -> Texts:
    texts = Texts()
    monkeypatch.setattr(plugs, "codes", texts)
    return texts


@pytest.fixture
def chat(chat_of: Callable[..., Chat], cast: Any, as_member: Callable[..., Actor], dana: Actor) -> Chat:
    """Maya's, who is signed in nowhere, in Dana's hands."""
    return chat_of(as_member(cast.maya, signed_in=False), agent=dana)


@pytest.fixture
def client(cast: Any, agent_client: Callable[..., Client]) -> Client:
    return agent_client(cast.dana)


@pytest.fixture
def phone(cast: Any) -> ContactPoint:
    point: ContactPoint = cast.maya.points.get(kind="phone")
    return point


def press(client: Client, chat: Chat, what: str, **form: Any) -> Any:
    return client.post(f"/desk/contacts/{chat.contact_id}/{what}", form, follow=True)


def test_a_code_to_the_number_on_file_verifies(
    client: Client, chat: Chat, dana: Actor, phone: ContactPoint, texts: Texts
) -> None:
    page = client.get(chat.page)
    assert "Find out who it is" in read(page) and "The code they say" not in read(page)
    assert phone.value not in page.content.decode()
    assert "The code they say" in read(press(client, chat, "code", point=phone.pk))
    wrong = press(client, chat, "code/entry", code=another(texts.code).reveal())
    assert "The check failed" in read(wrong)
    assert "1 check went wrong, over all channels. 4 left before a lock" in read(wrong)
    right = press(client, chat, "code/entry", code=texts.code.reveal())
    assert "Verified, level 2 of 3" in read(right) and "Find out who it is" not in read(right)
    assert level_of(dana, chat.contact_id) == 2


def test_facts_are_matched_or_not_and_nothing_else_is_shown(
    client: Client, chat: Chat, cast: Any, dana: Actor
) -> None:
    wrong = press(client, chat, "facts", name="Maya Okafor", fact="00000")
    assert "The check failed" in read(wrong) and "00000" not in wrong.content.decode()
    assert cast.maya.postal_code not in read(wrong)
    right = press(client, chat, "facts", name="maya okafor", fact=cast.maya.postal_code)
    assert "Verified, level 1 of 3" in read(right)
    assert "Call back a number on file" in read(right)  # more can be shown
    assert "Name they say" not in read(right)
    assert level_of(dana, chat.contact_id) == 1


def test_a_lock_leaves_calling_back(client: Client, chat: Chat, cast: Any, phone: ContactPoint) -> None:
    for _ in range(MOST_WRONG):
        count_wrong(by=SYSTEM, now=clock.now(), member_id=cast.maya.pk, proof="facts")
    page = read(client.get(chat.page))
    assert "Five checks went wrong. Nothing can be guessed until" in page
    for gone in ("Send a code", "Name they say", "The code they say"):
        assert gone not in page, gone
    assert "Verified, level 2 of 3" in read(press(client, chat, "call-back", point=phone.pk))


def test_with_no_number_that_counts_the_panel_says_so(
    client: Client, chat: Chat, phone: ContactPoint, texts: Texts
) -> None:
    ContactPoint.objects.filter(pk=phone.pk).update(since=clock.now() - timedelta(days=29))
    page = read(client.get(chat.page))
    assert "No number on file counts" in page and "Send a code" not in page and "I called it" not in page
    assert press(client, chat, "call-back", point=phone.pk).status_code == 404


def test_without_a_way_to_phones_no_code_is_offered(
    client: Client, chat: Chat, texts: Texts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts, "is_there", False)
    page = read(client.get(chat.page))
    assert "Send a code" not in page and "I called it, and they answered" in page


def test_of_several_numbers_one_is_chosen(client: Client, chat: Chat, cast: Any, texts: Texts) -> None:
    other = ContactPoint.objects.create(
        member=cast.maya, kind="phone", value="+1 212 555 0188", since=clock.now() - timedelta(days=60)
    )
    assert read(client.get(chat.page)).count("•••• 0188") == 3  # on file, to text, to call
    press(client, chat, "code", point=other.pk)
    assert texts.sent[0][0] == "+1 212 555 0188"
    for point in ("", "x", "+1 212 555 0199"):
        assert press(client, chat, "code", point=point).status_code == 422  # chosen, never typed


def test_a_colleague_who_does_not_have_the_conversation_sees_no_form(
    chat: Chat, cast: Any, agent_client: Callable[..., Client], phone: ContactPoint
) -> None:
    supervisor = agent_client(cast.ines)
    assert "Find out who it is" not in read(supervisor.get(chat.page))
    assert press(supervisor, chat, "call-back", point=phone.pk).status_code == 409
