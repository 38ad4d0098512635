"""How accounts, cards and movements come into the embedded core. Called inside commands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from cardline.issuer.core import Kind, Role, TransactionState
from cardline.issuer.embedded.booking import Booking, book_all
from cardline.issuer.embedded.models import Account, Card, Customer, Holder, Transaction
from cardline.issuer.embedded.recurring import Every, charged
from cardline.issuer.embedded.shared import day_of, new_token
from cardline.kit.commands import executing
from cardline.kit.redact import Clean


def open_account(
    *,
    holders: dict[str, str],
    product: str,
    currency: str,
    credit_limit_minor: int | None,
    opened_at: datetime,
    closing_day: int = 20,
    points_rate: int = 0,
) -> str:
    """An account of one customer, or of several jointly. holders: name by customer number. Returns its token.

    closing_day, points_rate: as models.Account says.
    """
    executing()
    account = Account.objects.create(
        token=new_token("acc"),
        product=product,
        currency=currency,
        credit_limit_minor=credit_limit_minor,
        opened_at=opened_at,
        closing_day=closing_day,
        points_rate=points_rate,
    )
    role = Role.BASIC if len(holders) == 1 else Role.JOINT
    for number, name in holders.items():
        Holder.objects.create(account=account, customer=_customer(number, name), role=role)
    return account.token


def issue_card(
    *,
    account: str,
    customer: str,
    name: str,
    bin: str,
    last4: str,
    activated_at: datetime | None,
    limit_minor: int | None = None,
) -> str:
    """A card for a holder of the account, or for an additional card member. limit_minor: as models.Card says. Returns
    its token.
    """
    executing()
    holds = Holder.objects.filter(account__token=account, customer__number=customer).first()
    card = Card.objects.create(
        token=new_token("card"),
        account=Account.objects.get(token=account),
        customer=_customer(customer, name),
        role=holds.role if holds else Role.ADDITIONAL,
        bin=bin,
        last4=last4,
        activated_at=activated_at,
        limit_minor=limit_minor,
    )
    return card.token


@dataclass(frozen=True, slots=True)
class Movement:
    """What is to be recorded. amount_minor: positive for a purchase. Pending without `posted_at`.

    recurring_since: the day its merchant began to charge by itself, each month.
    """

    merchant: Clean
    place: Clean
    amount_minor: int
    channel: str
    at: datetime
    posted_at: datetime | None
    kind: Kind = Kind.PURCHASE
    recurring_since: date | None = None


def record_transactions(*, card: str, movements: Iterable[Movement]) -> int:
    """Movements on a card's account; the posted ones go through the ledger. Returns how many."""
    return len(record_movements((card, movement) for movement in movements))


def record_movements(movements: Iterable[tuple[str, Movement]]) -> list[Transaction]:
    """Movements by the token of the card they were made with, in a few statements for all of them. Returns the posted
    ones, oldest first as they would have come one by one, and then the pending ones.
    """
    executing()
    wanted = list(movements)
    found = Card.objects.select_related("account").filter(token__in={card for card, _ in wanted})
    cards = {card.token: card for card in found}
    posted, pending = [], []
    for token, movement in wanted:
        if movement.posted_at is None:
            pending.append(_pending(cards[token], movement))
        else:
            posted.append(_booking(cards[token], movement, movement.posted_at))
    booked = book_all(sorted(posted, key=lambda booking: booking.posted_at))
    _keep_subscriptions(booked)
    return booked + Transaction.objects.bulk_create(pending)


def _keep_subscriptions(booked: Iterable[Transaction]) -> None:
    """The last charge of each merchant that charges by itself says when to expect the next."""
    last = {(row.account_id, row.merchant): row for row in booked if row.recurring_since}
    for row in last.values():
        charged(
            row.card,
            merchant=row.merchant,
            amount_minor=row.amount_minor,
            on=day_of(row.at),
            every=Every.MONTH,
        )


def _booking(card: Card, movement: Movement, posted_at: datetime) -> Booking:
    return Booking(
        account=card.account,
        card=card,
        kind=movement.kind,
        amount_minor=movement.amount_minor,
        at=movement.at,
        posted_at=posted_at,
        words=movement.merchant,
        channel=movement.channel,
        place=movement.place,
        recurring_since=movement.recurring_since,
    )


def _pending(card: Card, movement: Movement) -> Transaction:
    return Transaction(
        token=new_token("txn"),
        account=card.account,
        card=card,
        state=TransactionState.PENDING,
        kind=movement.kind,
        merchant=movement.merchant[:80],
        place=movement.place[:80],
        amount_minor=movement.amount_minor,
        channel=movement.channel,
        at=movement.at,
        recurring_since=movement.recurring_since,
    )


def _customer(number: str, name: str) -> Customer:
    customer, _ = Customer.objects.get_or_create(number=number, defaults={"name": name})
    return customer
