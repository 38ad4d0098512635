"""An agent finds out whether the person in their conversation is the member: by code, by calling back, by facts.

Agents see matched or not matched, never what was expected (SR-30). A wrong answer is an answer and no refusal, because
a refusal would take the count back (SR-31). Calling back is no guess, so that it works while guessing is locked.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.utils.translation import gettext, override

from cardline.cases import timeline
from cardline.contact.in_hand import in_hand
from cardline.contact.models import Contact
from cardline.identity.asks.news import tell_open_pages
from cardline.identity.codes.commands import Place, add_evidence, send_code, try_code
from cardline.identity.codes.phones import has_changed_hands, phone_that_counts
from cardline.identity.facts import is_a_fact_of_theirs
from cardline.identity.guesses.commands import begin_guess, count_wrong
from cardline.identity.guesses.rules import is_locked, tries_left
from cardline.identity.rules import Proof
from cardline.issuer.asking import ask
from cardline.issuer.core import current_core
from cardline.kit import clock
from cardline.kit.actors import SELF, Kind, Standing
from cardline.kit.commands import command
from cardline.kit.redact import Clean, clean
from cardline.kit.reference import show_reference
from cardline.kit.refusals import NotThere
from cardline.kit.secret import Secret
from cardline.members.authorities.commands import speaks_in
from cardline.members.authorities.queries import scopes_to_act, speaker_in
from cardline.members.contactdata.queries import postal_code_that_counts
from cardline.members.models import Member
from cardline.members.rules import is_their_name


@command("contact.send_code", by=[Kind.AGENT], about="contact:{contact_id}")
def send_code_to_member(*, by: Standing, now: datetime, contact_id: int, point_id: int) -> None:
    """Text a code to a phone on file, for the member to say in this conversation; an earlier one is void.

    Nothing is answered: a phone that does not count and a locked account look like one that does. Raises NotThere,
    NotYours, ContactEnded, TooMany.
    """
    contact, member = speaker_in_hand(by, contact_id)
    with override(member.language):
        shown = gettext("show that it is you, in %(ref)s") % {"ref": show_reference(contact.home_case.ref)}
    send_code(_place(contact, member), clean(shown), point_id, now)
    tell_open_pages(member.pk)  # where they can enter it themselves


@command("contact.enter_code", by=[Kind.AGENT], about="contact:{contact_id}")
def enter_members_code(*, by: Standing, now: datetime, contact_id: int, code: Secret) -> dict[str, Any]:
    """What the member said the code is. Returns {"matched", "left"}. Raises NotThere, NotYours, ContactEnded."""
    contact, member = speaker_in_hand(by, contact_id)
    return try_code(by, now, _place(contact, member), code)


@command("contact.called_back", by=[Kind.AGENT], about="contact:{contact_id}")
def record_call_back(*, by: Standing, now: datetime, contact_id: int, point_id: int) -> None:
    """This agent called a number on file, and the member answered there. point_id: which; it is never typed.

    A number that changed hands lately says who they are and verifies nobody. Raises NotThere (also for a number that
    does not count), NotYours, ContactEnded.
    """
    contact, member = speaker_in_hand(by, contact_id)
    point = phone_that_counts(member.pk, point_id, now)
    if point is None:
        raise NotThere()
    proof = Proof.CHANGED_NUMBER if has_changed_hands(point, now) else Proof.CALL_BACK
    add_evidence(_place(contact, member), proof, clock.machine_now())


@command("contact.check_facts", by=[Kind.AGENT], about="contact:{contact_id}")
def check_facts(*, by: Standing, now: datetime, contact_id: int, name: Clean, fact: Secret) -> dict[str, Any]:
    """Compare what the caller said: their legal name, and the last four of a card, their postal code or the reference
    of this conversation.

    Returns {"matched", "left"}; which of the two was wrong is told to nobody. Raises NotThere, NotYours, ContactEnded,
    CoreSilent.
    """
    contact, member = speaker_in_hand(by, contact_id)
    cards = ask(partial(current_core().cards, member.core_customer))
    at = clock.machine_now()
    tally = begin_guess(member.pk)
    known = [postal_code_that_counts(member, now), contact.home_case.ref, *(card.last4 for card in cards)]
    right_fact = is_a_fact_of_theirs(fact.reveal(), known)
    right_name = is_their_name(str(name), member.given_name, member.family_name)
    if is_locked(tally, at) or not (right_fact and right_name):
        left = count_wrong(by=by, now=now, member_id=member.pk, proof=Proof.FACTS)
        return {"matched": False, "left": left}
    add_evidence(_place(contact, member), Proof.FACTS, at)
    return {"matched": True, "left": tries_left(tally, at)}


@command("contact.name_speaker", by=[Kind.AGENT], about="contact:{contact_id}")
def name_speaker(*, by: Standing, now: datetime, contact_id: int, person_id: int, capacity: str) -> bool:
    """Say who speaks in this conversation: its member ("self"), or somebody who may act for them now.

    What another proved in it counts for nothing from then on. False: it was so already. Raises NotThere (also for
    whoever may not act for them now), NotYours, ContactEnded.
    """
    contact, speaks_now = speaker_in_hand(by, contact_id)
    assert contact.member is not None
    if capacity == SELF:
        person_id = contact.member.pk
    elif scopes_to_act(person_id, contact.member.pk, capacity, now) is None:
        raise NotThere()
    before = speaker_in(contact_id)
    if (person_id, capacity) == (speaks_now.pk, before.capacity if before else SELF):
        return False
    speaks_in(contact_id, person_id, contact.member.pk, capacity)
    who = {"who": Member.objects.get(pk=person_id).name, "capacity": capacity, "member": contact.member.name}
    timeline.append(contact.home_case_id, "contact.speaker", contact_id=contact_id, visible=False, data=who)
    return True


def speaker_in_hand(by: Standing, contact_id: int) -> tuple[Contact, Member]:
    """The conversation this agent has, and whose proofs count in it: its member's, or theirs who speaks for them."""
    contact = in_hand(by.actor, contact_id)
    if contact.member is None:
        raise NotThere()
    speaker = speaker_in(contact_id)
    return contact, speaker.person if speaker else contact.member


def _place(contact: Contact, member: Member) -> Place:
    return Place(member.pk, contact_id=contact.pk)
