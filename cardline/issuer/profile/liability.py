"""What an issuer lets a member bear when somebody else used the card: within the law, and as a rule nothing."""

from __future__ import annotations

from dataclasses import dataclass

from cardline.clocks.liability import DEBIT_KINDS, liability_law
from cardline.issuer.profile.reading import Table


@dataclass(frozen=True, slots=True)
class LiabilityRules:
    """credit_minor: of a credit or charge card, in the smallest unit of the currency. debit_minor: of a debit or
    prepaid card that was reported in time; None where the issuer gives no more than the law does (its tiers then hold).
    """

    credit_minor: int = 0
    debit_minor: int | None = None

    def asked_for(self, kind: str) -> int | None:
        """What the issuer asks at most with a product of this kind; None where it asks what the law lets it."""
        return self.debit_minor if kind in DEBIT_KINDS else self.credit_minor


def read_liability(table: Table, jurisdiction: str) -> LiabilityRules:
    """The [liability] table; an issuer without it asks nothing for a credit card, and the law's tiers for a debit
    one.
    """
    if not table.written():
        return LiabilityRules()
    credit = table.integer("credit_minor")
    debit = table.integer("debit_minor") if table.has("debit_minor") else None
    for kind, minor in (("credit", credit), ("debit", debit)):
        law = liability_law(jurisdiction, kind)
        most = law.most_minor if law else 0  # where we know no law, nobody asks for anything
        if minor is not None and not 0 <= minor <= most:
            what = f"{minor} is more than the law lets a member bear."
            table.problem(f"{kind}_minor", what, f"Use 0 to {most}." if most else "Use 0.")
    table.finish()
    return LiabilityRules(credit, debit)
