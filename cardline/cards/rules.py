"""Who may do what with a card they see. Pure."""

from __future__ import annotations

from datetime import date, timedelta

from cardline.issuer.core import Card, CardState, CloseReason, Role


def may_unfreeze(card: Card, *, customer: str, frozen_for: str) -> bool:
    """Whether a customer may undo the freeze. customer, frozen_for: numbers in the core; "" where we do not know for
    whom it was frozen.

    Whoever holds the account may. An additional card member may undo their own freeze, not one the account's holder
    made: the account is not theirs.
    """
    if card.state != CardState.FROZEN:
        return False
    if card.role != Role.ADDITIONAL or card.customer != customer:
        return True
    return frozen_for in ("", customer)


def may_activate(card: Card, *, customer: str) -> bool:
    """Whoever it is made out to, once they have it in hand: the account's holder cannot know that it arrived."""
    return card.state == CardState.INACTIVE and card.customer == customer


RENEWED_FROM = timedelta(days=45)  # before its last day, so that the new one is there in time


def may_renew(card: Card, today: date) -> bool:
    """Whether it runs out soon, or did, and nothing came for it yet."""
    if card.expires is None or card.replaced_by or card.state in (CardState.CLOSED, CardState.INACTIVE):
        return False
    return today >= card.expires - RENEWED_FROM


def reasons_to_replace(card: Card) -> tuple[CloseReason, ...]:
    """Why somebody who sees this card may ask for another one.

    One that was never in use cannot be worn out, and one whose copy is on its way needs no further copy; both can get
    lost. Everybody who sees a card may say so: the holder of the account, and whoever it is made out to.
    """
    if card.state == CardState.CLOSED:
        return ()
    has_copy_to_come = card.state == CardState.INACTIVE or bool(card.replaced_by)
    gone = (CloseReason.LOST, CloseReason.STOLEN)
    return gone if has_copy_to_come else (*gone, CloseReason.DAMAGED)
