"""Exceptional verification (DOMAIN 8, VX): two of us, two proofs, 24 hours, the listed actions and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cardline.cards.commands import freeze_card, unfreeze_card
from cardline.cards.emergency.commands import (
    PlaceMissing,
    SayWhoLooked,
    StillWorks,
    hand_over_emergency_card,
    order_emergency_card,
)
from cardline.cards.models import EmergencyCard, Freeze
from cardline.cases.models import Entry
from cardline.contact.commands import NotYours, take_contact
from cardline.contact.exceptional.commands import (
    begin_exception,
    decide_exception,
    record_exceptional_proof,
    revoke_exception,
)
from cardline.contact.exceptional.refusals import (
    NoEmergencyContact,
    NoSuchDocument,
    NotByOneself,
    NotNeeded,
    NotOfferedHere,
    ProofsMissing,
    ReasonMissing,
)
from cardline.contact.models import Contact
from cardline.contact.tests.people import known_as, later
from cardline.files.models import StoredFile
from cardline.identity.exceptional.queries import exceptions_to_decide
from cardline.identity.exceptional.rules import is_enough, may_decide
from cardline.identity.guesses.queries import tally_of
from cardline.identity.models import EmergencyContact, Exceptional
from cardline.identity.queries import guest, level_of
from cardline.identity.rules import EXCEPTION_LASTS, Proof
from cardline.issuer.core import CardState, CoreRefused, current_core
from cardline.issuer.profile import current_profile
from cardline.kit import clock
from cardline.kit.actors import Actor
from cardline.kit.redact import clean
from cardline.kit.reference import show_reference
from cardline.kit.refusals import LevelTooLow, Malformed, NotPermitted, NotThere
from cardline.kit.secret import Secret
from cardline.members.restrictions.tests.scene import place as restrict
from cardline.promises.models import Promise
from cardline.routing.commands import start_chat

pytestmark = pytest.mark.django_db

WHY = clean("In Lisbon, bag stolen: wallet and phone gone. Speaks from the hotel.")
HOTEL = clean("Hotel Avenida, Rua Rosa Araujo 8, Lisbon, booked as Okafor")
CONTACT, DOCUMENT, PASSPORT = "emergency_contact", "document", "passport_at_handover"
NOTE = clean("Reception of the hotel looks at it")


@pytest.fixture
def dana(cast: Any, as_agent: Callable[..., Actor]) -> Actor:
    return as_agent(cast.dana)


@pytest.fixture
def ines(cast: Any, as_agent: Callable[..., Actor]) -> Actor:
    """A supervisor."""
    return as_agent(cast.ines)


@pytest.fixture
def contact(cast: Any, as_member: Callable[..., Actor], dana: Actor) -> int:
    """Maya's, who is signed in nowhere, in Dana's hands."""
    return chat(as_member(cast.maya, signed_in=False), dana)


@pytest.fixture
def on_file(cast: Any) -> EmergencyContact:
    since = clock.now() - timedelta(days=30)
    return EmergencyContact.objects.create(
        member=cast.maya, name="Ada Okafor", phone="+1 212 555 0177", since=since
    )


@pytest.fixture
def card(cast: Any) -> str:
    return current_core().cards(cast.maya.core_customer)[0].token


def chat(actor: Actor, agent: Actor) -> int:
    told = start_chat(
        by=actor,
        now=clock.now(),
        need="lost_stolen.report",
        text=clean("I have nothing left"),
        language="en",
        plan={},
    )
    take_contact(by=agent, now=clock.now(), contact_id=told["contact_id"])
    return int(told["contact_id"])


def begun(dana: Actor, contact: int) -> int:
    one = begin_exception(by=dana, now=clock.now(), contact_id=contact, why=WHY)
    assert one is not None
    return one


def prove(dana: Actor, one: int, *kinds: str) -> None:
    for kind in kinds:
        record_exceptional_proof(by=dana, now=clock.now(), exceptional_id=one, proof=kind, note=NOTE)


def granted(dana: Actor, ines: Actor, contact: int) -> int:
    one = begun(dana, contact)
    prove(dana, one, CONTACT, PASSPORT)
    assert decide_exception(by=ines, now=clock.now(), exceptional_id=one, granted=True)
    return one


def freeze(dana: Actor, contact: int, card: str) -> Any:
    return freeze_card(by=dana, now=clock.now(), card=card, contact_id=contact)


def order(dana: Actor, contact: int, card: str) -> Any:
    return order_emergency_card(by=dana, now=clock.now(), card=card, contact_id=contact, place=HOTEL)


# --------------------------------------------------------------------------------------- the urgent traveller


def test_a_traveller_with_nothing_left_gets_a_freeze_and_a_card_at_the_hotel_and_nothing_else(
    cast: Any, dana: Actor, ines: Actor, contact: int, on_file: EmergencyContact, card: str
) -> None:
    with pytest.raises(LevelTooLow):
        freeze(dana, contact, card)
    with pytest.raises(LevelTooLow):
        order(dana, contact, card)
    granted(dana, ines, contact)
    with pytest.raises(StillWorks):
        order(dana, contact, card)
    assert freeze(dana, contact, card)["frozen_at"]
    told = order(dana, contact, card)
    assert told["changed"] and told["limit_minor"] == current_profile().exceptional.card_limit_minor
    promise = Promise.objects.get(pk=told["promise_id"])
    assert "emergency card" in promise.text and promise.due_at - clock.now() < timedelta(hours=48)
    assert level_of(dana, contact) == 0  # nothing about the account is told
    with pytest.raises(LevelTooLow):
        unfreeze_card(by=dana, now=clock.now(), card=card, contact_id=contact)
    assert not order(dana, contact, card)["changed"]
    assert EmergencyCard.objects.count() == 1


def test_the_emergency_card_is_the_cores_with_its_limit_and_is_used_once_the_passport_was_seen(
    cast: Any, dana: Actor, ines: Actor, contact: int, on_file: EmergencyContact, card: str
) -> None:
    granted(dana, ines, contact)
    freeze(dana, contact, card)
    order(dana, contact, card)
    issued = EmergencyCard.objects.get().issued
    customer = cast.maya.core_customer
    assert current_core().card(customer, issued).state == CardState.INACTIVE
    limits = {one.card: one.limit.amount_minor for one in current_core().spending(customer) if one.limit}
    assert limits == {issued: current_profile().exceptional.card_limit_minor}

    def hand_over(seen: str, at: int = contact) -> bool:
        return hand_over_emergency_card(by=dana, now=clock.now(), card=card, contact_id=at, seen=clean(seen))

    with pytest.raises(SayWhoLooked):
        hand_over(" ")
    with pytest.raises(NotThere):
        hand_over("The porter", contact + 1)
    assert hand_over("The porter at the desk") and not hand_over("The porter at the desk")
    assert current_core().card(customer, issued).state == CardState.ACTIVE
    assert current_core().card(customer, card).state == CardState.FROZEN
    promise = Promise.objects.get(pk=EmergencyCard.objects.get().promise)
    assert (promise.state, promise.evidence) == ("kept", "The porter at the desk")


def test_of_a_core_without_such_cards_it_stays_a_persons_promise(
    cast: Any, dana: Actor, ines: Actor, contact: int, on_file: EmergencyContact, card: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def no(*_: Any, **__: Any) -> None:
        raise CoreRefused("not_offered")

    granted(dana, ines, contact)
    freeze(dana, contact, card)
    monkeypatch.setattr(type(current_core()), "emergency_card", no)
    order(dana, contact, card)
    assert EmergencyCard.objects.get().issued == ""
    assert hand_over_emergency_card(
        by=dana, now=clock.now(), card=card, contact_id=contact, seen=clean("The consulate")
    )
    assert Promise.objects.get(pk=EmergencyCard.objects.get().promise).state == "kept"


@pytest.mark.parametrize("action", ["payment:see_account", "info:address", "info:phone", "rewards:redeem"])
def test_what_no_issuer_may_list_is_in_no_list(action: str) -> None:
    assert action not in current_profile().exceptional.actions


def test_a_visitor_at_a_borrowed_computer_is_found_by_name_and_phone_and_helped_in_a_case_of_their_own(
    cast: Any, dana: Actor, ines: Actor, on_file: EmergencyContact, card: str
) -> None:
    contact = chat(guest("the hotel's computer"), dana)
    visitors = Contact.objects.get(pk=contact)
    said: Any = {"by": dana, "now": clock.now(), "contact_id": contact, "why": WHY}
    assert begin_exception(**said, name=clean("Maya Okafor"), fact=Secret("212 555 9999")) is None
    phone = cast.maya.points.get(kind="phone").value
    assert begin_exception(**said, name=clean("Nina Berg"), fact=Secret(phone)) is None
    assert tally_of(cast.maya.pk).wrong == 1
    one = begin_exception(**said, name=clean("maya okafor"), fact=Secret(phone))
    assert one is not None
    with pytest.raises(LevelTooLow):
        freeze(dana, contact, card)
    prove(dana, one, CONTACT, PASSPORT)
    decide_exception(by=ines, now=clock.now(), exceptional_id=one, granted=True)
    told = freeze(dana, contact, card)
    assert told["case_id"] != visitors.case_id
    assert Freeze.objects.get(card=card).case.member_id == cast.maya.pk
    order(dana, contact, card)
    shown = Entry.objects.filter(case=visitors.case_id, visible=True).values_list("kind", flat=True)
    assert not [kind for kind in shown if kind.startswith(("card.", "exceptional.", "promise."))]


def test_the_reference_of_an_open_case_finds_them_too(
    cast: Any, as_member: Callable[..., Actor], dana: Actor, contact: int
) -> None:
    ref = show_reference(Contact.objects.get(pk=contact).case.ref)
    there = chat(guest("the hotel's computer"), dana)
    said: Any = {
        "by": dana,
        "now": clock.now(),
        "contact_id": there,
        "why": WHY,
        "name": clean("Maya Okafor"),
    }
    assert begin_exception(**said, fact=Secret("7K4-29QM")) is None
    assert begin_exception(**said, fact=Secret(ref.lower())) is not None


# --------------------------------------------------------------------------------------------------- two people


def test_the_second_person_is_a_supervisor_who_had_no_hand_in_it(
    cast: Any, dana: Actor, ines: Actor, contact: int, on_file: EmergencyContact
) -> None:
    one = begun(dana, contact)
    prove(dana, one, CONTACT, PASSPORT)
    with pytest.raises(NotPermitted):
        decide_exception(by=dana, now=clock.now(), exceptional_id=one, granted=True)
    promoted = replace(dana, role=ines.role)
    with pytest.raises(NotByOneself):
        decide_exception(by=promoted, now=clock.now(), exceptional_id=one, granted=True)
    Contact.objects.filter(pk=contact).update(agent=cast.ines)
    record_exceptional_proof(by=ines, now=clock.now(), exceptional_id=one, proof=PASSPORT, note=NOTE)
    assert decide_exception(
        by=ines, now=clock.now(), exceptional_id=one, granted=True
    )  # it was recorded before
    assert not decide_exception(by=ines, now=clock.now(), exceptional_id=one, granted=True)


def test_who_recorded_a_proof_does_not_confirm_it(
    cast: Any, dana: Actor, ines: Actor, contact: int, on_file: EmergencyContact
) -> None:
    one = begun(dana, contact)
    prove(dana, one, CONTACT)
    Contact.objects.filter(pk=contact).update(agent=cast.ines)
    prove(ines, one, PASSPORT)
    with pytest.raises(NotByOneself):
        decide_exception(by=ines, now=clock.now(), exceptional_id=one, granted=True)


def test_two_proofs_of_different_kinds_are_needed(
    dana: Actor, ines: Actor, contact: int, on_file: EmergencyContact, card: str
) -> None:
    one = begun(dana, contact)
    prove(dana, one, CONTACT, CONTACT)
    with pytest.raises(ProofsMissing):
        decide_exception(by=ines, now=clock.now(), exceptional_id=one, granted=True)
    with pytest.raises(LevelTooLow):
        freeze(dana, contact, card)


def test_which_numbers_of_proofs_and_people_will_do() -> None:
    assert is_enough([CONTACT, DOCUMENT]) and not is_enough([CONTACT, CONTACT]) and not is_enough([])
    assert may_decide(3, 1, [1, 2]) and not may_decide(1, 1, []) and not may_decide(2, 1, [2])


def test_a_refusal_says_why_and_lets_nothing_pass(
    dana: Actor, ines: Actor, contact: int, on_file: EmergencyContact, card: str
) -> None:
    one = begun(dana, contact)
    prove(dana, one, CONTACT, PASSPORT)
    with pytest.raises(ReasonMissing):
        decide_exception(by=ines, now=clock.now(), exceptional_id=one, granted=False)
    why = clean("The sister had not heard of a journey")
    assert decide_exception(by=ines, now=clock.now(), exceptional_id=one, granted=False, why=why)
    with pytest.raises(LevelTooLow):
        freeze(dana, contact, card)
    with pytest.raises(NotThere):
        prove(dana, one, DOCUMENT)


# ------------------------------------------------------------------------------------------------------- the proofs


def test_an_emergency_contact_vouches_from_their_thirtieth_day_on(
    cast: Any, dana: Actor, contact: int, on_file: EmergencyContact
) -> None:
    one = begun(dana, contact)
    EmergencyContact.objects.update(since=on_file.since + timedelta(minutes=5))
    with pytest.raises(NoEmergencyContact):
        prove(dana, one, CONTACT)
    EmergencyContact.objects.update(since=on_file.since)
    prove(dana, one, CONTACT)


def a_file(cast: Any, contact: int, **other: Any) -> int:
    row = Contact.objects.get(pk=contact)
    facts: dict[str, Any] = {
        "token": "f" * 32,
        "sha256": "0" * 64,
        "size_bytes": 9,
        "type": "jpeg",
        "name": "passport.jpg",
        "member": cast.maya,
        "case_id": row.home_case_id,
        "given_by": "member:1",
        "given_by_name": "Maya Okafor",
        "given_at": clock.now(),
        "state": "clean",
    }
    return StoredFile.objects.create(**{**facts, **other}).pk


@pytest.mark.parametrize(
    "other",
    [
        {"state": "waiting"},
        {"state": "quarantined"},
        {"type": "txt"},
        {"given_at": clock.now() - timedelta(days=1)},
        {"case_id": None},
    ],
)
def test_a_document_is_a_checked_picture_of_this_conversation(
    cast: Any, dana: Actor, contact: int, other: dict[str, Any]
) -> None:
    one = begun(dana, contact)
    said: Any = {"by": dana, "now": clock.now(), "exceptional_id": one, "proof": DOCUMENT, "note": NOTE}
    with pytest.raises(NoSuchDocument):
        record_exceptional_proof(**said)
    with pytest.raises(NoSuchDocument):
        record_exceptional_proof(**said, file_id=a_file(cast, contact, **other))
    good = a_file(cast, contact, token="e" * 32)
    assert record_exceptional_proof(**said, file_id=good)
    assert not record_exceptional_proof(**said, file_id=good)


def test_a_passport_at_the_handover_names_who_looks_at_it(dana: Actor, contact: int) -> None:
    one = begun(dana, contact)
    with pytest.raises(ReasonMissing):
        record_exceptional_proof(
            by=dana, now=clock.now(), exceptional_id=one, proof=PASSPORT, note=clean(" ")
        )
    with pytest.raises(Malformed):
        record_exceptional_proof(by=dana, now=clock.now(), exceptional_id=one, proof="voice", note=NOTE)


# --------------------------------------------------------------------------------------------------------- its end


@pytest.mark.parametrize(
    ("passed", "lets_pass"), [(EXCEPTION_LASTS - timedelta(microseconds=1), True), (EXCEPTION_LASTS, False)]
)
def test_it_is_over_by_itself_after_24_hours(
    dana: Actor,
    ines: Actor,
    contact: int,
    on_file: EmergencyContact,
    card: str,
    monkeypatch: pytest.MonkeyPatch,
    passed: timedelta,
    lets_pass: bool,
) -> None:
    began = later(monkeypatch, timedelta())
    granted(dana, ines, contact)
    later(monkeypatch, passed, began)
    if lets_pass:
        assert freeze(dana, contact, card)["frozen_at"]
        return
    with pytest.raises(LevelTooLow):
        freeze(dana, contact, card)
    assert begun(dana, contact)  # a new one can be begun
    assert Exceptional.objects.filter(state="over").count() == 1


def test_a_visitors_exception_that_ran_out_gives_nobodys_cards_away(
    cast: Any,
    dana: Actor,
    ines: Actor,
    on_file: EmergencyContact,
    card: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    began = later(monkeypatch, timedelta())
    contact = chat(guest("the hotel's computer"), dana)
    phone = cast.maya.points.get(kind="phone").value
    one = begin_exception(
        by=dana, now=clock.now(), contact_id=contact, why=WHY, name=clean("Maya Okafor"), fact=Secret(phone)
    )
    assert one
    prove(dana, one, CONTACT, PASSPORT)
    decide_exception(by=ines, now=clock.now(), exceptional_id=one, granted=True)
    later(monkeypatch, EXCEPTION_LASTS, began)
    known_as(Actor(dana.kind, str(cast.maya.pk), on_behalf_of=cast.maya.pk), contact, Proof.PHONE_CODE)
    with pytest.raises(NotThere):
        freeze(dana, contact, card)


def test_it_is_ended_by_whoever_has_the_conversation_or_a_supervisor(
    dana: Actor, ines: Actor, contact: int, on_file: EmergencyContact, card: str, cast: Any, as_agent: Any
) -> None:
    one = granted(dana, ines, contact)
    why = clean("The real member called")
    colleague = as_agent(cast.priya)
    with pytest.raises((NotYours, NotThere)):
        revoke_exception(by=colleague, now=clock.now(), exceptional_id=one, why=why)
    with pytest.raises(ReasonMissing):
        revoke_exception(by=ines, now=clock.now(), exceptional_id=one, why=clean(""))
    assert revoke_exception(by=ines, now=clock.now(), exceptional_id=one, why=why)
    assert not revoke_exception(by=dana, now=clock.now(), exceptional_id=one, why=why)
    with pytest.raises(LevelTooLow):
        freeze(dana, contact, card)


def test_it_stands_in_its_own_conversation_alone(
    cast: Any,
    as_member: Callable[..., Actor],
    dana: Actor,
    ines: Actor,
    contact: int,
    on_file: EmergencyContact,
    card: str,
) -> None:
    elsewhere = chat(as_member(cast.maya, signed_in=False), dana)
    granted(dana, ines, contact)
    with pytest.raises(LevelTooLow):
        freeze(dana, elsewhere, card)


def test_a_restriction_stops_what_the_exception_would_let_pass(
    cast: Any, dana: Actor, ines: Actor, contact: int, on_file: EmergencyContact, card: str
) -> None:
    granted(dana, ines, contact)
    freeze(dana, contact, card)
    restrict(cast.maya.pk, "fraud_lock", clock.now())
    with pytest.raises(Exception, match="restriction"):
        order(dana, contact, card)


# ----------------------------------------------------------------------------------------------- beginning one


def test_it_is_for_the_stranded_alone(
    cast: Any, dana: Actor, ines: Actor, contact: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: Any = {"now": clock.now(), "contact_id": contact, "why": WHY}
    with pytest.raises(NotYours):
        begin_exception(by=ines, **said)
    with pytest.raises(ReasonMissing):
        begin_exception(by=dana, now=clock.now(), contact_id=contact, why=clean("  "))
    known_as(Actor(dana.kind, str(cast.maya.pk), on_behalf_of=cast.maya.pk), contact, Proof.PHONE_CODE)
    with pytest.raises(NotNeeded):
        begin_exception(by=dana, **said)


def test_one_at_a_time(dana: Actor, contact: int) -> None:
    begun(dana, contact)
    with pytest.raises(Malformed):
        begun(dana, contact)


def test_an_issuer_that_lists_nothing_offers_none(
    dana: Actor, contact: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = replace(current_profile(), exceptional=replace(current_profile().exceptional, actions=()))
    monkeypatch.setattr("cardline.contact.exceptional.commands.current_profile", lambda: bare)
    with pytest.raises(NotOfferedHere):
        begun(dana, contact)


def test_supervisors_see_what_waits_and_nobody_else(dana: Actor, ines: Actor, contact: int) -> None:
    one = begun(dana, contact)
    assert [row.pk for row in exceptions_to_decide(ines)] == [one]
    assert exceptions_to_decide(dana) == []


def test_the_place_is_said_well_enough_to_find_it(
    dana: Actor, ines: Actor, contact: int, on_file: EmergencyContact, card: str
) -> None:
    granted(dana, ines, contact)
    freeze(dana, contact, card)
    for place in ("", "Lisbon", "x" * 201):
        with pytest.raises(PlaceMissing):
            order_emergency_card(by=dana, now=clock.now(), card=card, contact_id=contact, place=clean(place))
