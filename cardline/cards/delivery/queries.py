"""Which cards are on their way to somebody, and where each is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from cardline.cards.delivery.models import Shipment
from cardline.cards.delivery.rules import expected_day
from cardline.cards.visibility import member_seen_by
from cardline.clocks.local import local_date
from cardline.issuer.core import CardState, Part, ShippingStep, current_core
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor
from cardline.kit.visibility import visible


@dataclass(frozen=True, slots=True)
class Coming:
    """A card that was sent and is not in use. expected: the carrier's day, None once it says it is there or came back.
    look_by: when we have looked after it, None where nothing was promised. is_late: the carrier's day is over.
    """

    token: str
    last4: str
    step: ShippingStep
    carrier: str
    tracking: str
    expected: date | None
    look_by: datetime | None
    is_late: bool


def cards_coming(actor: Actor, now: datetime, member_id: int | None = None) -> list[Coming]:
    """The cards made out to a member that are not in use yet. member_id: for a colleague.

    Raises NotThere, CoreUnknown.
    """
    member = member_seen_by(actor, member_id)
    core, customer = current_core(), member.core_customer
    return [
        _coming(customer, card.token, card.last4, now)
        for card in core.cards(customer)
        if card.state == CardState.INACTIVE and card.customer == customer
    ]


def shipment_of(actor: Actor, card: str) -> Shipment | None:
    """What was promised about a card in the post, while it is in the post."""
    return visible(Shipment, actor).filter(card=card, settled="").first()


def _coming(customer: str, token: str, last4: str, now: datetime) -> Coming:
    core, profile = current_core(), current_profile()
    events = core.shipping(customer, token) if Part.SHIPPING in core.offers else []
    step = events[-1].step if events else ShippingStep.ORDERED
    there = step in (ShippingStep.DELIVERED, ShippingStep.RETURNED)
    sent = next((event for event in reversed(events) if event.carrier), None)
    known = Shipment.objects.filter(card=token, settled="").first()
    began = events[0].at if events else known.sent_at if known else now
    expected = None if there else expected_day(events, began, profile)
    return Coming(
        token=token,
        last4=last4,
        step=step,
        carrier=sent.carrier if sent else "",
        tracking=sent.tracking if sent else "",
        expected=expected,
        look_by=known.due_at if known else None,
        is_late=expected is not None and expected < local_date(now, profile.zone),
    )
