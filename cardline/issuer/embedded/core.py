"""The embedded card core: the protocol of `issuer/core` over tables of our own.

It runs in our database, so what it changes is committed together with the command that asked for it.
"""

from __future__ import annotations

from cardline.issuer.core import Part
from cardline.issuer.embedded.applications import EmbeddedApplications
from cardline.issuer.embedded.billing import EmbeddedBilling
from cardline.issuer.embedded.cards import EmbeddedCards
from cardline.issuer.embedded.disputes import EmbeddedDisputes
from cardline.issuer.embedded.emergency import EmbeddedEmergency
from cardline.issuer.embedded.limits import EmbeddedLimits
from cardline.issuer.embedded.movements import EmbeddedMovements
from cardline.issuer.embedded.notices import EmbeddedNotices
from cardline.issuer.embedded.rewards import EmbeddedRewards


class EmbeddedCore(
    EmbeddedCards,
    EmbeddedLimits,
    EmbeddedEmergency,
    EmbeddedMovements,
    EmbeddedBilling,
    EmbeddedRewards,
    EmbeddedNotices,
    EmbeddedDisputes,
    EmbeddedApplications,
):
    """See cardline.issuer.core.protocol for units and errors."""

    @property
    def offers(self) -> frozenset[Part]:
        return frozenset(Part)

    @property
    def answers_at_once(self) -> bool:
        return True
