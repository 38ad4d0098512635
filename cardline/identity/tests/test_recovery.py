"""Getting back in: a bound phone, the facts and a wait in which everybody hears of it; one press stops it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache

from cardline.identity.guesses.queries import tally_of
from cardline.identity.models import Recovery
from cardline.identity.passkeys.queries import challenge_to_make
from cardline.identity.queries import level_of, session_hash
from cardline.identity.recovery.commands import ask_recovery, let_in, stop_by_link, stop_own
from cardline.identity.recovery.queries import can_be_stopped, running
from cardline.identity.recovery.rules import USABLE_FOR, recovery_named, stop_word
from cardline.identity.signing_in.commands import RECOVER, ask_sign_in_code, enter_sign_in_code
from cardline.identity.tests.phones import NUMBER, Texts, another, phone_of
from cardline.issuer.profile import current_profile
from cardline.kit import limits, plugs
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.secret import Secret
from cardline.kit.worker import work_through_outbox
from cardline.members.models import ContactPoint, Member
from cardline.notify.models import Outgoing

pytestmark = pytest.mark.django_db

SESSION = session_hash("a visitor's")
NAME, CODE = "Maya Okafor", "10001"


@pytest.fixture(autouse=True)
def texts(monkeypatch: pytest.MonkeyPatch) -> Texts:
    texts = Texts()
    monkeypatch.setattr(plugs, "codes", texts)
    return texts


@pytest.fixture
def maya(maya: Actor, now: datetime) -> Actor:
    phone_of(maya, now)
    for kind, value in (("email", "maya@example.org"), ("post", "12 Elm Street, Albany NY 12207")):
        ContactPoint.objects.create(member_id=maya.member_id, kind=kind, value=value, since=now)
    return maya


@pytest.fixture
def ask(maya: Actor, texts: Texts) -> Callable[..., dict[str, Any]]:
    """ask(now): everything as it should be; what is different is given."""

    def asked(
        now: datetime,
        *,
        name: str = NAME,
        postal_code: str = CODE,
        wrong_code: bool = False,
        session: str = SESSION,
    ) -> dict[str, Any]:
        limits.forget()
        cache.clear()  # where they are counted for all processes
        member_id = ask_sign_in_code(
            by=SYSTEM, now=now, typed=Secret(NUMBER), session=SESSION, action=RECOVER
        )
        work_through_outbox()
        return ask_recovery(
            by=SYSTEM,
            now=now,
            member_id=member_id,
            session=session,
            name=Secret(name),
            postal_code=Secret(postal_code),
            code=another(texts.code) if wrong_code else texts.code,
        )

    return asked


WAIT = current_profile().sign_in.recovery_wait


def test_it_begins_a_wait_and_every_point_hears_of_it(
    ask: Callable[..., Any], maya: Actor, now: datetime
) -> None:
    answer = ask(now)
    assert (answer["state"], answer["user"]) == ("begun", 0)
    assert datetime.fromisoformat(answer["due_at"]) == now + WAIT
    told = Outgoing.objects.filter(template="recovery")
    assert {one.channel for one in told} == {"text", "email", "letter"}
    links = {one.values["link"] for one in told}
    assert links == {f"/sign-in/stop/{stop_word(Recovery.objects.get().pk)}"}
    assert running(maya, now) is not None


def test_the_code_leaves_nobody_known_in_the_browser_it_was_typed_in(
    ask: Callable[..., Any], maya: Actor, now: datetime
) -> None:
    ask(now)
    assert level_of(replace(maya, session=SESSION)) == 0


def test_who_comes_back_during_the_wait_waits_on_and_nobody_is_told_twice(
    ask: Callable[..., Any], now: datetime
) -> None:
    ask(now)
    again = ask(now + WAIT - timedelta(seconds=1))
    assert again["state"] == "waiting" and again["user"] == 0
    assert datetime.fromisoformat(again["due_at"]) == now + WAIT
    assert Outgoing.objects.filter(template="recovery").count() == 3


def test_after_the_wait_it_lets_in_once_to_make_a_passkey(
    ask: Callable[..., Any], maya: Actor, now: datetime
) -> None:
    ask(now)
    late = now + WAIT
    answer = ask(late)
    assert answer["state"] == "open" and answer["user"]
    here = replace(maya, session=session_hash("after signing in"))
    assert let_in(by=SYSTEM, now=late, recovery_id=answer["recovery"], session=here.session)
    assert challenge_to_make(here)
    assert not let_in(by=SYSTEM, now=late, recovery_id=answer["recovery"], session=SESSION)
    assert challenge_to_make(replace(maya, session=SESSION)) == ""
    assert ask(late)["state"] == "begun"  # it is used; another one waits anew


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "Maya Brandt"},
        {"postal_code": "10002"},
        {"postal_code": ""},
        {"wrong_code": True},
        {"session": session_hash("another browser")},
    ],
    ids=["name", "postal code", "no postal code", "code", "another browser"],
)
def test_one_thing_wrong_is_all_wrong_and_counts(
    wrong: dict[str, Any], ask: Callable[..., Any], maya: Actor, now: datetime
) -> None:
    ask(now)
    before = tally_of(maya.member_id).wrong
    assert ask(now + WAIT, **wrong)["state"] == "no"
    assert tally_of(maya.member_id).wrong == before + 1
    assert Recovery.objects.get().used_at is None


def test_facts_cannot_be_guessed_at_with_the_phone_in_hand(
    ask: Callable[..., Any], maya: Actor, now: datetime
) -> None:
    """A right code beside wrong facts forgives nothing."""
    for _ in range(5):
        assert ask(now, postal_code="99999")["state"] == "no"
    assert tally_of(maya.member_id).locked_until is not None
    assert ask(now)["state"] == "no"


def test_a_member_without_a_postal_code_is_helped_by_people(
    ask: Callable[..., Any], maya: Actor, now: datetime
) -> None:
    Member.objects.update(postal_code="")
    assert ask(now, postal_code="")["state"] == "no"


def test_a_code_to_get_back_in_signs_nobody_in(
    ask: Callable[..., Any], maya: Actor, now: datetime, texts: Texts
) -> None:
    ask_sign_in_code(by=SYSTEM, now=now, typed=Secret(NUMBER), session=SESSION, action=RECOVER)
    work_through_outbox()
    answer = enter_sign_in_code(
        by=SYSTEM, now=now, member_id=maya.member_id, session=SESSION, code=texts.code
    )
    assert not answer["matched"]


# --------------------------------------------------------------------------------------------- "this was not me"


def test_one_press_stops_it(ask: Callable[..., Any], maya: Actor, visitor: Actor, now: datetime) -> None:
    ask(now)
    word = stop_word(Recovery.objects.get().pk)
    assert can_be_stopped(word)
    assert stop_by_link(by=visitor, now=now, word=word)
    assert not stop_by_link(by=visitor, now=now, word=word) and not can_be_stopped(word)
    assert running(maya, now) is None
    assert ask(now + WAIT)["state"] == "begun"  # what was stopped lets nobody in


@pytest.mark.parametrize(
    "spoil", [lambda w: w[:-1], lambda w: "1" + w, lambda w: "", lambda w: "x-y", lambda w: "-"]
)
def test_a_word_of_nobodys_stops_nothing(
    spoil: Callable[[str], str], ask: Callable[..., Any], visitor: Actor, now: datetime
) -> None:
    ask(now)
    word = spoil(stop_word(Recovery.objects.get().pk))
    assert recovery_named(word) == 0 and not can_be_stopped(word)
    assert not stop_by_link(by=visitor, now=now, word=word)


def test_the_member_stops_it_where_they_are_signed_in(
    ask: Callable[..., Any], maya: Actor, hannah: Actor, now: datetime
) -> None:
    ask(now)
    assert not stop_own(by=hannah, now=now)
    assert running(hannah, now) is None
    assert stop_own(by=maya, now=now)
    assert running(maya, now) is None


def test_what_was_not_used_in_seven_days_ends(ask: Callable[..., Any], maya: Actor, now: datetime) -> None:
    ask(now)
    end = now + WAIT + USABLE_FOR
    assert running(maya, end - timedelta(seconds=1)) is not None and running(maya, end) is None
    assert ask(end)["state"] == "begun"
    assert Recovery.objects.count() == 2
