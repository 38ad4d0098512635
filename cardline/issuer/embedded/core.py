"""The embedded card core: the protocol of `issuer/core` over tables of our own.

It runs in our database, so what it changes is committed together with the command that asked for it.
"""

from __future__ import annotations

from cardline.issuer.embedded.cards import EmbeddedCards
from cardline.issuer.embedded.movements import EmbeddedMovements


class EmbeddedCore(EmbeddedCards, EmbeddedMovements):
    """See cardline.issuer.core.protocol for units and errors."""
