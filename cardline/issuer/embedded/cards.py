"""Accounts and cards: what they are, and what can be done to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import (
    Case,
    CharField,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat

from cardline.issuer import core
from cardline.issuer.core import CardState, CloseReason, Delivery, FreezeScope, Use
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.card_states import state_of, stopped_uses
from cardline.issuer.embedded.issuing import issue_first, shipping_event
from cardline.issuer.embedded.ledger import lock_accounts
from cardline.issuer.embedded.replacing import (
    LOSS,
    WEAR,
    another_copy,
    another_number,
    block_number,
    carry_name,
    close_all,
    lift_from_number,
    same_number,
    take_over_from,
)
from cardline.issuer.embedded.shared import card_seen_by, cards_seen_by, first_answer, first_time
from cardline.issuer.embedded.wallets import wallets_as_said, wallets_of_cards
from cardline.kit import clock
from cardline.kit.money import Money


class EmbeddedCards:
    """See cardline.issuer.core.protocol.Cards for units and errors. Changes belong inside a command."""

    def accounts(self, customer: str) -> list[core.Account]:
        found = rows.Account.objects.filter(holders__customer__number=customer)
        found = found.annotate(owed=_owed(), pending=_pending()).prefetch_related("holders__customer")
        return [
            _account(row, owed=row.owed, pending=row.pending) for row in found.order_by("opened_at", "id")
        ]

    def cards(self, customer: str) -> list[core.Card]:
        own_first = Case(
            When(customer__number=customer, then=Value(0)), default=Value(1), output_field=IntegerField()
        )
        found = cards_seen_by(customer).order_by(F("closed_at").asc(nulls_first=True), own_first, "id")
        now, carried = clock.now(), wallets_of_cards(cards_seen_by(customer))
        return [as_said(row, now, carried[row.pk]) for row in found]

    def card(self, customer: str, token: str) -> core.Card:
        return as_said(card_seen_by(customer, token), clock.now())

    def still_works(self, customer: str, token: str) -> Mapping[Use, bool]:
        stopped = stopped_uses(card_seen_by(customer, token), clock.now())
        return {use: use not in stopped for use in Use}

    def shipping(self, customer: str, card: str) -> list[core.ShippingEvent]:
        events = rows.ShippingEvent.objects.filter(card=card_seen_by(customer, card))
        return [shipping_event(row) for row in events.select_related("card").order_by("at", "id")]

    # ----------------------------------------------------------------------------------------- changes

    @transaction.atomic
    def freeze(
        self,
        token: str,
        *,
        at: datetime,
        key: str,
        scope: FreezeScope = FreezeScope.NEW_PURCHASES,
        until: datetime | None = None,
    ) -> core.Card:
        row = _open(any_card(token))
        if first_time(key, f"freeze {token} {scope} {until}", at):
            if until is not None and until <= at:
                raise core.CoreRefused("past")
            not_frozen = Q(frozen_at=None) | Q(freeze_expires__lte=at)
            rows.Card.objects.filter(not_frozen, pk=row.pk, closed_at=None).update(
                frozen_at=at, freeze_scope=scope, freeze_expires=until
            )
        return as_said(_open(any_card(token)), at)

    def unfreeze(self, token: str, *, at: datetime, key: str) -> core.Card:
        row = _open(any_card(token))
        if first_time(key, f"unfreeze {token}", at):
            rows.Card.objects.filter(pk=row.pk, closed_at=None).update(frozen_at=None, freeze_expires=None)
        return as_said(_open(any_card(token)), at)

    @transaction.atomic
    def block(self, token: str, *, at: datetime, key: str) -> core.Card:
        row = _open(held_card(token))
        if first_time(key, f"block {token}", at):
            block_number(row, at)
        return as_said(_open(any_card(token)), at)

    @transaction.atomic
    def lift_block(self, token: str, *, at: datetime, key: str) -> core.Card:
        row = _open(held_card(token))
        if first_time(key, f"lift_block {token}", at):
            lift_from_number(row)
        return as_said(_open(any_card(token)), at)

    @transaction.atomic
    def activate(self, token: str, *, at: datetime, key: str) -> core.Card:
        row = _open(held_card(token))
        waiting = rows.Card.objects.filter(pk=row.pk, activated_at=None)
        if first_time(key, f"activate {token}", at) and waiting.update(activated_at=at):
            take_over_from(row, at)
        return as_said(_open(any_card(token)), at)

    @transaction.atomic
    def close_card(self, token: str, *, reason: CloseReason, at: datetime, key: str) -> core.Card:
        row = held_card(token)
        if first_time(key, f"close_card {token} {reason}", at):
            close_all([row] if reason in WEAR else same_number(row), reason, at)
        return as_said(any_card(token), at)

    @transaction.atomic
    def replace_card(
        self,
        token: str,
        *,
        reason: CloseReason,
        at: datetime,
        key: str,
        to: Delivery = Delivery.CARDHOLDER,
        name: str = "",
    ) -> core.Card:
        row = held_card(token)
        request = first_time(key, f"replace_card {token} {reason} {to}", at)
        if request is None:
            return as_said(any_card(first_answer(key)), at)
        if reason == CloseReason.BY_REQUEST:
            raise core.CoreRefused("by_request")
        is_gone = reason in LOSS
        new = another_number(row, reason, at, key, to) if is_gone else another_copy(row, reason, at, to)
        new = carry_name(new, name)
        _keep_answer(request, new)
        return as_said(new, at)

    @transaction.atomic
    def add_card_member(self, account: str, *, customer: str, name: str, at: datetime, key: str) -> core.Card:
        row = rows.Account.objects.filter(token=account).first()
        if row is None:
            raise core.CoreNotFound(account)
        lock_accounts([row.pk])
        request = first_time(key, f"add_card_member {account} {customer} {name}", at)
        if request is None:
            return as_said(any_card(first_answer(key)), at)
        if row.cards.filter(customer__number=customer, closed_at=None).exists():
            raise core.CoreRefused("has_one")
        new = issue_first(row, customer, name, at, key)
        _keep_answer(request, new)
        return as_said(new, at)


# ----------------------------------------------------------------------------------------- finding rows


def _keep_answer(request: rows.Request, card: rows.Card) -> None:
    request.answer = card.token
    request.save(update_fields=["answer"])


def held_card(token: str) -> rows.Card:
    """The card, with nobody else at work on its account: neither on another card of the same number nor for a merchant
    who asks whether it is good.
    """
    lock_accounts(rows.Card.objects.filter(token=token).values_list("account", flat=True))
    return any_card(token)


def _open(row: rows.Card) -> rows.Card:
    if row.closed_at is not None:
        raise core.CoreRefused("closed")
    return row


def any_card(token: str) -> rows.Card:
    row = rows.Card.objects.filter(token=token).select_related("account", "customer", "replaced_by").first()
    if row is None:
        raise core.CoreNotFound(token)
    return row


# ------------------------------------------------------------------------------- in the protocol's words


def _owed() -> Coalesce:
    """What stands in the account's book: one row, however long its history is."""
    name = Concat(Value("receivable:"), Cast(OuterRef("pk"), CharField()))
    book = rows.Book.objects.filter(name=name, unit=OuterRef("currency"))
    return Coalesce(Subquery(book.values("balance_minor")), Value(0))


