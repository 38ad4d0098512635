"""What is promised about a card in the post: not when it comes, which is the carrier's, but when we look after it."""

from __future__ import annotations

from dataclasses import dataclass

from cardline.issuer.profile.reading import Table

MOST_DAYS = 20


@dataclass(frozen=True, slots=True)
class DeliveryRules:
    """In business days. usual: how long a card takes where the core expects no day. look_after: from the expected day
    until we have looked whether it came, and sent another if it did not.
    """

    usual: int = 7
    look_after: int = 3


def read_delivery(table: Table) -> DeliveryRules:
    """The [delivery] table."""
    rules = DeliveryRules(
        usual=table.integer("usual_business_days"), look_after=table.integer("look_after_business_days")
    )
    for key, days in (("usual_business_days", rules.usual), ("look_after_business_days", rules.look_after)):
        if not 1 <= days <= MOST_DAYS:
            table.problem(key, f"{days} business days is no time for a card.", f"Use 1 to {MOST_DAYS}.")
            rules = DeliveryRules()
    table.finish()
    return rules
