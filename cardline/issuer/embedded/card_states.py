"""What a card's row means at a moment: its state, and what can be done with the card."""

from __future__ import annotations

from datetime import datetime

from cardline.issuer.core import CardState, FreezeScope, Use
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.shared import day_of

# What a merchant or a machine has to ask the card for. Refunds, payments and points never ask.
NEEDS_CARD = frozenset({Use.PURCHASES, Use.CASH, Use.WALLET, Use.RECURRING})
STOPPED_BY = {
    FreezeScope.NEW_PURCHASES: NEEDS_CARD - {Use.RECURRING},
    FreezeScope.EVERYTHING: NEEDS_CARD,
}


def is_frozen(row: rows.Card, at: datetime) -> bool:
    """Whether a freeze stands at that moment. One whose end has come is none any more, though nobody wiped it away."""
    return row.frozen_at is not None and (row.freeze_expires is None or at < row.freeze_expires)


def state_of(row: rows.Card, at: datetime) -> CardState:
    if row.closed_at is not None:
        return CardState.CLOSED
    if is_frozen(row, at):
        return CardState.FROZEN
    return CardState.INACTIVE if row.activated_at is None else CardState.ACTIVE


def stopped_uses(row: rows.Card, at: datetime) -> frozenset[Use]:
    """What cannot be done with the card at that moment."""
    is_over = row.expires is not None and row.expires < day_of(at)
    if row.closed_at is not None or row.activated_at is None or is_over:
        return NEEDS_CARD
    if row.blocked_at is not None:
        return NEEDS_CARD
    return STOPPED_BY[FreezeScope(row.freeze_scope)] if is_frozen(row, at) else frozenset()
