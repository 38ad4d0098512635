"""Passwords of members: long enough, not leaked, hashed aside; a new one ends other sessions and is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import check_password

from cardline.identity import authority
from cardline.identity.commands import record_sign_in
from cardline.identity.guesses.commands import count_wrong
from cardline.identity.guesses.queries import tally_of
from cardline.identity.guesses.rules import MOST_WRONG
from cardline.identity.models import MemberSession, User
from cardline.identity.queries import session_hash
from cardline.identity.signing_in import passwords
from cardline.identity.signing_in.commands import judge_password
from cardline.identity.signing_in.passwords import (
    choose_password,
    is_password_of,
    problem_with,
    remove_password,
)
from cardline.identity.tests.phones import Texts
from cardline.identity.ways import LastWayIn
from cardline.issuer.profile import current_profile
from cardline.kit import outside, plugs
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.refusals import LevelTooLow, Malformed, NotThere
from cardline.kit.secret import Secret
from cardline.members.models import ContactPoint, Member
from cardline.notify.models import Outgoing

WORDS = Secret("four quiet horses")


def decided(monkeypatch: pytest.MonkeyPatch, **wanted: Any) -> None:
    profile = current_profile()
    other = replace(profile, sign_in=replace(profile.sign_in, **wanted))
    for place in ("ways", "signing_in.passwords"):
        monkeypatch.setattr(f"cardline.identity.{place}.current_profile", lambda: other)


@pytest.fixture
def surely(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authority, "level_of", lambda *args, **kwargs: 3)


@pytest.fixture
def here(maya: Actor, now: datetime) -> Actor:
    here = replace(maya, session=session_hash("here"))
    for session in (here.session, session_hash("elsewhere")):
        record_sign_in(by=SYSTEM, now=now, member_id=maya.member_id, session=session)
    return here


@pytest.mark.parametrize(
    ("words", "with_code", "alone"),
    [
        ("sevench", "8 characters or more", "15 characters or more"),
        ("eight ch", "", "15 characters or more"),
        ("fourteen chars", "", "15 characters or more"),
        ("fifteen chars !", "", ""),
        ("password1", "Many people use", "15 characters or more"),
        ("qwertyuiop123456789", "", ""),
        ("aaaaaaaaaaaaaaaaaaa", "", ""),  # nothing is asked about what they are made of
        ("x" * 128, "", ""),
        ("x" * 129, "128 characters at most", "128 characters at most"),
        ("лошадь🐎лошадь🐎!", "", ""),
    ],
)
def test_what_can_be_one(words: str, with_code: str, alone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for needs_code, said in ((True, with_code), (False, alone)):
        decided(monkeypatch, password_needs_code=needs_code)
        problem = problem_with(Secret(words))
        assert (said in problem) if said else problem == ""


def test_leaked_ones_are_refused_whatever_their_length(monkeypatch: pytest.MonkeyPatch) -> None:
    decided(monkeypatch, password_needs_code=False)
    assert "Many people" in problem_with(
        Secret(next(w for w in passwords._leaked().passwords if len(w) >= 15))
    )


@pytest.mark.django_db
def test_a_new_one_ends_the_other_sessions_and_is_told(here: Actor, now: datetime, surely: None) -> None:
    ContactPoint.objects.create(member_id=here.member_id, kind="email", value="m@example.org", since=now)
    assert choose_password(by=here, now=now, password=WORDS) == 1
    assert [row.session for row in MemberSession.objects.all()] == [here.session]
    assert [one.values["kind"] for one in Outgoing.objects.all()] == ["password"]
    kept = User.objects.get(member=here.member_id).password
    assert kept.startswith("argon2") and check_password(WORDS.reveal(), kept)
    assert is_password_of(here.member_id, WORDS) and not is_password_of(here.member_id, Secret("another one"))


@pytest.mark.django_db
def test_nobody_waits_while_it_is_hashed(
    here: Actor, now: datetime, surely: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside: list[bool] = []

    def hashing(words: str) -> str:
        inside.append(outside.is_inside())
        return f"hashed {words}"

    monkeypatch.setattr(passwords, "make_password", hashing)
    choose_password(by=here, now=now, password=WORDS)
    assert inside == [False]


@pytest.mark.django_db
def test_the_same_letters_are_the_same_password_however_composed(
    here: Actor, now: datetime, surely: None
) -> None:
    choose_password(by=here, now=now, password=Secret("caf\u00e9 con leche"))
    assert is_password_of(here.member_id, Secret("cafe\u0301 con leche"))


@pytest.mark.django_db
def test_nobody_has_the_password_nobody_has(here: Actor, hannah: Actor) -> None:
    """Neither a member without one nor a number that is no member's is let in by any words."""
    for member_id in (hannah.member_id, 0):
        assert not is_password_of(member_id, WORDS)
        assert not is_password_of(member_id, Secret("!"))


@pytest.mark.django_db
def test_it_asks_for_a_second_sign(here: Actor, now: datetime) -> None:
    with pytest.raises(LevelTooLow) as refusal:
        choose_password(by=here, now=now, password=WORDS)
    assert refusal.value.needed == 3
    with pytest.raises(LevelTooLow):
        remove_password(by=here, now=now)


@pytest.mark.django_db
def test_what_the_page_refuses_the_command_refuses(
    here: Actor, now: datetime, surely: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Malformed):
        choose_password(by=here, now=now, password=Secret("short"))
    decided(monkeypatch, ways=("passkey",))
    with pytest.raises(NotThere):
        choose_password(by=here, now=now, password=WORDS)


@pytest.mark.django_db
def test_it_can_go_when_there_is_another_way(
    here: Actor, now: datetime, surely: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plugs, "codes", Texts())  # so that a password, which takes a code, is a way in
    with pytest.raises(NotThere):
        remove_password(by=here, now=now)
    choose_password(by=here, now=now, password=WORDS)
    with pytest.raises(LastWayIn):
        remove_password(by=here, now=now)
    user = User.objects.get(member=here.member_id)
    Authenticator.objects.create(user=user, type="webauthn", data={"name": "The phone"})
    remove_password(by=here, now=now)
    assert not is_password_of(here.member_id, WORDS)


# ------------------------------------------------------------------------------------------ the counter of guesses


def judged(maya: Actor, now: datetime, *, is_right: bool) -> bool:
    answer = judge_password(by=SYSTEM, now=now, member_id=maya.member_id, is_right=is_right)
    assert bool(answer["user"]) == answer["matched"]
    return bool(answer["matched"])


def test_a_wrong_password_counts_where_every_other_guess_does(maya: Actor, now: datetime) -> None:  # SR-31
    for _ in range(MOST_WRONG - 1):
        assert not judged(maya, now, is_right=False)
    assert tally_of(maya.member_id).wrong == MOST_WRONG - 1
    count_wrong(by=SYSTEM, now=now, member_id=maya.member_id, proof="code_to_phone")
    assert tally_of(maya.member_id).locked_until is not None


def test_while_guessing_is_locked_the_right_password_is_wrong_too(
    maya: Actor, now: datetime
) -> None:  # SR-31
    assert judged(maya, now, is_right=True)
    for _ in range(MOST_WRONG):
        count_wrong(by=SYSTEM, now=now, member_id=maya.member_id, proof="identification_facts")
    assert not judged(maya, now, is_right=True)


def test_a_right_password_of_a_locked_sign_in_lets_nobody_in(maya: Actor, now: datetime) -> None:
    Member.objects.filter(pk=maya.member_id).update(locked_at=now)
    assert not judged(maya, now, is_right=True)
    assert tally_of(maya.member_id).wrong == 1
