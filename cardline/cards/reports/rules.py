"""How a report goes on, and what a member answers for (DOMAIN 3, 4 and 10). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from cardline.cards.reports.models import Report
from cardline.clocks.liability import DEBIT_KINDS, LiabilityLaw

S = Report.State

# From each state, where it may go. Out of the last two it goes nowhere: what happens then is another report.
FOLLOWS: Mapping[str, frozenset[str]] = {
    S.REPORTED: frozenset({S.FROZEN, S.RECOVERED, S.UNFROZEN, S.CLOSED_LOST, S.CLOSED_STOLEN}),
    S.FROZEN: frozenset({S.RECOVERED, S.CLOSED_LOST, S.CLOSED_STOLEN}),
    S.RECOVERED: frozenset({S.UNFROZEN, S.FROZEN, S.CLOSED_LOST, S.CLOSED_STOLEN}),
    S.CLOSED_LOST: frozenset({S.REPLACEMENT_ORDERED}),
    S.CLOSED_STOLEN: frozenset({S.REPLACEMENT_ORDERED}),
    S.REPLACEMENT_ORDERED: frozenset({S.SHIPPED, S.DELIVERED, S.ACTIVATED}),
    S.SHIPPED: frozenset({S.DELIVERED, S.ACTIVATED}),
    S.DELIVERED: frozenset({S.ACTIVATED}),
    S.UNFROZEN: frozenset(),
    S.ACTIVATED: frozenset(),
}
GONE_FOR_GOOD = (S.CLOSED_LOST, S.CLOSED_STOLEN, S.REPLACEMENT_ORDERED, S.SHIPPED, S.DELIVERED, S.ACTIVATED)
ON_ITS_WAY = (S.REPLACEMENT_ORDERED, S.SHIPPED)

VERIFIED = 2  # DOMAIN 8: closing for good, giving back into use

CREDIT, DEBIT = "Z", "E"


def comes_before(state: str) -> list[str]:
    """The states from which a report may come to this one."""
    return [before for before, after in FOLLOWS.items() if state in after]


def regime_of(kind: str) -> str:
    """Which rules a product is under: worked out from its kind, never said by anybody (DOMAIN 4)."""
    return DEBIT if kind in DEBIT_KINDS else CREDIT


@dataclass(frozen=True, slots=True)
class Liability:
    """most_minor: what a member bears at most of what others bought before they told us; afterwards always nothing.
    None where neither the law nor the issuer says: then nothing is asked until somebody found out.

    regime: of the US, "Z" or "E". law: the name of it, "" for none. in_time_until: the last day on which telling us
    keeps the lower limit; None where no day counts. statement_days, not_if_unnoticed: as the law has them.
    """

    regime: str
    most_minor: int | None
    law: str = ""
    in_time_until: date | None = None
    statement_days: int | None = None
    not_if_unnoticed: bool = False

    @property
    def is_nothing(self) -> bool:
        return self.most_minor == 0


def liability(
    kind: str, law: LiabilityLaw | None, issuers: int | None, *, reported_on: date, in_time_until: date | None
) -> Liability:
    """What the member answers for, from the day of first contact.

    kind: of the product. issuers: what the issuer asks at most, None where it asks what the law lets it. reported_on:
    in the issuer's zone. in_time_until: the end of the law's clock, None while nobody said when they noticed; then they
    are taken to have told us in time, because the burden of showing otherwise is ours.
    """
    regime = regime_of(kind)
    if law is None:
        return Liability(regime, issuers)
    if issuers is not None:
        return Liability(regime, min(issuers, law.most_minor), law.law, in_time_until)
    is_late = in_time_until is not None and reported_on > in_time_until
    most = law.late_most_minor if is_late else law.most_minor
    return Liability(regime, most, law.law, in_time_until, law.statement_days, law.not_if_unnoticed)
