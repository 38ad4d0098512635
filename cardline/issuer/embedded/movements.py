"""Transactions, authorisations and subscriptions, read."""

from __future__ import annotations

from cardline.issuer import core
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.shared import account_held_by, card_seen_by, movements_seen_by, page
from cardline.kit.money import Money


class EmbeddedMovements:
    """See cardline.issuer.core.protocol.Movements for units and errors."""

    def transactions(
        self, customer: str, which: core.Which = core.ALL, *, after: str = "", most: int = 50
    ) -> core.Page[core.Transaction]:
        found = rows.Transaction.objects.filter(movements_seen_by(customer)).select_related(
            "account", "card__customer", "authorisation"
        )
        if which.card:
            found = found.filter(card=card_seen_by(customer, which.card))
        if which.account:
            found = found.filter(account=account_held_by(customer, which.account))
        return page(found, ("-at", "-id"), after, most, transaction)


def transaction(row: rows.Transaction) -> core.Transaction:
    return core.Transaction(
        token=row.token,
        account=row.account.token,
        card=row.card.token,
        last4=row.card.last4,
        state=core.TransactionState(row.state),
        merchant=row.merchant,
        place=row.place,
        amount=Money(row.amount_minor, row.account.currency),
        channel=row.channel,
        at=row.at,
        posted_at=row.posted_at,
        kind=core.Kind(row.kind),
        phone=row.phone,
        holder=row.card.customer.name,
        recurring_since=row.recurring_since,
        authorisation=row.authorisation.token if row.authorisation else "",
    )
