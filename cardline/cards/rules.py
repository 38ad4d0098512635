"""Who may give a frozen card back into use. Pure."""

from __future__ import annotations

from cardline.issuer.core import Card, CardState, Role


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
