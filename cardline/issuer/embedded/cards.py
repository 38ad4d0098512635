"""Accounts and cards: what they are, and what can be done to them."""

from __future__ import annotations

from collections.abc import Mapping
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
from cardline.issuer.core import CardState, CloseReason, FreezeScope, Use
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.issuing import issue, issue_again, new_last4, shipping_event
from cardline.issuer.embedded.shared import card_seen_by, cards_seen_by, day_of, first_answer, first_time
from cardline.issuer.embedded.wallets import move_wallets, remove_wallets, wallets_of
from cardline.issuer.profile import current_profile
from cardline.kit import clock
from cardline.kit.money import Money

GONE = (CloseReason.LOST, CloseReason.STOLEN)

# What a merchant or a machine has to ask the card for. Refunds, payments and points never ask.
NEEDS_CARD = frozenset({Use.PURCHASES, Use.CASH, Use.WALLET, Use.RECURRING})
STOPPED_BY = {
    FreezeScope.NEW_PURCHASES: NEEDS_CARD - {Use.RECURRING},
    FreezeScope.EVERYTHING: NEEDS_CARD,
}


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
        now = clock.now()
        return [_card(row, now) for row in found.prefetch_related("wallets")]

    def card(self, customer: str, token: str) -> core.Card:
        return _card(card_seen_by(customer, token), clock.now())

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
        row = _open_card(token)
        if first_time(key, f"freeze {token} {scope} {until}", at):
            if until is not None and until <= at:
                raise core.CoreRefused("past")
            not_frozen = Q(frozen_at=None) | Q(freeze_expires__lte=at)
            rows.Card.objects.filter(not_frozen, pk=row.pk, closed_at=None).update(
                frozen_at=at, freeze_scope=scope, freeze_expires=until
            )
        return _card(_open_card(token), at)

    def unfreeze(self, token: str, *, at: datetime, key: str) -> core.Card:
        row = _open_card(token)
        if first_time(key, f"unfreeze {token}", at):
            rows.Card.objects.filter(pk=row.pk, closed_at=None).update(frozen_at=None, freeze_expires=None)
        return _card(_open_card(token), at)

    @transaction.atomic
    def activate(self, token: str, *, at: datetime, key: str) -> core.Card:
        row = _open_card(token)
        if first_time(key, f"activate {token}", at):
            waiting = rows.Card.objects.filter(pk=row.pk, activated_at=None, closed_at=None)
            if waiting.update(activated_at=at):
                _take_over_from(row, at)
        return _card(_open_card(token), at)

    @transaction.atomic
    def close_card(self, token: str, *, reason: CloseReason, at: datetime, key: str) -> core.Card:
        row = _locked_card(token)
        if first_time(key, f"close_card {token} {reason}", at):
            _close_all(
                [row] if reason in (CloseReason.DAMAGED, CloseReason.EXPIRED) else _same_number(row),
                reason,
                at,
            )
        return _card(_any_card(token), at)

    @transaction.atomic
    def replace_card(self, token: str, *, reason: CloseReason, at: datetime, key: str) -> core.Card:
        row = _locked_card(token)
        request = first_time(key, f"replace_card {token} {reason}", at)
        if request is None:
            return _card(_any_card(first_answer(key)), at)
        if reason == CloseReason.BY_REQUEST:
            raise core.CoreRefused("by_request")
        new = _another_number(row, reason, at, key) if reason in GONE else _another_copy(row, reason, at)
        _keep_answer(request, new)
        return _card(new, at)

    @transaction.atomic
    def add_card_member(self, account: str, *, customer: str, name: str, at: datetime, key: str) -> core.Card:
        row = rows.Account.objects.select_for_update(no_key=True).filter(token=account).first()
        if row is None:
            raise core.CoreNotFound(account)
        request = first_time(key, f"add_card_member {account} {customer} {name}", at)
        if request is None:
            return _card(_any_card(first_answer(key)), at)
        if row.cards.filter(customer__number=customer, closed_at=None).exists():
            raise core.CoreRefused("has_one")
        new = _first_card(row, customer, name, at, key)
        _keep_answer(request, new)
        return _card(new, at)


# ------------------------------------------------------------------------------------ what a row means


def is_frozen(row: rows.Card, at: datetime) -> bool:
    """Whether a freeze stands at that moment. One whose end has come is none any more, though nobody wiped it away."""
    return row.frozen_at is not None and (row.freeze_expires is None or at < row.freeze_expires)


def state_of(row: rows.Card, at: datetime) -> CardState:
    if row.closed_at is not None:
        return CardState.CLOSED
    if is_frozen(row, at):
        return CardState.FROZEN
    return CardState.INACTIVE if row.activated_at is None else CardState.ACTIVE


