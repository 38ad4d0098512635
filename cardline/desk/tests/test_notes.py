"""A private note reaches colleagues and nobody else, by no way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from cardline.audit.models import AuditEvent
from cardline.cases.models import Entry
from cardline.cases.queries import backlog
from cardline.desk.commands import EmptyNote, NoteTooLong, add_note
from cardline.desk.models import Note
from cardline.desk.tests.conftest import Chat
from cardline.kit import clock, news
from cardline.kit.actors import Actor
from cardline.kit.redact import clean
from cardline.kit.reference import contact_reference
from cardline.kit.refusals import NotThere
from cardline.kit.visibility import visible

SECRET = "She sounds as if somebody prompts her"
Client = Any


@pytest.fixture
def chat(chat_of: Callable[..., Chat], maya: Actor, dana: Actor) -> Chat:
    return chat_of(maya, agent=dana)


def test_a_note_is_written_by_the_form_and_read_by_colleagues(
    chat: Chat, cast: Any, agent_client: Callable[..., Client]
) -> None:
    client = agent_client(cast.dana)
    sent = client.post(
        f"{chat.page}/notes", {"text": SECRET, "key": "k" * 12}, headers={"Accept": "application/json"}
    )
    assert sent.status_code == 201
    client.post(f"{chat.page}/notes", {"text": SECRET, "key": "k" * 12})
    assert Note.objects.count() == 1, "the same press twice is one note"
    page = agent_client(cast.ines).get(chat.page).content.decode()
    assert SECRET in page
    assert "Private note, only staff see it" in page


def test_a_note_passes_the_redactor(chat: Chat, cast: Any, agent_client: Callable[..., Client]) -> None:
    agent_client(cast.dana).post(f"{chat.page}/notes", {"text": "She read out 4111 1111 1111 1111"})
    assert Note.objects.get().text == "She read out [card ••1111]"


def test_no_page_file_or_frame_of_the_member_holds_a_note(
    chat: Chat,
    cast: Any,
    dana: Actor,
    maya: Actor,
    member_client: Callable[..., Client],
    promise_of: Callable[..., int],
    django_capture_on_commit_callbacks: Any,
) -> None:
    heard: list[news.News] = []
    news.use_publisher(heard.extend)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            add_note(
                by=dana, now=clock.now(), case_id=chat.case_id, contact_id=chat.contact_id, text=clean(SECRET)
            )
            promise_of(dana, chat)
    finally:
        news.use_publisher(None)
    assert any("note" in one.text for one in heard)
    assert all(SECRET not in one.text for one in heard), (
        "screens are told that there is a note, not what it says"
    )
    assert all(one.audience == "staff" for one in heard if '"news": "note"' in one.text)

    client = member_client(cast.maya)
    contact = contact_reference(chat.ref.replace("-", ""), 1)
    addresses = [
        "/", "/contacts", f"/contacts/{chat.ref}", f"/contacts/{chat.ref}/promises/1.ics",
        f"/chat/{contact}", f"/chat/{contact}/entries?after=0", f"/chat/{contact}/summary",
    ]  # fmt: skip
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert SECRET not in answer.content.decode(), address
    assert all(SECRET not in frame for _, frame, _ in backlog(chat.case_id, 0, 100))
    assert not Entry.objects.filter(text__contains="prompts").exists()
    assert not AuditEvent.objects.filter(detail__contains="prompts").exists()


def test_nobody_but_colleagues_of_the_case_sees_a_note(
    chat: Chat, dana: Actor, maya: Actor, priya: Actor, ines: Actor
) -> None:
    add_note(by=dana, now=clock.now(), case_id=chat.case_id, text=clean(SECRET))
    assert visible(Note, dana).count() == visible(Note, ines).count() == 1
    assert visible(Note, priya).count() == visible(Note, maya).count() == 0


def test_a_note_needs_words_and_a_case_one_sees(chat: Chat, dana: Actor, priya: Actor) -> None:
    for text, refusal in (("  ", EmptyNote), ("x" * 4_001, NoteTooLong)):
        with pytest.raises(refusal):
            add_note(by=dana, now=clock.now(), case_id=chat.case_id, text=clean(text))
    with pytest.raises(NotThere):
        add_note(by=priya, now=clock.now(), case_id=chat.case_id, text=clean("Let me see"))
    assert not Note.objects.exists()


def test_notes_stand_among_the_messages_in_order_of_time(
    chat: Chat, cast: Any, dana: Actor, agent_client: Callable[..., Client]
) -> None:
    add_note(
        by=dana, now=clock.now() - timedelta(days=1), case_id=chat.case_id, text=clean("Called yesterday")
    )
    page = agent_client(cast.dana).get(chat.page).content.decode()
    assert page.index("Called yesterday") < page.index('<p class="text">I left my card')
