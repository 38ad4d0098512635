"""Transactions, authorisations and subscriptions: read, and a merchant stopped or allowed again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from django.db.models import F, Q, QuerySet

from cardline.issuer import core
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.search import asked_for
from cardline.issuer.embedded.shared import (
    account_held_by,
    card_seen_by,
    first_time,
    movements_seen_by,
    page,
)
from cardline.kit.money import Money
from cardline.kit.pagination import BadCursor, rows_after

NEWEST = ("-at", "-id")

Row = TypeVar("Row", rows.Transaction, rows.Authorisation)
T = TypeVar("T")


class EmbeddedMovements:
    """See cardline.issuer.core.protocol.Movements for units and errors. Changes belong inside a command."""

    def transactions(
        self, customer: str, which: core.Which = core.ALL, *, after: str = "", most: int = 50
    ) -> core.Page[core.Transaction]:
        found = readable(rows.Transaction.objects.filter(asked_for(which)))
        stretches = _stretches(customer, card=which.card, account=which.account)
        return _newest(found, stretches, after, most, transaction)

    def transaction(self, customer: str, token: str) -> core.Transaction:
        seen = rows.Transaction.objects.filter(movements_seen_by(customer), token=token)
        row = readable(seen).first()
        if row is None:
            raise core.CoreNotFound(token)
        return transaction(row)

    def authorisations(
        self, customer: str, *, card: str = "", after: str = "", most: int = 50
    ) -> core.Page[core.Authorisation]:
        found = rows.Authorisation.objects.select_related("account", "card")
        return _newest(found, _stretches(customer, card=card), after, most, authorisation)

    def subscriptions(self, customer: str) -> list[core.Subscription]:
        going_on_first = F("stopped_at").asc(nulls_first=True)
        found = _subscriptions_seen_by(customer).order_by(
            going_on_first, F("next_on").asc(nulls_last=True), "id"
        )
        return [subscription(row) for row in found]

    def stop_merchant(self, customer: str, subscription: str, *, at: datetime, key: str) -> core.Subscription:
        return _change_stop(customer, subscription, "stop", at, at, key)

    def allow_merchant(
        self, customer: str, subscription: str, *, at: datetime, key: str
    ) -> core.Subscription:
        return _change_stop(customer, subscription, "allow", None, at, key)


# ------------------------------------------------------------------------------------------ lists and pages


def _stretches(customer: str, *, card: str = "", account: str = "") -> list[Q]:
    """What the customer may see, as stretches that an index holds in order: no row stands in two of them.

    Raises CoreNotFound for a card or account that is not theirs to see.
    """
    if card or account:
        only = Q()
        if card:
            only &= Q(card=card_seen_by(customer, card))
        if account:
            only &= Q(account=account_held_by(customer, account))
        return [only]
    held = list(rows.Account.objects.filter(holders__customer__number=customer).values_list("pk", flat=True))
    elsewhere = rows.Card.objects.filter(customer__number=customer).exclude(account__in=held)
    return [
        *(Q(account=pk) for pk in held),
        *(Q(card=pk) for pk in elsewhere.values_list("pk", flat=True)),
    ]


def _newest(
    found: QuerySet[Row], stretches: Sequence[Q], after: str, most: int, say: Callable[[Row], T]
) -> core.Page[T]:
    """A page of what stands in any of the stretches.

    Asked for several at once, a database sorts every row of them before it gives the first fifty; so the first rows of
    each are found along its index, and the page is made of those.
    """
    if len(stretches) == 1:
        return page(found.filter(stretches[0]), NEWEST, after, most, say)
    try:
        heads = [rows_after(found.filter(one), NEWEST, after or None) for one in stretches]
    except BadCursor as problem:
        raise core.CoreRefused("bad_page") from problem
    most = min(most, core.MOST)
    near = [pk for head in heads for pk in head.values_list("pk", flat=True)[: most + 1]]
    return page(found.filter(pk__in=near), NEWEST, after, most, say)


def readable(found: QuerySet[rows.Transaction]) -> QuerySet[rows.Transaction]:
    """With all that `transaction` reads."""
    return found.select_related("account", "card__customer", "authorisation").prefetch_related("disputes")


# --------------------------------------------------------------------------------------------- subscriptions


def _subscriptions_seen_by(customer: str) -> QuerySet[rows.Subscription]:
    return rows.Subscription.objects.filter(movements_seen_by(customer)).select_related("account", "card")


def _subscription_seen_by(customer: str, token: str) -> rows.Subscription:
    row = _subscriptions_seen_by(customer).filter(token=token).first()
    if row is None:
        raise core.CoreNotFound(token)
    return row


def _change_stop(
    customer: str, token: str, wish: str, stopped_at: datetime | None, at: datetime, key: str
) -> core.Subscription:
    """Stopped, it keeps the time of the first wish until it is allowed again."""
    row = _subscription_seen_by(customer, token)
    if first_time(key, f"{wish} {token}", at):
        differs = rows.Subscription.objects.filter(pk=row.pk, stopped_at__isnull=stopped_at is not None)
        differs.update(stopped_at=stopped_at)
    return subscription(_subscription_seen_by(customer, token))


# -------------------------------------------------------------------------------- rows as the protocol says them


def transaction(row: rows.Transaction) -> core.Transaction:
    disputed = sum(
        dispute.amount_minor for dispute in row.disputes.all() if dispute.state == core.DisputeState.OPEN
    )
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
        disputed=Money(disputed, row.account.currency) if disputed else None,
    )


def authorisation(row: rows.Authorisation) -> core.Authorisation:
    return core.Authorisation(
        token=row.token,
        card=row.card.token,
        last4=row.card.last4,
        merchant=row.merchant,
        place=row.place,
        amount=Money(row.amount_minor, row.account.currency),
        channel=row.channel,
        at=row.at,
        outcome=core.Outcome(row.outcome),
        decline=core.Decline(row.decline) if row.decline else None,
    )


def subscription(row: rows.Subscription) -> core.Subscription:
    return core.Subscription(
        token=row.token,
        account=row.account.token,
        card=row.card.token,
        last4=row.card.last4,
        merchant=row.merchant,
        amount=Money(row.amount_minor, row.account.currency),
        since=row.since,
        last_on=row.last_on,
        next_on=row.next_on,
        stopped_at=row.stopped_at,
    )