def stopped_uses(row: rows.Card, at: datetime) -> frozenset[Use]:
    """What cannot be done with the card at that moment."""
    is_over = row.expires is not None and row.expires < day_of(at)
    if row.closed_at is not None or row.activated_at is None or is_over:
        return NEEDS_CARD
    return STOPPED_BY[FreezeScope(row.freeze_scope)] if is_frozen(row, at) else frozenset()


# -------------------------------------------------------------------------------------- steps of changes


def _take_over_from(new: rows.Card, at: datetime) -> None:
    """A replacement that keeps the number is in use from here on: devices and subscriptions follow it, and the damaged
    or expired card it came for is closed. After a loss there is nothing left to take over.
    """
    for old in rows.Card.objects.filter(replaced_by=new, closed_at=None):
        move_wallets(old, new)
        old.subscriptions.update(card=new)
        _close_all([old], CloseReason(old.closed_reason), at)


def _another_number(row: rows.Card, reason: CloseReason, at: datetime, key: str) -> rows.Card:
    """Whoever found the card has its number: it is closed, and the new card has another one.

    A card that was closed as lost or stolen before anybody asked for a new one still gets it.
    """
    is_replaced = row.replaced_by is not None and row.replaced_by.closed_at is None
    if row.closed_at is not None and (is_replaced or row.closed_reason not in GONE):
        raise core.CoreRefused("closed")
    gone = {row.pk, *_close_all(_same_number(row), reason, at)}
    new = issue_again(row, last4=new_last4(row.account, key), at=at)
    rows.Card.objects.filter(pk__in=gone).update(replaced_by=new)
    return new


def _another_copy(row: rows.Card, reason: CloseReason, at: datetime) -> rows.Card:
    """The same number on a new card; the old one works on until that is activated. One that is on its way already is
    the answer to every further wish.
    """
    if row.closed_at is not None:
        raise core.CoreRefused("closed")
    if row.replaced_by is not None and row.replaced_by.closed_at is None:
        return _any_card(row.replaced_by.token)
    new = issue_again(row, last4=row.last4, at=at)
    rows.Card.objects.filter(pk=row.pk).update(replaced_by=new, closed_reason=reason)
    return new


def _same_number(row: rows.Card) -> list[rows.Card]:
    """Every open card that bears its number: a damaged card and the copy on its way are lost together."""
    return list(
        rows.Card.objects.filter(
            account=row.account, customer=row.customer, bin=row.bin, last4=row.last4, closed_at=None
        )
    )


def _close_all(cards: list[rows.Card], reason: CloseReason, at: datetime) -> list[int]:
    """For good, as far as they are open. Returns the keys of those it closed."""
    closed = []
    for card in cards:
        if rows.Card.objects.filter(pk=card.pk, closed_at=None).update(closed_at=at, closed_reason=reason):
            remove_wallets(card)
            closed.append(card.pk)
    return closed


def _first_card(account: rows.Account, customer: str, name: str, at: datetime, key: str) -> rows.Card:
    holding = account.holders.filter(customer__number=customer).first()
    person, _ = rows.Customer.objects.get_or_create(number=customer, defaults={"name": name})
    model = account.cards.order_by("id").first()
    return issue(
        account,
        person,
        role=holding.role if holding else core.Role.ADDITIONAL,
        network=model.network if model else current_profile().network,
        bin=model.bin if model else current_profile().card_number.prefixes[0].ljust(6, "0")[:6],
        last4=new_last4(account, key),
        at=at,
    )


def _keep_answer(request: rows.Request, card: rows.Card) -> None:
    request.answer = card.token
    request.save(update_fields=["answer"])


def _locked_card(token: str) -> rows.Card:
    """The card, held until the end of the transaction, so that two wishes about it come one after the other."""
    # Locked by itself and read afterwards: PostgreSQL would join the locked row with its neighbours of before the wait.
    if rows.Card.objects.select_for_update(no_key=True).filter(token=token).first() is None:
        raise core.CoreNotFound(token)
    return _any_card(token)


def _open_card(token: str) -> rows.Card:
    row = _any_card(token)
    if row.closed_at is not None:
        raise core.CoreRefused("closed")
    return row


def _any_card(token: str) -> rows.Card:
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


def _card(row: rows.Card, at: datetime) -> core.Card:
    """The card as it is at that moment."""
    state = state_of(row, at)
    frozen = state == CardState.FROZEN
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
        freeze_scope=FreezeScope(row.freeze_scope) if frozen else None,
        freeze_expires=row.freeze_expires if frozen else None,
        # A card that is being replaced knows its reason before it is closed; nobody else has to.
        closed_reason=CloseReason(row.closed_reason)
        if row.closed_reason and state == CardState.CLOSED
        else None,
        replaced_by=row.replaced_by.token if row.replaced_by else "",
        wallets=wallets_of(row, paused=frozen),
    )
