"""How accounts, cards and movements come into the embedded core. Called inside commands."""

from __future__ import annotations

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


def record_transaction(
    *,
    card: str,
    merchant: Clean,
    place: Clean,
    amount_minor: int,
    channel: str,
    at: datetime,
    posted_at: datetime | None,
) -> str:
    """A movement on a card's account; pending without `posted_at`. Returns its token."""
    executing()
    row = Card.objects.get(token=card)
    state = TransactionState.PENDING if posted_at is None else TransactionState.POSTED
    return Transaction.objects.create(
        token=_token("txn"),
        account_id=row.account_id,
        card=row,
        state=state,
        merchant=merchant[:80],
        place=place[:80],
        amount_minor=amount_minor,
        channel=channel,
        at=at,
        posted_at=posted_at,
    ).token


def _customer(number: str, name: str) -> Customer:
    customer, _ = Customer.objects.get_or_create(number=number, defaults={"name": name})
    return customer


def _token(kind: str) -> str:
    return f"{kind}_{uuid4().hex[:20]}"
