"""An open chat is use of a member's session; a page that only stands open is none, and goes when the session does."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from cardline.config import doors
from cardline.config.doors import ProductDoors, _is_in_use, _may_act
from cardline.conftest import chat_of
from cardline.contact.models import Contact
from cardline.identity.commands import record_sign_in
from cardline.identity.middleware import seen_lately
from cardline.identity.models import MemberSession
from cardline.identity.queries import actor_of_session, session_hash
from cardline.identity.rules import IDLE_AFTER, SEEN_EVERY
from cardline.kit import clock
from cardline.kit.actors import SYSTEM, Actor, Kind
from cardline.kit.reference import contact_reference
from cardline.members.authorities.tests.scene import acting, record
from cardline.members.models import Member

BACKEND = "cardline.identity.backend.SignInBackend"


@pytest.fixture
def here(maya: Actor, now: datetime) -> Actor:
    record_sign_in(by=SYSTEM, now=now, member_id=maya.member_id, session=session_hash("here"))
    return actor_of_session(Member.objects.get(pk=maya.member_id).user_id, "here", "")


@pytest.fixture
def chat(here: Actor, dana: Actor, now: datetime) -> dict[str, Any]:
    return chat_of(here, dana, now)


def last_used(ago: timedelta) -> datetime:
    at = clock.machine_now() - ago
    MemberSession.objects.update(seen_at=at)
    seen_lately.forget()
    return at


def seen_at() -> datetime:
    return MemberSession.objects.get().seen_at


@pytest.mark.django_db
def test_a_chat_that_is_open_keeps_the_session(here: Actor, chat: dict[str, Any]) -> None:
    before = last_used(timedelta(minutes=29))
    assert _is_in_use(here, [f"case:{chat['case_id']}"])
    assert seen_at() > before


@pytest.mark.django_db
def test_nothing_else_that_stands_open_does(
    here: Actor, chat: dict[str, Any], hannah: Actor, now: datetime
) -> None:
    before = last_used(timedelta(minutes=29))
    theirs = chat_of(hannah, None, now)
    assert _is_in_use(here, []) and _is_in_use(here, [f"case:{theirs['case_id']}"])
    Contact.objects.filter(pk=chat["contact_id"]).update(state=Contact.State.ENDED, ended_at=now)
    assert _is_in_use(here, [f"case:{chat['case_id']}"])
    assert seen_at() == before
    last_used(IDLE_AFTER)
    assert not _is_in_use(here, [f"case:{chat['case_id']}"])


@pytest.mark.django_db
def test_a_session_that_ended_is_not_brought_back_by_its_chat(here: Actor, chat: dict[str, Any]) -> None:
    last_used(IDLE_AFTER)
    assert not _is_in_use(here, [f"case:{chat['case_id']}"])


@pytest.mark.django_db  # a thread of the pool may hold a connection of an earlier test
def test_a_page_is_asked_about_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def is_over(actor: Actor, _topics: Any) -> bool:
        asked.append(actor.session)
        return False

    monkeypatch.setattr(doors, "_is_in_use", is_over)
    doors.looked_lately.forget()
    member = Actor(Kind.MEMBER, "1", session="a session")

    async def pings() -> list[bool]:
        return [await ProductDoors().seen(member, ("case:1",)) for _ in range(3)]

    assert asyncio.run(pings()) == [False, True, True] and asked == ["a session"]
    assert timedelta(minutes=5) == SEEN_EVERY


@pytest.mark.django_db
def test_where_sockets_are_blocked_looking_for_messages_keeps_it_too(maya: Actor, now: datetime) -> None:
    client = Client()
    user = Member.objects.get(pk=maya.member_id).user
    assert user is not None
    client.force_login(user, backend=BACKEND)
    began = chat_of(maya, None, now)
    reference = contact_reference(began["ref"], began["number"])
    ask = f"/chat/{reference}/entries?after=0"
    before = last_used(timedelta(minutes=20))
    assert client.get(ask, headers={"Accept": "application/json"}).status_code == 200
    assert seen_at() > before
    before = last_used(timedelta(minutes=20))
    Contact.objects.filter(pk=began["contact_id"]).update(state=Contact.State.ENDED, ended_at=now)
    client.get(ask, headers={"Accept": "application/json"})
    assert seen_at() == before


@pytest.mark.django_db
def test_a_page_of_somebody_who_acts_for_another_goes_when_their_authority_does(
    here: Actor, hannah: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now()
    record(here, hannah, "guardian", now, until=now + timedelta(days=1))
    hers = acting(here, hannah, "guardian", now)

    assert _may_act(hers) and _may_act(here)
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=1))
    assert not _may_act(hers)
    assert _may_act(here)


@pytest.mark.django_db
def test_such_a_page_is_asked_about_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    hers = Actor(Kind.MEMBER, "2", session="here", acting_for=1, capacity="guardian")
    monkeypatch.setattr(doors, "_is_in_use", lambda actor, topics: True)
    answers = iter([True, True, False])
    monkeypatch.setattr(doors, "_may_act", lambda actor: next(answers))

    async def three_times() -> list[bool]:
        return [await ProductDoors().seen(hers) for _ in range(3)]

    doors.looked_lately.forget()
    assert asyncio.run(three_times()) == [True, True, False]
