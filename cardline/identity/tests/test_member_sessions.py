"""Where a member is signed in: listed, seen now and then, and ended one by one or all but this (SR-24, SR-37)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import login
from django.test import Client, RequestFactory

from cardline.audit.models import AuditEvent
from cardline.identity.commands import (
    end_other_sessions,
    end_session,
    mark_seen,
    record_sign_in,
    record_sign_out,
)
from cardline.identity.middleware import seen_lately
from cardline.identity.models import Evidence, MemberSession
from cardline.identity.queries import actor_of_session, level_of, session_hash, sessions_of
from cardline.identity.rules import IDLE_AFTER, SEEN_EVERY, SESSION_LASTS
from cardline.identity.sessions import SessionStore
from cardline.kit import clock, news
from cardline.kit.actors import SYSTEM, Actor, Kind
from cardline.kit.refusals import NotPermitted, NotThere, Unavailable
from cardline.members.models import Member

BACKEND = "cardline.identity.backend.SignInBackend"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0"


@pytest.fixture
def here(maya: Actor, now: datetime) -> Actor:
    return sign_in(maya, "here", now)


def sign_in(member: Actor, key: str, now: datetime, device: str = "Firefox, Windows") -> Actor:
    session = session_hash(key)
    record_sign_in(by=SYSTEM, now=now, member_id=member.member_id, session=session, device=device)
    return asks(member, key)


def asks(member: Actor, key: str) -> Actor:
    """Who a request with this session key comes from."""
    return actor_of_session(Member.objects.get(pk=member.member_id).user_id, key, "")


@pytest.fixture
def topics() -> Iterator[list[str]]:
    told: list[str] = []
    news.use_publisher(lambda batch: told.extend(item.topic for item in batch))
    yield told
    news.use_publisher(None)


@pytest.mark.django_db
def test_a_session_is_its_members_and_says_how_to_speak_to_them(here: Actor, maya: Actor) -> None:
    Member.objects.filter(pk=maya.member_id).update(preferred_name="Mai", chosen_language="es")
    found = asks(maya, "here")
    assert (found.kind, found.name, found.called, found.language) == (
        Kind.MEMBER,
        "Maya Okafor",
        "Mai",
        "es",
    )


@pytest.mark.django_db
def test_a_session_nobody_signed_in_with_is_a_guests(here: Actor, maya: Actor, hannah: Actor) -> None:
    assert asks(maya, "another").kind == Kind.GUEST
    assert asks(hannah, "here").kind == Kind.GUEST


@pytest.mark.django_db
def test_a_session_ends_after_twelve_hours(here: Actor, maya: Actor, now: datetime) -> None:  # SR-37
    old = clock.machine_now() - SESSION_LASTS
    MemberSession.objects.update(since=old + timedelta(minutes=1))
    assert asks(maya, "here").kind == Kind.MEMBER
    MemberSession.objects.update(since=old)
    assert asks(maya, "here").kind == Kind.GUEST and sessions_of(here) == []
    sign_in(maya, "again", now)
    assert [one.session for one in MemberSession.objects.all()] == [session_hash("again")]


@pytest.mark.django_db
def test_a_session_ends_when_nobody_uses_it_for_half_an_hour(here: Actor, maya: Actor) -> None:  # SR-37
    at = clock.machine_now()
    MemberSession.objects.update(seen_at=at - IDLE_AFTER + timedelta(seconds=5))
    assert asks(maya, "here").kind == Kind.MEMBER and len(sessions_of(here)) == 1
    MemberSession.objects.update(seen_at=at - IDLE_AFTER)
    assert asks(maya, "here").kind == Kind.GUEST and sessions_of(here) == []
    assert timedelta(minutes=30) == IDLE_AFTER


@pytest.mark.django_db
def test_a_use_that_was_not_written_down_ends_no_session_that_is_in_use(here: Actor, maya: Actor) -> None:
    """Seen just before it would be written down again, then not for 25 minutes."""
    unwritten = SEEN_EVERY - timedelta(seconds=1)
    MemberSession.objects.update(seen_at=clock.machine_now() - unwritten - timedelta(minutes=25))
    assert asks(maya, "here").kind == Kind.MEMBER


@pytest.mark.django_db
def test_the_list_begins_with_this_one(here: Actor, maya: Actor, hannah: Actor, now: datetime) -> None:
    sign_in(maya, "phone", now, "Safari, iPhone")
    sign_in(hannah, "hers", now, "Edge, Windows")
    assert [one.device for one in sessions_of(here)] == ["Firefox, Windows", "Safari, iPhone"]
    assert [one.device for one in sessions_of(asks(maya, "phone"))] == ["Safari, iPhone", "Firefox, Windows"]


@pytest.mark.django_db(transaction=True)
def test_one_ends_at_the_next_request_with_all_it_proved(
    here: Actor, maya: Actor, now: datetime, topics: list[str]
) -> None:
    phone = sign_in(maya, "phone", now)
    gone = MemberSession.objects.get(session=phone.session)
    end_session(by=here, now=now, session_id=gone.pk)
    assert asks(maya, "phone").kind == Kind.GUEST and asks(maya, "here").kind == Kind.MEMBER
    assert (level_of(phone), level_of(here)) == (0, 2)
    assert topics == [f"revoked:{maya.key}"]
    with pytest.raises(NotThere):
        end_session(by=here, now=now, session_id=gone.pk)
    assert AuditEvent.objects.get(name="identity.end_session").about == f"member_session:{gone.pk}"


@pytest.mark.django_db(transaction=True)
def test_all_others_end_and_this_one_goes_on(
    here: Actor, maya: Actor, hannah: Actor, now: datetime, topics: list[str]
) -> None:
    for key in ("phone", "library"):
        sign_in(maya, key, now)
    sign_in(hannah, "hers", now)
    assert end_other_sessions(by=here, now=now) == 2
    assert asks(maya, "here").kind == asks(hannah, "hers").kind == Kind.MEMBER
    assert asks(maya, "phone").kind == asks(maya, "library").kind == Kind.GUEST
    assert end_other_sessions(by=here, now=now) == 0
    assert topics == [f"revoked:{maya.key}"]  # who is signed in nowhere else disturbs no screen


@pytest.mark.django_db
def test_nobody_ends_somebody_elses(
    here: Actor, maya: Actor, hannah: Actor, dana: Actor, visitor: Actor, now: datetime
) -> None:
    mine = MemberSession.objects.get(session=here.session)
    with pytest.raises(NotThere):
        end_session(by=sign_in(hannah, "hers", now), now=now, session_id=mine.pk)
    for stranger in (dana, visitor):
        with pytest.raises(NotPermitted):
            end_session(by=stranger, now=now, session_id=mine.pk)
        with pytest.raises(NotPermitted):
            end_other_sessions(by=stranger, now=now)
    assert asks(maya, "here").kind == Kind.MEMBER


@pytest.mark.django_db
def test_signing_out_takes_the_session_away(here: Actor, maya: Actor, now: datetime) -> None:
    record_sign_out(by=SYSTEM, now=now, session=here.session)
    assert asks(maya, "here").kind == Kind.GUEST
    assert not Evidence.objects.filter(revoked_at=None).exists()


# ------------------------------------------------------------------------------------------------------ last seen


@pytest.fixture
def browser(maya: Actor) -> Client:
    """Maya's, in which she signed in just now."""
    client = Client(headers={"User-Agent": FIREFOX})
    user = Member.objects.get(pk=maya.member_id).user
    assert user is not None
    client.force_login(user, backend=BACKEND)
    return client


