"""In the transaction in which a card is sent or comes into use: it is followed, and followed no more."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cardline.cards.delivery.commands import Settled, follow_card, settle
from cardline.cards.writing import ACTIVATED, REPLACED
from cardline.kit.events import reacts_to


@reacts_to(REPLACED)
def follow(
    *, member_id: int, card: str, new: str, last4: str, case_id: int, now: datetime, **facts: Any
) -> None:
    """A card that was still in the post and is gone now is not looked for any more."""
    settle(card, Settled.SENT_AGAIN, now)
    follow_card(member_id, new, last4, case_id, now)


@reacts_to(ACTIVATED)
def it_came(*, card: str, now: datetime, **facts: Any) -> None:
    settle(card, Settled.ACTIVATED, now)
