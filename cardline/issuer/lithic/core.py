"""The card core of an issuer whose cards are at Lithic: see docs/howto/connect-a-core.md."""

from __future__ import annotations

from typing import Any, Never

from cardline.issuer.core import CoreRefused, Part
from cardline.issuer.lithic.cards import LithicCards
from cardline.issuer.lithic.movements import LithicMovements


class LithicCore(LithicCards, LithicMovements):
    """See cardline.issuer.core.protocol for units and errors. Cards and transactions, and no other part."""

    @property
    def offers(self) -> frozenset[Part]:
        return frozenset()

    @property
    def answers_at_once(self) -> bool:
        return False

    def _not_offered(self, *_: Any, **__: Any) -> Never:
        raise CoreRefused("not_offered")

    shipping = _not_offered
    # A card's `spend_limit` there counts by transaction, calendar month, year or for ever, and never by the cycle of an
    # account: what was said to be "this cycle's" would not be it.
    spending = set_card_limit = _not_offered
    emergency_card = _not_offered
    # What Lithic's own rules stop, they let go by an answer to Lithic; a card of theirs has no state for it.
    block = lift_block = _not_offered
    subscriptions = stop_merchant = allow_merchant = _not_offered
    statements = statement = statement_lines = due = _not_offered
    bank_accounts = add_bank_account = remove_bank_account = _not_offered
    payment_time = pay = payments = payment = cancel_payment = _not_offered
    autopay = set_autopay = stop_autopay = _not_offered
    rewards = rewards_entries = rewards_options = redeem = _not_offered
    alert_rules = set_alert = alerts = _not_offered
    apply = application = _not_offered
    open_dispute = close_dispute = _not_offered
