"""Whom to call about anything but a lost card."""

from __future__ import annotations

from cardline.cards.visibility import member_protected_by
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor
from cardline.selfservice.cards_page import Call


def line_for_questions(actor: Actor) -> Call | None:
    """The first line for where this person lives and which card they hold; home's for a visitor.

    The profile lists the general line of a kind of card before those for one purpose.
    """
    member = member_protected_by(actor) if actor.member_id else None
    lines = current_profile().lines_for(
        member.country if member else None, member.card_type if member else None
    )
    line = next((line for line in lines if line.e164), None)
    return Call(line.display, f"tel:{line.e164}") if line else None
