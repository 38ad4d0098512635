"""How accounts, cards and movements come into the embedded core. Called inside commands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cardline.issuer.core import Kind, Role, TransactionState
from cardline.issuer.embedded.booking import Booking, book_all
from cardline.issuer.embedded.models import Account, Card, Customer, Holder, Transaction
from cardline.issuer.embedded.shared import new_token
from cardline.kit.commands import executing
from cardline.kit.redact import Clean


def open_account(
    *,
    holders: dict[str, str],
    product: str,
    currency: str,
    credit_limit_minor: int | None,
    opened_at: datetime,
) -> str:
    """An account of one customer, or of several jointly. holders: name by customer number. Returns its token."""
    executing()
    account = Account.objects.create(
        token=new_token("acc"),
        product=product,
        currency=currency,
        credit_limit_minor=credit_limit_minor,
        opened_at=opened_at,
    )
    role = Role.BASIC if len(holders) == 1 else Role.JOINT
    for number, name in holders.items():
        Holder.objects.create(account=account, customer=_customer(number, name), role=role)
    return account.token


def issue_card(
    *, account: str, customer: str, name: str, bin: str, last4: str, activated_at: datetime | None
) -> str:
    """A card for a holder of the account, or for an additional card member. Returns its token."""
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
    )
    return card.token


@dataclass(frozen=True, slots=True)
class Movement:
    """What is to be recorded. amount_minor: positive for a purchase. Pending without `posted_at`."""

    merchant: Clean
    place: Clean
    amount_minor: int
    channel: str
    at: datetime
    posted_at: datetime | None
    kind: Kind = Kind.PURCHASE


def record_transactions(*, card: str, movements: Iterable[Movement]) -> int:
    """Movements on a card's account; the posted ones go through the ledger. Returns how many."""
    executing()
    row = Card.objects.select_related("account").get(token=card)
    posted, pending = [], []
    for movement in movements:
        if movement.posted_at is None:
            pending.append(_pending(row, movement))
        else:
            posted.append(_booking(row, movement, movement.posted_at))
    # Oldest first, as they would have come one by one.
    book_all(sorted(posted, key=lambda booking: booking.posted_at))
    Transaction.objects.bulk_create(pending)
    return len(posted) + len(pending)


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
    )


def _customer(number: str, name: str) -> Customer:
    customer, _ = Customer.objects.get_or_create(number=number, defaults={"name": name})
    return customer
