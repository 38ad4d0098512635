"""At the desk: who speaks is found out by code, by calling back or by facts, and nobody sees what was expected."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from cardline.audit.models import AuditEvent
from cardline.conftest import chat_of
from cardline.contact.commands import ContactEnded, NotYours
from cardline.contact.models import Contact
from cardline.contact.proofs import commands as proofs
from cardline.contact.proofs.commands import (
    check_facts,
    enter_members_code,
    record_call_back,
    send_code_to_member,
)
from cardline.identity.codes.queries import is_code_under_way
from cardline.identity.facts import is_a_fact_of_theirs
from cardline.identity.guesses.commands import count_wrong
from cardline.identity.guesses.queries import tally_of
from cardline.identity.guesses.rules import MOST_WRONG
from cardline.identity.models import Challenge
from cardline.identity.queries import level_of
from cardline.identity.tests.phones import NUMBER, Texts, another, phone_of
from cardline.kit import clock, plugs
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.redact import clean
from cardline.kit.refusals import NotPermitted, NotThere
from cardline.kit.secret import Secret
from cardline.members.models import ContactPoint
from cardline.members.rules import is_their_name


@pytest.fixture(autouse=True)
def texts(monkeypatch: pytest.MonkeyPatch) -> Texts:
    texts = Texts()
    monkeypatch.setattr(plugs, "codes", texts)
    return texts


@pytest.fixture(autouse=True)
def two_cards(monkeypatch: pytest.MonkeyPatch) -> None:
    cards = [SimpleNamespace(last4="4471"), SimpleNamespace(last4="4489")]
    core = SimpleNamespace(cards=lambda customer: cards)
    monkeypatch.setattr(proofs, "current_core", lambda: core)


@pytest.fixture
def chat(maya: Actor, dana: Actor, now: datetime) -> int:
    """Maya's, in Dana's hands; nothing is proved in it."""
    began = chat_of(maya, dana, now)
    Contact.objects.filter(pk=began["contact_id"]).update(
        agent=dana.agent_id, state=Contact.State.ACTIVE, answered_at=now
    )
    assert level_of(dana, began["contact_id"]) == 0
    return int(began["contact_id"])


@pytest.fixture
def phone(maya: Actor, now: datetime) -> ContactPoint:
    return phone_of(maya, now)


def facts(
    by: Actor, now: datetime, chat: int, name: str = "Maya Okafor", fact: str = "4471"
) -> dict[str, Any]:
    return check_facts(by=by, now=now, contact_id=chat, name=clean(name), fact=Secret(fact))


# ----------------------------------------------------------------------------------------------------- by code


@pytest.mark.django_db
def test_the_code_the_member_says_verifies_this_conversation_alone(
    dana: Actor, maya: Actor, chat: int, phone: ContactPoint, texts: Texts, now: datetime
) -> None:
    other = chat_of(maya, dana, now)["contact_id"]
    send_code_to_member(by=dana, now=now, contact_id=chat, point_id=phone.pk)
    assert is_code_under_way(chat) and not is_code_under_way(other)
    (to, code, shown) = texts.sent[0]
    assert to == NUMBER and shown.startswith("show that it is you, in ")
    assert enter_members_code(by=dana, now=now, contact_id=chat, code=Secret(code)) == {
        "matched": True,
        "left": 0,
    }
    assert (level_of(dana, chat), level_of(dana, other)) == (2, 0)
    assert level_of(dana, chat, action="anything") == 2
    assert not is_code_under_way(chat)


@pytest.mark.django_db
def test_a_wrong_code_counts_with_the_agents_name_beside_it(
    dana: Actor, chat: int, phone: ContactPoint, texts: Texts, now: datetime
) -> None:
    send_code_to_member(by=dana, now=now, contact_id=chat, point_id=phone.pk)
    answer = enter_members_code(by=dana, now=now, contact_id=chat, code=another(texts.code))
    assert answer == {"matched": False, "left": 4} and level_of(dana, chat) == 0
    assert AuditEvent.objects.get(name="identity.wrong_guess").actor == dana.key


@pytest.mark.django_db
def test_a_code_for_another_conversation_is_none(
    dana: Actor, maya: Actor, chat: int, phone: ContactPoint, texts: Texts, now: datetime
) -> None:
    other = chat_of(maya, dana, now)["contact_id"]
    Contact.objects.filter(pk=other).update(agent=dana.agent_id)
    send_code_to_member(by=dana, now=now, contact_id=chat, point_id=phone.pk)
    assert not enter_members_code(by=dana, now=now, contact_id=other, code=texts.code)["matched"]


@pytest.mark.django_db
def test_no_code_goes_to_a_young_or_foreign_number(
    dana: Actor, maya: Actor, hannah: Actor, chat: int, texts: Texts, now: datetime
) -> None:
    young = phone_of(maya, now, "+1 212 555 0199", age=timedelta(days=29))
    for point in (young, phone_of(hannah, now)):
        send_code_to_member(by=dana, now=now, contact_id=chat, point_id=point.pk)
    assert texts.sent == [] and not Challenge.objects.exists()


# --------------------------------------------------------------------------------------------------- by calling


@pytest.mark.django_db
def test_calling_back_a_number_on_file_verifies_even_while_guessing_is_locked(
    dana: Actor, maya: Actor, chat: int, phone: ContactPoint, now: datetime
) -> None:
    for _ in range(MOST_WRONG):
        count_wrong(by=SYSTEM, now=now, member_id=maya.member_id, proof="facts")
    record_call_back(by=dana, now=now, contact_id=chat, point_id=phone.pk)
    assert level_of(dana, chat) == 2
    event = AuditEvent.objects.get(name="contact.called_back")
    assert event.actor == dana.key and f'"point_id":{phone.pk}' in event.detail


@pytest.mark.django_db
def test_a_number_that_does_not_count_cannot_be_recorded(
    dana: Actor, maya: Actor, hannah: Actor, chat: int, phone: ContactPoint, now: datetime
) -> None:
    phone_of(hannah, now, "(212) 555-0142")  # the same number
    young = phone_of(maya, now, "+1 212 555 0199", age=timedelta(days=1))
    for point_id in (phone.pk, young.pk, 2**40):
        with pytest.raises(NotThere):
            record_call_back(by=dana, now=now, contact_id=chat, point_id=point_id)
    assert level_of(dana, chat) == 0


# ----------------------------------------------------------------------------------------------------- by facts


@pytest.mark.django_db
@pytest.mark.parametrize("fact", ["4471", "44 89", "10001"])
def test_name_and_one_fact_identify_and_verify_nobody(
    dana: Actor, chat: int, now: datetime, fact: str
) -> None:
    assert facts(dana, now, chat, fact=fact)["matched"]
    assert level_of(dana, chat) == 1


@pytest.mark.django_db
def test_which_of_the_two_was_wrong_is_not_told(dana: Actor, maya: Actor, chat: int, now: datetime) -> None:
    answers = [
        facts(dana, now, chat, name="Maya Smith"),
        facts(dana, now, chat, fact="0000"),
        facts(dana, now, chat, name="", fact=""),
    ]
    assert answers == [{"matched": False, "left": left} for left in (4, 3, 2)]
    assert level_of(dana, chat) == 0
    kept = " ".join(event.detail for event in AuditEvent.objects.all())
    assert "4471" not in kept and "Smith" not in kept and "0000" not in kept


@pytest.mark.django_db
def test_facts_forgive_nothing_and_a_lock_makes_them_useless(
    dana: Actor, priya: Actor, maya: Actor, chat: int, now: datetime
) -> None:
    for _ in range(MOST_WRONG - 1):
        facts(dana, now, chat, fact="0000")
    assert facts(dana, now, chat) == {"matched": True, "left": 1}  # others can know them
    facts(dana, now, chat, fact="0000")
    Contact.objects.filter(pk=chat).update(agent=priya.agent_id)  # agent after agent is one count
    assert facts(priya, now, chat) == {"matched": False, "left": 0}
    until = tally_of(maya.member_id).locked_until
    assert until is not None and until > clock.machine_now()


@pytest.mark.parametrize("said", ["Maya Okafor", "okafor, MAYA", " Máya  Ókafor", "Maya Adaeze Okafor"])
def test_a_name_is_theirs_however_it_is_written(said: str) -> None:
    assert is_their_name(said, "Maya", "Okafor")


@pytest.mark.parametrize("said", ["", "Maya", "Okafor", "Maya Okaf", "M Okafor"])
def test_half_a_name_is_not_theirs(said: str) -> None:
    assert not is_their_name(said, "Maya", "Okafor")


def test_nothing_is_no_fact_even_where_the_record_has_nothing() -> None:
    assert not is_a_fact_of_theirs("", ["", "4471"]) and not is_a_fact_of_theirs(" - ", [""])


# ---------------------------------------------------------------------------------------------------- who may


def everything(by: Actor, now: datetime, chat: int, point_id: int) -> list[Any]:
    return [
        lambda: send_code_to_member(by=by, now=now, contact_id=chat, point_id=point_id),
        lambda: enter_members_code(by=by, now=now, contact_id=chat, code=Secret("123456")),
        lambda: record_call_back(by=by, now=now, contact_id=chat, point_id=point_id),
        lambda: facts(by, now, chat),
    ]


@pytest.mark.django_db
def test_only_whoever_has_the_conversation_and_while_it_lasts(
    dana: Actor, priya: Actor, sam: Actor, maya: Actor, chat: int, phone: ContactPoint, now: datetime
) -> None:
    for attempt in everything(maya, now, chat, phone.pk):
        with pytest.raises(NotPermitted):
            attempt()
    for attempt in everything(sam, now, chat, phone.pk):
        with pytest.raises(NotYours):
            attempt()
    for attempt in everything(priya, now, chat, phone.pk):
        with pytest.raises((NotYours, NotThere)):
            attempt()
    for attempt in everything(dana, now, 2**40, phone.pk):
        with pytest.raises(NotThere):
            attempt()
    Contact.objects.filter(pk=chat).update(state=Contact.State.ENDED, ended_at=now)
    for attempt in everything(dana, now, chat, phone.pk):
        with pytest.raises(ContactEnded):
            attempt()
    assert level_of(dana, chat) == 0 and tally_of(maya.member_id).wrong == 0


@pytest.mark.django_db
def test_a_guest_has_no_record_to_compare_with(dana: Actor, visitor: Actor, now: datetime) -> None:
    guests = chat_of(visitor, dana, now)["contact_id"]
    Contact.objects.filter(pk=guests).update(agent=dana.agent_id)
    for attempt in everything(dana, now, guests, 1):
        with pytest.raises(NotThere):
            attempt()
