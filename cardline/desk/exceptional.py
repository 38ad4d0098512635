"""The desk's page of an exceptional verification: how it stands, who does what next, and what it lets pass."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from cardline.cards.emergency.commands import order_emergency_card
from cardline.cards.emergency.queries import cards_in_contact, emergency_cards_ordered
from cardline.cards.models import EmergencyCard
from cardline.cards.queries import HeldCard
from cardline.contact.models import Contact
from cardline.contact.queries import contact_for
from cardline.desk.verification import ACTIONS
from cardline.files.models import StoredFile
from cardline.files.queries import documents_given
from cardline.identity.asks.models import Ask
from cardline.identity.asks.queries import approved_for, can_be_asked
from cardline.identity.exceptional.queries import (
    emergency_contact_on_file,
    exception_in,
    exceptions_to_decide,
    stands,
)
from cardline.identity.exceptional.rules import is_enough, may_decide
from cardline.identity.models import EmergencyContact, Exceptional, ExceptionalProof
from cardline.identity.queries import level_of
from cardline.issuer.core import CoreError
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor
from cardline.kit.money import Money, format_money
from cardline.kit.reference import show_reference
from cardline.members.models import Member

VERIFIED = 2
WANTED = order_emergency_card.name


@dataclass(frozen=True, slots=True)
class CardHere:
    """A card of the stranded member. ordered: the emergency card that comes in its place. approved: they said yes on
    their own page to exactly this order, whose place it names."""

    card: HeldCard
    ordered: EmergencyCard | None
    approved: Ask | None


@dataclass(frozen=True, slots=True)
class ExceptionalPage:
    """one: the newest of this conversation. is_mine: the reader has the conversation. may_decide: the reader is a
    supervisor without a hand in it. vouching: an emergency contact who counts. documents: to choose from. allows: in
    words. cards: what can be acted on, once it stands or once the member is verified; None while the core is silent.
    """

    contact: Contact
    reference: str
    one: Exceptional | None
    member: Member | None
    proofs: tuple[ExceptionalProof, ...]
    is_mine: bool
    is_open: bool
    stands: bool
    is_verified: bool
    is_enough: bool
    may_decide: bool
    is_supervisor: bool
    vouching: EmergencyContact | None
    documents: tuple[StoredFile, ...]
    allows: tuple[str, ...]
    cards: tuple[CardHere, ...] | None
    can_ask: bool
    limit_words: str

    def has(self, kind: str) -> bool:
        return any(proof.kind == kind for proof in self.proofs)

    @property
    def has_contact(self) -> bool:
        return self.has(ExceptionalProof.Kind.EMERGENCY_CONTACT)

    @property
    def has_document(self) -> bool:
        return self.has(ExceptionalProof.Kind.DOCUMENT)

    @property
    def has_passport(self) -> bool:
        return self.has(ExceptionalProof.Kind.PASSPORT)

    @property
    def is_waiting(self) -> bool:
        return self.one is not None and self.one.state == Exceptional.State.ASKED

    @property
    def can_begin(self) -> bool:
        """Nothing waits and nothing stands, and there is a conversation to begin it in."""
        return self.is_mine and self.is_open and not (self.is_waiting or self.stands or self.is_verified)


def exceptional_page(actor: Actor, contact_id: int, now: datetime) -> ExceptionalPage:
    """Raises NotThere."""
    contact = contact_for(actor, contact_id)
    one = exception_in(contact.pk)
    proofs = tuple(one.proofs.all()) if one else ()
    in_force, member = stands(one), one.member if one else contact.member
    is_verified = contact.member is not None and level_of(actor, contact.pk) >= VERIFIED
    rules = current_profile().exceptional
    is_waiting = one is not None and one.state == Exceptional.State.ASKED
    return ExceptionalPage(
        contact=contact,
        reference=show_reference(contact.case.ref),
        one=one,
        member=member,
        proofs=proofs,
        is_mine=contact.agent_id == actor.agent_id,
        is_open=contact.state != Contact.State.ENDED,
        stands=in_force,
        is_verified=is_verified,
        is_enough=is_enough([proof.kind for proof in proofs]),
        may_decide=is_waiting
        and one is not None
        and actor.is_supervisor
        and may_decide(actor.agent_id, one.asked_by_id, [proof.by_id for proof in proofs]),
        is_supervisor=actor.is_supervisor,
        vouching=emergency_contact_on_file(member.pk, now) if one and member and is_waiting else None,
        documents=tuple(documents_given(actor, contact.home_case_id, contact.started_at)),
        allows=tuple(str(ACTIONS[action.partition(":")[2]]) for action in rules.actions),
        cards=_cards(actor, contact) if member and (in_force or is_verified) else (),
        can_ask=contact.member is not None and can_be_asked(contact.member.pk),
        limit_words=format_money(
            Money(rules.card_limit_minor, current_profile().currency), get_language() or "en"
        ),
    )


def _cards(actor: Actor, contact: Contact) -> tuple[CardHere, ...] | None:
    """Their cards by last four, and no more of them: what an exception tells is what it needs."""
    try:
        held = [card for card in cards_in_contact(actor, contact.pk) if card.mine]
    except CoreError:
        return None
    ordered = emergency_cards_ordered(actor, contact.pk, [card.token for card in held])
    approved = {ask.arguments.get("card"): ask for ask in approved_for(contact.pk, WANTED)}
    return tuple(CardHere(card, ordered.get(card.token), approved.get(card.token)) for card in held)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An exception that waits for a supervisor's eyes. is_ready: enough is proved; can_decide: by this very one."""

    one: Exceptional
    is_ready: bool
    can_decide: bool


def exceptions_waiting(actor: Actor) -> list[Waiting]:
    """For supervisors, the oldest first."""
    return [_waiting(actor, one) for one in exceptions_to_decide(actor)]


def _waiting(actor: Actor, one: Exceptional) -> Waiting:
    proofs = list(one.proofs.all())
    return Waiting(
        one,
        is_enough([proof.kind for proof in proofs]),
        may_decide(actor.agent_id, one.asked_by_id, [proof.by_id for proof in proofs]),
    )
