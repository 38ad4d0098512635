"""The cards an agent can act on for a stranded member, and the emergency cards that were ordered."""

from __future__ import annotations

from cardline.cards.models import EmergencyCard
from cardline.cards.queries import HeldCard, cards_held_by, cards_of
from cardline.contact.models import Contact
from cardline.identity.exceptional.queries import exception_in, stands
from cardline.kit.actors import Actor
from cardline.kit.refusals import NotThere
from cardline.kit.visibility import visible


def cards_in_contact(actor: Actor, contact_id: int) -> list[HeldCard]:
    """Those of the member of a contact the colleague sees; in a visitor's, of whom an exception stands for. Raises
    NotThere."""
    contact = visible(Contact, actor).filter(pk=contact_id).first()
    if contact is None:
        raise NotThere()
    if contact.member_id is not None:
        return cards_of(actor, contact.member_id)
    exception = exception_in(contact_id)
    if exception is None or not stands(exception):
        raise NotThere()
    return cards_held_by(exception.member)


def emergency_cards_ordered(actor: Actor, contact_id: int, cards: list[str]) -> dict[str, EmergencyCard]:
    """What was ordered in place of these cards, by the card; for a colleague who sees them in that contact."""
    if not visible(Contact, actor).filter(pk=contact_id).exists():
        return {}
    return {one.card: one for one in EmergencyCard.objects.filter(card__in=cards)}