def long_ago() -> datetime:
    """Her only session was last seen then; the process has forgotten that it saw her."""
    at = clock.machine_now() - timedelta(minutes=20)
    MemberSession.objects.update(seen_at=at)
    seen_lately.forget()
    return at


def seen_at() -> datetime:
    return MemberSession.objects.get().seen_at


@pytest.mark.django_db
def test_a_page_opened_is_a_sign_of_life_once_in_five_minutes(
    browser: Client, django_assert_num_queries: Any
) -> None:
    before = long_ago()
    browser.get("/contact")
    assert seen_at() > before
    again = long_ago()
    seen_lately.is_due(MemberSession.objects.get().session)
    browser.get("/contact")
    assert seen_at() == again  # it was noted a moment ago, so the database was not asked


@pytest.mark.django_db
def test_what_a_page_asks_for_by_itself_is_none(browser: Client) -> None:
    before = long_ago()
    browser.get("/contact", headers={"X-By-Itself": "1"})
    browser.get("/contact", headers={"Accept": "application/json"})
    assert seen_at() == before


@pytest.mark.django_db
def test_two_processes_write_it_once(here: Actor, now: datetime) -> None:
    recent = clock.machine_now() - SEEN_EVERY + timedelta(seconds=20)
    MemberSession.objects.update(seen_at=recent)
    mark_seen(by=here, now=now)
    assert seen_at() == recent


@pytest.mark.django_db
def test_a_page_is_shown_even_when_that_cannot_be_written(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    long_ago()

    def busy(**_: Any) -> None:
        raise Unavailable()

    monkeypatch.setattr("cardline.identity.middleware.mark_seen", busy)
    assert browser.get("/contact").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(("agent", "words"), [(FIREFOX, "Firefox, Windows"), ("curl/8.5", ""), ("", "")])
def test_signing_in_notes_the_device_in_words(maya: Actor, agent: str, words: str) -> None:
    request = RequestFactory(headers={"User-Agent": agent}).post("/")
    request.session = SessionStore()
    login(request, Member.objects.get(pk=maya.member_id).user, backend=BACKEND)
    assert MemberSession.objects.get().device == words
