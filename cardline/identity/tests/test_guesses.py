"""One counter of wrong guesses for an account: five, then half an hour in which guessing is no use (SR-31)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import authenticate
from django.test import RequestFactory

from cardline.audit.models import AuditEvent
from cardline.identity.commands import record_sign_in
from cardline.identity.guesses.commands import count_wrong
from cardline.identity.guesses.queries import is_member_locked, tally_of
from cardline.identity.guesses.rules import (
    FORGOTTEN_AFTER,
    LOCKED_FOR,
    MOST_WRONG,
    Tally,
    after_wrong,
    is_locked,
    tries_left,
    wrong_so_far,
)
from cardline.identity.models import Guesses, User
from cardline.identity.queries import actor_of_session, session_hash
from cardline.kit import clock
from cardline.kit.actors import SYSTEM, Actor, Kind
from cardline.members.models import Member

AT = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)


def wrong(times: int, tally: Tally | None = None) -> Tally:
    tally = tally or Tally()
    for _ in range(times):
        tally = after_wrong(tally, AT)
    return tally


def test_the_fifth_locks_for_thirty_minutes_and_no_longer() -> None:
    four = wrong(4)
    assert not is_locked(four, AT) and tries_left(four, AT) == 1
    five = wrong(1, four)
    assert five.locked_until == AT + timedelta(minutes=30) and tries_left(five, AT) == 0
    assert is_locked(five, AT + LOCKED_FOR - TICK) and not is_locked(five, AT + LOCKED_FOR)


def test_after_a_lock_the_counting_begins_anew() -> None:
    five = wrong(MOST_WRONG)
    after = five.locked_until
    assert after is not None and tries_left(five, after) == MOST_WRONG
    assert tries_left(after_wrong(five, after), after) == MOST_WRONG - 1


def test_a_quiet_day_forgets_what_went_wrong() -> None:
    four = wrong(4)
    assert wrong_so_far(four, AT + FORGOTTEN_AFTER - TICK) == 4
    assert wrong_so_far(four, AT + FORGOTTEN_AFTER) == 0
    assert not is_locked(after_wrong(four, AT + FORGOTTEN_AFTER), AT + FORGOTTEN_AFTER)


@pytest.mark.django_db
def test_whoever_guesses_wherever_it_is_one_count_with_an_event_each(
    maya: Actor, hannah: Actor, dana: Actor, priya: Actor, visitor: Actor, now: datetime
) -> None:
    asked = [maya, dana, priya, visitor, SYSTEM]
    left = [count_wrong(by=by, now=now, member_id=maya.member_id, proof="facts") for by in asked]
    assert left == [4, 3, 2, 1, 0]
    events = AuditEvent.objects.filter(about=f"member:{maya.member_id}")
    assert [e.actor for e in events.filter(name="identity.wrong_guess").order_by("id")] == [
        by.key for by in asked if by is not SYSTEM
    ] + [SYSTEM.key]
    lock = events.get(name="identity.lock_guessing")
    until = tally_of(maya.member_id).locked_until
    assert until is not None and until.isoformat()[:30] in lock.detail
    assert tally_of(hannah.member_id) == Tally()  # another account is not touched


@pytest.mark.django_db
def test_while_locked_more_guesses_do_not_make_it_longer(maya: Actor, now: datetime) -> None:
    for _ in range(MOST_WRONG):
        count_wrong(by=SYSTEM, now=now, member_id=maya.member_id, proof="facts")
    until = tally_of(maya.member_id).locked_until
    assert count_wrong(by=SYSTEM, now=now, member_id=maya.member_id, proof="facts") == 0
    assert tally_of(maya.member_id).locked_until == until


# -------------------------------------------------------------------------------------------------- passwords

WORDS = "four quiet horses"


@pytest.fixture
def signs_in(maya: Actor) -> User:
    user = Member.objects.get(pk=maya.member_id).user
    assert user is not None
    user.set_password(WORDS)
    user.save()
    return user


def tries(user: User, words: str) -> bool:
    request = RequestFactory().post("/staff/login/")
    return authenticate(request, username=user.username, password=words) is not None


@pytest.mark.django_db
def test_wrong_passwords_count_too_and_a_lock_makes_the_right_one_wrong(
    signs_in: User, maya: Actor, hannah: Actor
) -> None:
    assert tries(signs_in, WORDS)
    for _ in range(MOST_WRONG):
        assert not tries(signs_in, "something else")
    assert is_member_locked(signs_in.pk) and not tries(signs_in, WORDS)
    Guesses.objects.update(locked_until=clock.machine_now())
    assert tries(signs_in, WORDS)


@pytest.mark.django_db
def test_guessing_at_nobody_counts_for_nobody(maya: Actor) -> None:
    request = RequestFactory().post("/staff/login/")
    assert authenticate(request, username="nobody.at.all", password=WORDS) is None
    assert not Guesses.objects.exists()


@pytest.mark.django_db
def test_a_lock_ends_no_session_that_is_open(maya: Actor, now: datetime) -> None:
    record_sign_in(by=SYSTEM, now=now, member_id=maya.member_id, session=session_hash("here"))
    for _ in range(MOST_WRONG):
        count_wrong(by=SYSTEM, now=now, member_id=maya.member_id, proof="password")
    user = Member.objects.get(pk=maya.member_id).user_id
    assert actor_of_session(user, "here", "").kind == Kind.MEMBER
