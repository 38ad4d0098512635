"""A phone that is said to be gone with a card is in somebody else's hands: what comes from it is worth what a number is
worth that changed hands, for as long as that counts (DOMAIN 8, takeover 6).
"""

from __future__ import annotations

from datetime import datetime

from cardline.cards.reports.queries import phone_said_gone
from cardline.config.number_changes import tail_of
from cardline.kit.plugs import NumberChanges


class WithGonePhones:
    """The `NumberChanges` plug of kit/plugs.py: what a carrier says, and what members said of their phones."""

    def __init__(self, carrier: NumberChanges) -> None:
        self._carrier = carrier

    def number_changed_since(self, number: str) -> datetime | None:
        known = (self._carrier.number_changed_since(number), phone_said_gone(tail_of(number)))
        return max((at for at in known if at is not None), default=None)
