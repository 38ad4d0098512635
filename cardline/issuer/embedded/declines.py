"""Whether a card is good for what a merchant asks, and if not, why."""

from __future__ import annotations

from datetime import datetime

from cardline.issuer.core import Decline, FreezeScope
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded import recurring
from cardline.issuer.embedded.booking import balance_of, pending_of
from cardline.issuer.embedded.card_states import is_frozen
from cardline.issuer.embedded.limits import is_over_card_limit
from cardline.issuer.embedded.shared import day_of


def why_declined(
    card: rows.Card, *, merchant: str, amount_minor: int, channel: str, at: datetime
) -> Decline | None:
    """None when it is good. The card's own state comes before the amount, so that nobody learns what is left on it."""
    if card.closed_at is not None:
        return Decline.CLOSED
    if card.expires is not None and card.expires < day_of(at):
        return Decline.EXPIRED
    if card.activated_at is None:
        return Decline.INACTIVE
    if _freeze_stops(card, channel, at):
        return Decline.FROZEN
    if card.blocked_at is not None:
        return Decline.SUSPECTED_FRAUD
    if channel == recurring.CHANNEL and recurring.has_stopped(card, merchant):
        return Decline.MERCHANT_STOPPED
    over = _is_over_limit(card.account, amount_minor) or is_over_card_limit(card, amount_minor, at)
    return Decline.OVER_LIMIT if over else None


def _freeze_stops(card: rows.Card, channel: str, at: datetime) -> bool:
    if not is_frozen(card, at):
        return False
    return channel != recurring.CHANNEL or card.freeze_scope == FreezeScope.EVERYTHING


def _is_over_limit(account: rows.Account, amount_minor: int) -> bool:
    limit = account.credit_limit_minor
    return limit is not None and amount_minor > limit - balance_of(account) - pending_of(account)
