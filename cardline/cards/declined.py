"""Purchases that were declined lately: what somebody at a till, or an hour later, asks us about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from cardline.cards.visibility import member_seen_by
from cardline.issuer.core import Authorisation, Card, CoreNotFound, Outcome, current_core
from cardline.kit.actors import Actor
from cardline.kit.refusals import NotThere

LATELY = timedelta(days=14)
MOST = 4  # with "another one" they are as many as a keypad takes
LOOKED_THROUGH = 100


@dataclass(frozen=True, slots=True)
class Declined:
    """asked: what a merchant asked and was refused. card: the card as it is now."""

    asked: Authorisation
    card: Card


def declined_lately(actor: Actor, now: datetime, member_id: int | None = None) -> list[Declined]:
    """The newest first, of the cards a member may see; one for each card, merchant and reason. Raises NotThere, and
    CoreUnknown.
    """
    customer = member_seen_by(actor, member_id).core_customer
    core = current_core()
    try:
        page = core.authorisations(customer, most=LOOKED_THROUGH)
    except CoreNotFound as missing:
        raise NotThere() from missing
    cards = {card.token: card for card in core.cards(customer)}
    found: dict[tuple[str, str, str], Declined] = {}
    for asked in page.items:
        is_one = asked.outcome == Outcome.DECLINED and asked.at > now - LATELY and asked.card in cards
        alike = (asked.card, asked.merchant, str(asked.decline))
        if is_one and alike not in found:
            found[alike] = Declined(asked, cards[asked.card])
    return list(found.values())[:MOST]
