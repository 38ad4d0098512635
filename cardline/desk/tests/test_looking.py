"""A member's data is read from an open case, or with a reason; either way the look stands in the log (SR-25)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError

from cardline.audit.models import AuditEvent, Reason, View
from cardline.cases.models import Case
from cardline.config.doors import ProductDoors
from cardline.contact.models import Contact
from cardline.desk.tests.conftest import Chat
from cardline.desk.views import case as case_views
from cardline.kit import clock, plugs
from cardline.kit.actors import Actor

Client = Any


@pytest.fixture
def chat(chat_of: Callable[..., Chat], maya: Actor, dana: Actor) -> Chat:
    return chat_of(maya, agent=dana)


@pytest.fixture
def desk(cast: Any, agent_client: Callable[..., Client]) -> Client:
    return agent_client(cast.dana)


def close(chat: Chat, minutes_ago: float = 20) -> None:
    """As it stands so long after wrap-up and closing."""
    at = clock.now() - timedelta(minutes=minutes_ago)
    Contact.objects.filter(case=chat.case_id).update(state="ended", ended_at=at)
    Case.objects.filter(pk=chat.case_id).update(state="closed", closed_at=at)


def whys() -> list[str]:
    return list(View.objects.order_by("id").values_list("why", flat=True))


def test_an_open_conversation_is_enough_and_is_the_why(
    chat: Chat, desk: Client, dana: Actor
) -> None:  # SR-25
    assert "bakery" in desk.get(chat.page).content.decode()
    row = View.objects.get()
    assert (row.why, row.channel, row.page, row.agent_id) == ("contact", "chat", "case", dana.agent_id)
    assert row.since == Contact.objects.get(pk=chat.contact_id).started_at
    assert AuditEvent.objects.filter(name="member.viewed", about=f"member:{row.member_id}").count() == 1


def test_an_open_case_whose_conversation_ended_is_enough(chat: Chat, desk: Client) -> None:  # SR-25
    Contact.objects.filter(pk=chat.contact_id).update(state="ended", ended_at=clock.now())
    assert "bakery" in desk.get(chat.page).content.decode()
    assert whys() == ["case"]


def test_the_look_stands_though_the_page_breaks_half_way(
    chat: Chat, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:  # SR-68, SR-93: what a killed process had begun to show is in the log
    seen: list[int] = []

    def broken(*_: Any, **__: Any) -> Any:
        seen.append(View.objects.count())
        raise SystemError("killed")

    monkeypatch.setattr(case_views, "render", broken)
    with pytest.raises(SystemError):
        desk.get(chat.page)
    assert seen == [1] and whys() == ["contact"]


def test_no_log_no_page(chat: Chat, desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:  # SR-66, SR-93
    def full(**_: Any) -> None:
        raise OperationalError("database or disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(plugs.audit, "write", full)
        for address in (chat.page, f"{chat.page}/lines"):
            answer = desk.get(address)
            assert answer.status_code == 503 and "bakery" not in answer.content.decode()
    assert desk.get(chat.page).status_code == 200 and whys() == ["contact"]


def test_a_closed_case_asks_for_a_reason_and_shows_nothing(chat: Chat, desk: Client) -> None:  # SR-25
    close(chat)
    page = desk.get(chat.page).content.decode()
    assert "Why do you need to read this?" in page and chat.ref in page
    for private in ("Maya", "Okafor", "bakery"):
        assert private not in page
    assert whys() == []
    assert desk.get(f"{chat.page}/lines").status_code == 403


def test_a_reason_opens_it_and_stands_in_the_event(chat: Chat, desk: Client, dana: Actor) -> None:  # SR-25
    close(chat)
    said = {"reason": "Her letter of 4111 1111 1111 1111 came back", "key": "form-key-0001"}
    assert desk.post(f"{chat.page}/reason", said)["Location"] == chat.page
    assert "bakery" in desk.get(chat.page).content.decode()
    assert desk.get(f"{chat.page}/lines").status_code == 200
    (event,) = AuditEvent.objects.filter(name="member.viewed")
    assert (
        '"why":"reason"' in event.detail and "came back" in event.detail and "1111 1111" not in event.detail
    )
    Reason.objects.update(until=clock.machine_now())
    assert "Why do you need" in desk.get(chat.page).content.decode()


def test_no_words_are_no_reason_and_what_was_typed_is_kept(chat: Chat, desk: Client) -> None:
    close(chat)
    answer = desk.post(f"{chat.page}/reason", {"reason": "x" * 401, "key": "form-key-0001"})
    assert answer.status_code == 422 and "x" * 401 in answer.content.decode()
    assert desk.post(f"{chat.page}/reason", {"reason": " ", "key": "form-key-0002"}).status_code == 422
    assert not Reason.objects.exists()


def test_another_case_of_the_member_that_is_open_is_enough(
    chat: Chat, chat_of: Callable[..., Chat], maya: Actor, dana: Actor, desk: Client
) -> None:  # SR-25
    close(chat)
    other = chat_of(maya, "And now this", agent=dana)
    assert "bakery" in desk.get(chat.page).content.decode()
    row = View.objects.get()
    assert row.why == "case" and row.from_ref == other.ref.replace("-", "") != row.ref


def test_somebody_elses_open_case_is_not(
    chat: Chat, chat_of: Callable[..., Chat], as_member: Any, cast: Any, dana: Actor, desk: Client
) -> None:  # SR-25
    close(chat)
    chat_of(as_member(cast.rosa), "Mine", agent=dana)
    assert "Why do you need" in desk.get(chat.page).content.decode()


def test_a_reason_widens_nothing(
    chat: Chat, cast: Any, priya: Actor, agent_client: Callable[..., Client]
) -> None:  # SR-22, SR-25
    close(chat)
    stranger = agent_client(cast.priya)
    assert (
        stranger.post(f"{chat.page}/reason", {"reason": "Curious", "key": "form-key-0001"}).status_code == 404
    )
    assert stranger.get(chat.page).status_code == 404
    assert not Reason.objects.exists() and whys() == []


def test_supervisors_need_a_reason_too(
    chat: Chat, cast: Any, ines: Actor, agent_client: Callable[..., Client]
) -> None:  # SR-25
    close(chat)
    assert "Why do you need" in agent_client(cast.ines).get(chat.page).content.decode()


def test_whoever_just_closed_it_can_still_read_it(chat: Chat, desk: Client) -> None:
    close(chat, minutes_ago=14)
    assert "bakery" in desk.get(chat.page).content.decode()


def test_a_screen_that_stood_open_loads_itself_anew(chat: Chat, desk: Client) -> None:
    close(chat)
    assert desk.get(chat.page, headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_following_by_socket_is_reading(chat: Chat, dana: Actor, maya: Actor) -> None:  # SR-25, SR-43
    doors, topic = ProductDoors(), f"case:{chat.case_id}"
    assert doors.newest(dana, topic) == Case.objects.get(pk=chat.case_id).last_entry
    assert list(View.objects.values_list("page", flat=True)) == ["live"]
    close(chat)
    assert doors.newest(dana, topic) is None
    assert doors.newest(maya, topic) is not None  # their own
    assert len(whys()) == 1


def test_a_guest_is_nobodys_data_and_still_a_look(
    chat_of: Callable[..., Chat], dana: Actor, desk: Client
) -> None:  # SR-93
    from cardline.identity.queries import guest

    chat = chat_of(guest("a token of their own"), agent=dana)
    for _ in range(2):
        assert desk.get(chat.page).status_code == 200
    assert AuditEvent.objects.filter(name="case.viewed").count() == 1 and whys() == []
