"""Told stories (SR-38): somebody wants more than they have shown. Each says which level must not be reached."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from cardline.cards.commands import freeze_card, unfreeze_card
from cardline.contact.asks.commands import ask_in_app, enter_own_code
from cardline.contact.commands import take_contact, take_over_contact
from cardline.contact.proofs.commands import (
    check_facts,
    enter_members_code,
    record_call_back,
    send_code_to_member,
)
from cardline.contact.tests.people import browser, later
from cardline.identity.authority import action_of
from cardline.identity.codes.commands import ask_code, enter_code
from cardline.identity.codes.phones import phones_for_codes, phones_that_count
from cardline.identity.codes.rules import CODE_LASTS, changed_lately
from cardline.identity.commands import record_sign_in, record_sign_out
from cardline.identity.guesses.queries import tally_of
from cardline.identity.guesses.rules import MOST_WRONG, is_locked
from cardline.identity.models import Challenge, Evidence, MemberSession
from cardline.identity.queries import level_of
from cardline.identity.rules import IDLE_AFTER, IN_A_CONVERSATION, Proof
from cardline.identity.tests.phones import Texts
from cardline.kit import clock, plugs
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.redact import clean
from cardline.kit.refusals import LevelTooLow, NotThere
from cardline.kit.secret import Secret
from cardline.members.models import ContactPoint
from cardline.routing.commands import start_chat

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


class Ported:
    """Says of every number when it went to another SIM card."""

    def __init__(self, at: datetime | None) -> None:
        self.at = at

    def number_changed_since(self, number: str) -> datetime | None:
        return self.at


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch) -> Texts:
    texts = Texts()
    monkeypatch.setattr(plugs, "codes", texts)
    return texts


@pytest.fixture
def maya(cast: Any, as_member: Callable[..., Actor]) -> Actor:
    return as_member(cast.maya, signed_in=False)


@pytest.fixture
def dana(cast: Any, as_agent: Callable[..., Actor]) -> Actor:
    return as_agent(cast.dana)


@pytest.fixture
def ines(cast: Any, as_agent: Callable[..., Actor]) -> Actor:
    return as_agent(cast.ines)


@pytest.fixture
def phone(cast: Any) -> ContactPoint:
    point: ContactPoint = cast.maya.points.get(kind="phone")
    return point


def chat(actor: Actor, agent: Actor) -> int:
    told = start_chat(
        by=actor, now=clock.now(), need="lost_stolen.report", text=clean("Help"), language="en", plan={}
    )
    take_contact(by=agent, now=clock.now(), contact_id=told["contact_id"])
    return int(told["contact_id"])


# ------------------------------------------------------------------------------------- the number that was ported


def test_a_code_to_a_number_that_was_ported_last_week_identifies_and_verifies_nobody(
    maya: Actor, dana: Actor, phone: ContactPoint, texts: Texts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The thief has the number, and so the code. V2 must not be reached, by text or by our call."""
    contact, now = chat(maya, dana), clock.now()
    monkeypatch.setattr(plugs, "numbers", Ported(now - 7 * DAY))
    send_code_to_member(by=dana, now=now, contact_id=contact, point_id=phone.pk)
    assert enter_members_code(by=dana, now=now, contact_id=contact, code=texts.code)["matched"]
    assert level_of(dana, contact) == 1
    record_call_back(by=dana, now=now, contact_id=contact, point_id=phone.pk)
    assert level_of(dana, contact) == 1
    with pytest.raises(LevelTooLow):
        unfreeze_card(by=dana, now=now, card="card_1", contact_id=contact)


def test_a_number_ported_between_sending_and_entering_verifies_nobody_either(
    maya: Actor, dana: Actor, phone: ContactPoint, texts: Texts, monkeypatch: pytest.MonkeyPatch
) -> None:
    contact, now = chat(maya, dana), clock.now()
    send_code_to_member(by=dana, now=now, contact_id=contact, point_id=phone.pk)
    monkeypatch.setattr(plugs, "numbers", Ported(now))
    enter_own_code(by=browser(maya, "hers"), now=now, contact_id=contact, code=texts.code)
    assert level_of(dana, contact) == 1


def test_a_right_code_to_a_ported_number_forgives_no_wrong_guess(
    maya: Actor, dana: Actor, phone: ContactPoint, texts: Texts, monkeypatch: pytest.MonkeyPatch
) -> None:
    contact, now = chat(maya, dana), clock.now()
    monkeypatch.setattr(plugs, "numbers", Ported(now - DAY))
    check_facts(by=dana, now=now, contact_id=contact, name=clean("Nobody"), fact=Secret("0"))
    send_code_to_member(by=dana, now=now, contact_id=contact, point_id=phone.pk)
    answer = enter_members_code(by=dana, now=now, contact_id=contact, code=texts.code)
    assert answer == {"matched": True, "left": MOST_WRONG - 1}
    assert tally_of(maya.member_id).wrong == 1


