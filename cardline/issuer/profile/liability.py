"""What an issuer lets a member bear when somebody else used the card: within the law, and as a rule nothing."""

from __future__ import annotations

from dataclasses import dataclass

from cardline.issuer.profile.reading import Table

LAW_MOST = 50_00  # 12 CFR 1026.12(b), and the first tier of 12 CFR 1005.6(b)


@dataclass(frozen=True, slots=True)
class LiabilityRules:
    """credit_minor: of a credit or charge card, in the smallest unit of the currency. debit_minor: of a debit or
    prepaid card that was reported in time; None where the issuer gives no more than the law does (its tiers then hold).
    """

    credit_minor: int = 0
    debit_minor: int | None = None


def read_liability(table: Table) -> LiabilityRules:
    """The [liability] table; an issuer without it asks nothing for a credit card, and the law's tiers for a debit
    one.
    """
    if not table.written():
        return LiabilityRules()
    credit = table.integer("credit_minor")
    debit = table.integer("debit_minor") if table.has("debit_minor") else None
    for name, minor in (("credit_minor", credit), ("debit_minor", debit)):
        if minor is not None and not 0 <= minor <= LAW_MOST:
            table.problem(name, f"{minor} is more than the law lets a member bear.", f"Use 0 to {LAW_MOST}.")
    table.finish()
    return LiabilityRules(credit, debit)
