"""The embedded card core: the protocol of `issuer/core.py` over tables of our own.

It runs in our database, so what it changes is committed together with the command that asked for it.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Case, F, IntegerField, Q, QuerySet, Sum, Value, When

from cardline.issuer import core
from cardline.issuer.embedded import models as rows
from cardline.kit.money import Money


class EmbeddedCore:
    """See cardline.issuer.core.CardCore for units and errors. Freezing belongs inside a command."""

    # ------------------------------------------------------------------------------------------ reading

    def accounts(self, customer: str) -> list[core.Account]:
        found = (
            rows.Account.objects.filter(holders__customer__number=customer)
            .annotate(
                posted=Sum("transactions__amount_minor", filter=Q(transactions__state="posted"), default=0),
                pending=Sum("transactions__amount_minor", filter=Q(transactions__state="pending"), default=0),
            )
            .prefetch_related("holders__customer")
            .order_by("opened_at", "id")
        )
        return [_account(row, posted=row.posted, pending=row.pending) for row in found]

    def cards(self, customer: str) -> list[core.Card]:
        own_first = Case(
            When(customer__number=customer, then=Value(0)), default=Value(1), output_field=IntegerField()
        )
        found = _cards_seen_by(customer).order_by(F("closed_at").asc(nulls_first=True), own_first, "id")
        return [_card(row) for row in found]

    def card(self, customer: str, token: str) -> core.Card:
        return _card(_card_seen_by(customer, token))

    def transactions(self, customer: str, *, card: str = "", most: int = 50) -> list[core.Transaction]:
        if card:
            seen = Q(card=_card_seen_by(customer, card))
        else:
            held = rows.Account.objects.filter(holders__customer__number=customer)
            own = rows.Card.objects.filter(customer__number=customer)
            seen = Q(account__in=held) | Q(card__in=own)
        found = (
            rows.Transaction.objects.filter(seen)
            .select_related("account", "card")
            .order_by("-at", "-id")[:most]
        )
        return [_transaction(row) for row in found]

    # ------------------------------------------------------------------------------------------ changing

    def freeze(self, token: str, *, at: datetime, key: str) -> core.Card:
        row = _card_open(token)
        if _is_first(key, f"freeze {token}", at):
            rows.Card.objects.filter(pk=row.pk, frozen_at=None, closed_at=None).update(frozen_at=at)
        row.refresh_from_db(fields=["frozen_at", "closed_at"])
        return _card(row)

    def unfreeze(self, token: str, *, at: datetime, key: str) -> core.Card:
        row = _card_open(token)
        if _is_first(key, f"unfreeze {token}", at):
            rows.Card.objects.filter(pk=row.pk, closed_at=None).update(frozen_at=None)
        row.refresh_from_db(fields=["frozen_at", "closed_at"])
        return _card(row)


def _cards_seen_by(customer: str) -> QuerySet[rows.Card]:
    """Every card of the accounts they hold, and the one made out to them."""
    held = rows.Account.objects.filter(holders__customer__number=customer)
    seen = Q(account__in=held) | Q(customer__number=customer)
    return rows.Card.objects.filter(seen).select_related("account", "customer")


def _card_seen_by(customer: str, token: str) -> rows.Card:
    row = _cards_seen_by(customer).filter(token=token).first()
    if row is None:
        raise core.CoreNotFound(token)
    return row


def _card_open(token: str) -> rows.Card:
    row = rows.Card.objects.filter(token=token).select_related("account", "customer").first()
    if row is None:
        raise core.CoreNotFound(token)
    if row.closed_at is not None:
        raise core.CoreRefused("closed")
    return row


def _is_first(key: str, what: str, at: datetime) -> bool:
    """Whether this key was never used. The same key for another change is refused."""
    request, new = rows.Request.objects.get_or_create(key=key, defaults={"what": what, "at": at})
    if request.what != what:
        raise core.CoreRefused("key_reused")
    return new


# ------------------------------------------------------------ rows as the protocol says them


def _account(row: rows.Account, *, posted: int, pending: int) -> core.Account:
    limit = row.credit_limit_minor
    return core.Account(
        token=row.token,
        product=row.product,
        holders=tuple(holder.customer.name for holder in row.holders.all()),
        balance=Money(posted, row.currency),
        pending=Money(pending, row.currency),
        credit_limit=None if limit is None else Money(limit, row.currency),
        opened_at=row.opened_at,
    )


def _card(row: rows.Card) -> core.Card:
    state = _state(row)
    return core.Card(
        token=row.token,
        account=row.account.token,
        product=row.account.product,
        customer=row.customer.number,
        holder=row.customer.name,
        role=core.Role(row.role),
        bin=row.bin,
        last4=row.last4,
        state=state,
        frozen_at=row.frozen_at if state == core.CardState.FROZEN else None,
    )


def _state(row: rows.Card) -> core.CardState:
    if row.closed_at is not None:
        return core.CardState.CLOSED
    if row.frozen_at is not None:
        return core.CardState.FROZEN
    return core.CardState.INACTIVE if row.activated_at is None else core.CardState.ACTIVE


def _transaction(row: rows.Transaction) -> core.Transaction:
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
    )
