"""Accounts and cards: what they are, and what can be done to them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Case, F, IntegerField, Q, Sum, Value, When

from cardline.issuer import core
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.shared import card_seen_by, cards_seen_by, first_time
from cardline.kit.money import Money


class EmbeddedCards:
    """See cardline.issuer.core.protocol.Cards for units and errors. Changes belong inside a command."""

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
        found = cards_seen_by(customer).order_by(F("closed_at").asc(nulls_first=True), own_first, "id")
        return [_card(row) for row in found]

    def card(self, customer: str, token: str) -> core.Card:
        return _card(card_seen_by(customer, token))

    def freeze(
        self,
        token: str,
        *,
        at: datetime,
        key: str,
        scope: core.FreezeScope = core.FreezeScope.NEW_PURCHASES,
        until: datetime | None = None,
    ) -> core.Card:
        row = _card_open(token)
        if first_time(key, f"freeze {token} {scope} {until}", at):
            rows.Card.objects.filter(pk=row.pk, frozen_at=None, closed_at=None).update(
                frozen_at=at, freeze_scope=scope, freeze_expires=until
            )
        return _card(_card_open(token))

    def unfreeze(self, token: str, *, at: datetime, key: str) -> core.Card:
        row = _card_open(token)
        if first_time(key, f"unfreeze {token}", at):
            rows.Card.objects.filter(pk=row.pk, closed_at=None).update(frozen_at=None, freeze_expires=None)
        return _card(_card_open(token))


def _card_open(token: str) -> rows.Card:
    row = rows.Card.objects.filter(token=token).select_related("account", "customer", "replaced_by").first()
    if row is None:
        raise core.CoreNotFound(token)
    if row.closed_at is not None:
        raise core.CoreRefused("closed")
    return row


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
        version=row.version,
    )


def _card(row: rows.Card) -> core.Card:
    state = state_of(row)
    frozen = state == core.CardState.FROZEN
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
        frozen_at=row.frozen_at if frozen else None,
        network=row.network,
        expires=row.expires,
        freeze_scope=core.FreezeScope(row.freeze_scope) if frozen else None,
        freeze_expires=row.freeze_expires if frozen else None,
        closed_reason=core.CloseReason(row.closed_reason) if row.closed_reason else None,
        replaced_by=row.replaced_by.token if row.replaced_by else "",
    )


def state_of(row: rows.Card) -> core.CardState:
    if row.closed_at is not None:
        return core.CardState.CLOSED
    if row.frozen_at is not None:
        return core.CardState.FROZEN
    return core.CardState.INACTIVE if row.activated_at is None else core.CardState.ACTIVE