def test_a_second_factor_is_not_sent_to_a_ported_number_at_all(
    maya: Actor, phone: ContactPoint, texts: Texts, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, there = clock.now(), browser(maya, "hers")
    monkeypatch.setattr(plugs, "numbers", Ported(now - DAY))
    assert phones_for_codes(maya.member_id, now) == [] and phones_that_count(maya.member_id, now) == [phone]
    ask_code(by=there, now=now, action="a" * 64, shown=clean("pay"), point_id=phone.pk)
    assert texts.sent == []


@pytest.mark.parametrize(("ago", "lately"), [(30 * DAY - timedelta(seconds=1), True), (30 * DAY, False)])
def test_thirty_days_later_the_number_counts_again(ago: timedelta, lately: bool) -> None:
    now = clock.now()
    assert changed_lately(now - ago, now) == lately
    assert not changed_lately(None, now)


# ----------------------------------------------------------------------------------------------- who only says so


def test_who_says_they_are_from_the_fraud_team_can_have_nothing_done(
    maya: Actor, dana: Actor, cast: Any
) -> None:
    """A caller without anything shown: V1 must not be reached by a story, nor anything done by it."""
    contact, now = chat(maya, dana), clock.now()
    assert level_of(dana, contact) == 0
    for act in (freeze_card, unfreeze_card):
        with pytest.raises(LevelTooLow):
            act(by=dana, now=now, card="card_1", contact_id=contact)
    told = check_facts(
        by=dana, now=now, contact_id=contact, name=clean("Fraud Team"), fact=Secret(cast.maya.postal_code)
    )
    assert not told["matched"] and level_of(dana, contact) == 0


def test_agent_after_agent_is_one_counter(
    maya: Actor, dana: Actor, ines: Actor, cast: Any, phone: ContactPoint, texts: Texts
) -> None:
    """Three tries with one agent, two with the next, on two conversations: locked, and V2 must not be reached."""
    first, now = chat(maya, dana), clock.now()
    wrong: Any = {"name": clean("Maya Okafor"), "fact": Secret("00000")}
    for left in (4, 3, 2):
        assert check_facts(by=dana, now=now, contact_id=first, **wrong)["left"] == left
    second = chat(maya, dana)
    take_over_contact(by=ines, now=now, contact_id=second)
    for left in (1, 0):
        assert check_facts(by=ines, now=now, contact_id=second, **wrong)["left"] == left
    assert is_locked(tally_of(maya.member_id), clock.machine_now())
    right: Any = {"name": clean("Maya Okafor"), "fact": Secret(cast.maya.postal_code)}
    assert not check_facts(by=ines, now=now, contact_id=second, **right)["matched"]
    send_code_to_member(by=ines, now=now, contact_id=second, point_id=phone.pk)
    assert texts.sent == [] and level_of(ines, second) == 0
    record_call_back(by=ines, now=now, contact_id=second, point_id=phone.pk)  # no guess: the owner is reached
    assert level_of(ines, second) == 2


def test_a_code_for_another_action_approves_nothing(maya: Actor, phone: ContactPoint, texts: Texts) -> None:
    """V3 for a payment must not be reached with the code for a name."""
    there, now = browser(maya, "hers"), clock.now()
    this, that = (
        action_of("payment.make", {"amount_minor": 1}),
        action_of("payment.make", {"amount_minor": 2}),
    )
    ask_code(by=there, now=now, action=this, shown=clean("pay 0.01"), point_id=phone.pk)
    assert not enter_code(by=there, now=now, action=that, code=texts.code)["matched"]
    assert level_of(there, action=that) == level_of(there, action=this) == 2
    assert enter_code(by=there, now=now, action=this, code=texts.code)["matched"]
    assert (level_of(there, action=this), level_of(there, action=that)) == (3, 2)


@pytest.mark.parametrize(
    ("passed", "matched"), [(CODE_LASTS - timedelta(microseconds=1), True), (CODE_LASTS, False)]
)
def test_a_code_runs_out_to_the_moment(
    maya: Actor,
    dana: Actor,
    phone: ContactPoint,
    texts: Texts,
    monkeypatch: pytest.MonkeyPatch,
    passed: timedelta,
    matched: bool,
) -> None:
    began = later(monkeypatch, timedelta())
    contact, now = chat(maya, dana), clock.now()
    send_code_to_member(by=dana, now=now, contact_id=contact, point_id=phone.pk)
    later(monkeypatch, passed, began)
    assert enter_members_code(by=dana, now=now, contact_id=contact, code=texts.code)["matched"] == matched
    assert level_of(dana, contact) == (2 if matched else 0)


@pytest.mark.parametrize(
    ("passed", "level"), [(IN_A_CONVERSATION - timedelta(microseconds=1), 2), (IN_A_CONVERSATION, 0)]
)
def test_what_was_shown_in_a_conversation_is_fresh_to_the_moment(
    maya: Actor,
    dana: Actor,
    phone: ContactPoint,
    monkeypatch: pytest.MonkeyPatch,
    passed: timedelta,
    level: int,
) -> None:
    began = later(monkeypatch, timedelta())
    contact = chat(maya, dana)
    record_call_back(by=dana, now=clock.now(), contact_id=contact, point_id=phone.pk)
    later(monkeypatch, passed, began)
    assert level_of(dana, contact) == level


def test_while_texts_do_not_leave_another_way_is_there_and_nothing_weaker_counts(
    maya: Actor, dana: Actor, phone: ContactPoint, texts: Texts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The provider is down: no code, and V2 by our call or in the app, never by facts."""
    monkeypatch.setattr(texts, "is_there", False)
    contact, now = chat(maya, dana), clock.now()
    send_code_to_member(by=dana, now=now, contact_id=contact, point_id=phone.pk)
    assert not Challenge.objects.exists() and texts.sent == []
    facts: Any = {"name": clean("Maya Okafor"), "fact": Secret("11231")}
    check_facts(by=dana, now=now, contact_id=contact, **facts)
    assert level_of(dana, contact) <= 1
    browser(maya, "her phone")
    assert ask_in_app(by=dana, now=now, contact_id=contact)
    record_call_back(by=dana, now=now, contact_id=contact, point_id=phone.pk)
    assert level_of(dana, contact) == 2


# ------------------------------------------------------------------- what a session proves ends with the session


@pytest.mark.parametrize(("passed", "level"), [(IDLE_AFTER - timedelta(microseconds=1), 2), (IDLE_AFTER, 0)])
def test_a_session_that_idled_out_takes_its_proof_out_of_its_conversations(
    maya: Actor, dana: Actor, monkeypatch: pytest.MonkeyPatch, passed: timedelta, level: int
) -> None:
    """Whoever finds the chat open on a screen an hour later is nobody in particular."""
    began = later(monkeypatch, timedelta())
    there = browser(maya, "hers")
    contact = chat(there, dana)
    later(monkeypatch, passed, began)
    assert level_of(dana, contact) == level
    assert Evidence.objects.filter(
        contact=contact, expires_at__gt=clock.machine_now(), revoked_at=None
    ).exists()


def test_a_session_in_use_keeps_its_proof_and_one_that_is_ended_takes_it(
    maya: Actor, dana: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = later(monkeypatch, timedelta())
    there = browser(maya, "hers")
    contact = chat(there, dana)
    at = later(monkeypatch, IDLE_AFTER + timedelta(minutes=5), began)
    MemberSession.objects.update(seen_at=at)
    assert level_of(dana, contact) == 2
    record_sign_out(by=SYSTEM, now=clock.now(), session=there.session)
    assert level_of(dana, contact) == 0


def test_signing_in_again_elsewhere_brings_nothing_back(
    maya: Actor, dana: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = later(monkeypatch, timedelta())
    contact = chat(browser(maya, "hers"), dana)
    later(monkeypatch, IDLE_AFTER, began)
    record_sign_in(by=SYSTEM, now=clock.now(), member_id=maya.member_id, session="f" * 64)
    assert level_of(dana, contact) == 0


def test_what_was_shown_to_the_agent_outlasts_the_session(
    maya: Actor, dana: Actor, phone: ContactPoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was shown in the conversation and hangs on no browser."""
    began = later(monkeypatch, timedelta())
    contact = chat(browser(maya, "hers"), dana)
    record_call_back(by=dana, now=clock.now(), contact_id=contact, point_id=phone.pk)
    later(monkeypatch, IDLE_AFTER, began)
    assert level_of(dana, contact) == 2
    kinds = set(Evidence.objects.filter(contact=contact).values_list("kind", flat=True))
    assert kinds == {Proof.SESSION, Proof.CALL_BACK}


def test_nobody_asks_about_a_conversation_that_is_not_theirs(maya: Actor, dana: Actor) -> None:
    with pytest.raises(NotThere):
        ask_in_app(by=dana, now=clock.now(), contact_id=2**40)
