"""How accounts, cards and movements come into the embedded core. Called inside commands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from cardline.issuer.core import Role, TransactionState
from cardline.issuer.embedded.models import Account, Card, Customer, Holder, Transaction
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
        token=_token("acc"),
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
        token=_token("card"),
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


def record_transactions(*, card: str, movements: Iterable[Movement]) -> int:
    """Movements on a card's account. Returns how many."""
    executing()
    row = Card.objects.get(token=card)
    return len(
        Transaction.objects.bulk_create(
            Transaction(
                token=_token("txn"),
                account_id=row.account_id,
                card=row,
                state=TransactionState.PENDING if movement.posted_at is None else TransactionState.POSTED,
                merchant=movement.merchant[:80],
                place=movement.place[:80],
                amount_minor=movement.amount_minor,
                channel=movement.channel,
                at=movement.at,
                posted_at=movement.posted_at,
            )
            for movement in movements
        )
    )


def _customer(number: str, name: str) -> Customer:
    customer, _ = Customer.objects.get_or_create(number=number, defaults={"name": name})
    return customer


def _token(kind: str) -> str:
    return f"{kind}_{uuid4().hex[:20]}"
