"""The one place that writes a posted transaction: the row people read, and the posting that moves the money.

Both are written together or not at all, so an account's balance is always the sum of its posted transactions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Sum

from cardline.issuer.core import Kind, TransactionState
from cardline.issuer.embedded import ledger
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.ledger import Draft, Entry
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


@dataclass(frozen=True, slots=True)
class Booking:
    """A posted transaction to be. What its fields mean: see `book`. key: left out, it is "txn:<token>"."""

    account: rows.Account
    card: rows.Card
    kind: Kind
    amount_minor: int
    at: datetime
    posted_at: datetime
    words: str
    channel: str
    key: str = ""
    entries: Sequence[Entry] = ()
    place: str = ""
    phone: str = ""
    recurring_since: date | None = None
    token: str = field(default_factory=lambda: new_token("txn"))


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
    booking = Booking(
        account=account,
        card=card or card_of_first_holder(account),
        kind=kind,
        amount_minor=amount_minor,
        at=at,
        posted_at=posted_at or at,
        words=words,
        channel=channel,
        key=key,
        entries=posting_entries,
        place=place,
        phone=phone,
    )
    return book_all([booking])[0]


def book_all(bookings: Sequence[Booking]) -> list[rows.Transaction]:
    """Many of them in a few statements, or none. Raises what `book` raises."""
    postings = ledger.post_all([_draft(booking) for booking in bookings])
    return rows.Transaction.objects.bulk_create(
        rows.Transaction(
            token=booking.token,
            account=booking.account,
            card=booking.card,
            state=TransactionState.POSTED,
            kind=booking.kind,
            merchant=booking.words[:80],
            place=booking.place[:80],
            phone=booking.phone,
            amount_minor=booking.amount_minor,
            channel=booking.channel,
            at=booking.at,
            posted_at=booking.posted_at,
            recurring_since=booking.recurring_since,
            posting=posting,
        )
        for booking, posting in zip(bookings, postings, strict=True)
    )


def settle(pending: rows.Transaction, *, at: datetime, amount_minor: int) -> bool:
    """Post a pending transaction, with the amount the merchant asks for in the end (a tip was added, say).

    pending: read after ledger.lock_accounts, and brought up to date here. False when it was posted before.
    """
    if pending.state == TransactionState.POSTED:
        return False
    kind = Kind(pending.kind)
    pending.posting = ledger.post(
        kind, sides(pending.account, kind, amount_minor), at=at, key=f"txn:{pending.token}"
    )
    pending.state, pending.posted_at, pending.amount_minor = TransactionState.POSTED, at, amount_minor
    pending.save(update_fields=["state", "posted_at", "amount_minor", "posting"])
    return True


def sides(account: rows.Account, kind: Kind, amount_minor: int) -> list[Entry]:
    """The two lines of a movement of this kind: the holders' debt, and where it came from or went to."""
    return ledger.move(ledger.receivable(account.pk), OTHER_SIDE[kind], amount_minor, account.currency)


def balance_of(account: rows.Account) -> int:
    """What its holders owe, in minor units; negative when we owe them."""
    return ledger.balance(ledger.receivable(account.pk), account.currency)


def pending_of(account: rows.Account) -> int:
    """What was approved and is not posted yet, in minor units."""
    waiting = rows.Transaction.objects.filter(account=account, state=TransactionState.PENDING)
    return waiting.aggregate(total=Sum("amount_minor", default=0))["total"]


def card_of_first_holder(account: rows.Account) -> rows.Card:
    """Where payments, fees and interest stand: the newest card of the first holder, a closed one if need be."""
    first = account.holders.order_by("id").values("customer")[:1]
    card = rows.Card.objects.filter(account=account, customer__in=first).order_by("-id").first()
    return card or rows.Card.objects.filter(account=account).order_by("id")[0]


def _draft(booking: Booking) -> Draft:
    account = booking.account
    entries = booking.entries or sides(account, booking.kind, booking.amount_minor)
    own = ledger.receivable(account.pk)
    moved = sum(entry.amount_minor for entry in entries if entry.book == own)
    if moved != booking.amount_minor:
        raise ledger.Unbalanced(
            f"the account would move by {moved}, the transaction says {booking.amount_minor}"
        )
    return Draft(booking.kind, entries, booking.posted_at, booking.key or f"txn:{booking.token}")