def _pending() -> Coalesce:
    waiting = rows.Transaction.objects.filter(account=OuterRef("pk"), state=core.TransactionState.PENDING)
    total = waiting.order_by().values("account").annotate(total=Sum("amount_minor")).values("total")
    return Coalesce(Subquery(total), Value(0))


def _account(row: rows.Account, *, owed: int, pending: int) -> core.Account:
    limit = row.credit_limit_minor
    return core.Account(
        token=row.token,
        product=row.product,
        holders=tuple(holder.customer.name for holder in row.holders.all()),
        balance=Money(owed, row.currency),
        pending=Money(pending, row.currency),
        credit_limit=None if limit is None else Money(limit, row.currency),
        opened_at=row.opened_at,
        version=row.version,
    )


def as_said(row: rows.Card, at: datetime, carried: Iterable[rows.WalletToken] | None = None) -> core.Card:
    """The card as it is at that moment. carried: on devices, where that was asked for all cards at once."""
    if carried is None:
        carried = row.wallets.order_by("added_at", "pk")
    state = state_of(row, at)
    frozen = state == CardState.FROZEN
    return core.Card(
        token=row.token,
        account=row.account.token,
        product=row.account.product,
        customer=row.customer.number,
        holder=row.embossed or row.customer.name,
        role=core.Role(row.role),
        bin=row.bin,
        last4=row.last4,
        state=state,
        frozen_at=row.frozen_at if frozen else None,
        network=row.network,
        expires=row.expires,
        freeze_scope=FreezeScope(row.freeze_scope) if frozen else None,
        freeze_expires=row.freeze_expires if frozen else None,
        # A card that is being replaced knows its reason before it is closed; nobody else has to.
        closed_reason=CloseReason(row.closed_reason)
        if row.closed_reason and state == CardState.CLOSED
        else None,
        replaced_by=row.replaced_by.token if row.replaced_by else "",
        wallets=wallets_as_said(carried, paused=frozen),
        sent_to=Delivery(row.sent_to),
        blocked_at=row.blocked_at if state != CardState.CLOSED else None,
    )
