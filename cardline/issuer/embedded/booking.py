"""The one place that writes a posted transaction: the row people read, and the posting that moves the money.

Both are written together or not at all, so an account's balance is always the sum of its posted transactions.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cardline.issuer.core import Kind, TransactionState
from cardline.issuer.embedded import ledger
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.ledger import Entry
from cardline.issuer.embedded.shared import new_token

# Where the other side of a movement stands.
OTHER_SIDE = {
    Kind.PURCHASE: "merchants",
    Kind.REFUND: "merchants",
    Kind.CASH: "merchants",
    Kind.PAYMENT: "bank",
    Kind.PAYMENT_RETURNED: "bank",
    Kind.FEE: "fees",
    Kind.INTEREST: "interest",
    Kind.CREDIT: "goodwill",
    Kind.PROVISIONAL_CREDIT: "provisional",
    Kind.PROVISIONAL_CREDIT_TAKEN_BACK: "provisional",
}


def book(
    account: rows.Account,
    *,
    kind: Kind,
    amount_minor: int,
    at: datetime,
    key: str,
    words: str,
    channel: str,
    posting_entries: Sequence[Entry] = (),
    card: rows.Card | None = None,
    place: str = "",
    phone: str = "",
    posted_at: datetime | None = None,
) -> rows.Transaction:
    """A posted transaction and its posting, inside a command.

    amount_minor: positive for what the holders owe, negative for what comes back. key: of the posting, from what it
    books ("payment:pay_1"). words: the merchant, or what the line is called. posting_entries: every line of the posting
    where there are more than the receivable and the other side of its kind. card: the one that was used; left out, the
    movement stands on the first holder's. posted_at: the moment of posting, where it is not `at`.

    Raises ledger.Unbalanced, also when the posting moves the account by another amount than the transaction says, and
    IntegrityError for a key that was booked before.
    """
    entries = list(posting_entries) or sides(account, kind, amount_minor)
    _check_agreement(account, amount_minor, entries)
    posted_at = posted_at or at
    return rows.Transaction.objects.create(
        token=new_token("txn"),
        account=account,
        card=card or card_of_first_holder(account),
        state=TransactionState.POSTED,
        kind=kind,
        merchant=words[:80],
        place=place[:80],
        phone=phone,
        amount_minor=amount_minor,
        channel=channel,
        at=at,
        posted_at=posted_at,
        posting=ledger.post(kind, entries, at=posted_at, key=key),
    )


def sides(account: rows.Account, kind: Kind, amount_minor: int) -> list[Entry]:
    """The two lines of a movement of this kind: the holders' debt, and where it came from or went to."""
    return ledger.move(ledger.receivable(account.pk), OTHER_SIDE[kind], amount_minor, account.currency)


def card_of_first_holder(account: rows.Account) -> rows.Card:
    """Where payments, fees and interest stand: the newest card of the first holder, a closed one if need be."""
    first = account.holders.order_by("id").values("customer")[:1]
    card = rows.Card.objects.filter(account=account, customer__in=first).order_by("-id").first()
    return card or rows.Card.objects.filter(account=account).order_by("id")[0]


def _check_agreement(account: rows.Account, amount_minor: int, entries: Sequence[Entry]) -> None:
    own = ledger.receivable(account.pk)
    moved = sum(entry.amount_minor for entry in entries if entry.book == own)
    if moved != amount_minor:
        raise ledger.Unbalanced(f"the account would move by {moved}, the transaction says {amount_minor}")
