"""Authorisations, transactions and subscriptions as a core answers them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Generic, TypeVar

from cardline.issuer.core.checks import (
    BadReply,
    check_digits,
    check_one_currency,
    check_token,
    check_words,
    check_zone,
)
from cardline.kit.money import Money

T = TypeVar("T")
MOST = 200  # rows of one page


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of a list, and what to ask with for the next ones: "" after the last."""

    items: Sequence[T]
    next: str = ""

    def __post_init__(self) -> None:
        if len(self.items) > MOST or len(self.next) > 1_000:
            raise BadReply(f"a page has at most {MOST} rows")


class TransactionState(StrEnum):
    PENDING = "pending"
    POSTED = "posted"


class Kind(StrEnum):
    """What a transaction is. The first two are a merchant's; the others are between holder and issuer."""

    PURCHASE = "purchase"
    REFUND = "refund"
    CASH = "cash"
    PAYMENT = "payment"
    PAYMENT_RETURNED = "payment_returned"
    FEE = "fee"
    INTEREST = "interest"
    CREDIT = "credit"  # goodwill, rewards turned into money, a corrected fee
    PROVISIONAL_CREDIT = "provisional_credit"  # while a dispute is looked into
    PROVISIONAL_CREDIT_TAKEN_BACK = "provisional_credit_taken_back"


class Decline(StrEnum):
    """Why an authorisation was declined, in plain classes; never a network's number."""

    FROZEN = "frozen"
    CLOSED = "closed"
    INACTIVE = "inactive"
    OVER_LIMIT = "over_limit"
    EXPIRED = "expired"
    WRONG_CODE = "wrong_code"  # security code or PIN
    MERCHANT_STOPPED = "merchant_stopped"  # by the member's own wish
    SUSPECTED_FRAUD = "suspected_fraud"
    OTHER = "other"


class Outcome(StrEnum):
    APPROVED = "approved"
    DECLINED = "declined"
    REVERSED = "reversed"  # approved, then given back by the merchant before it was posted


@dataclass(frozen=True, slots=True)
class Authorisation:
    """A merchant asked whether a card is good for an amount. decline: why not, for a declined one and no other."""

    token: str
    card: str
    last4: str
    merchant: str
    place: str
    amount: Money
    channel: str
    at: datetime
    outcome: Outcome
    decline: Decline | None = None

    def __post_init__(self) -> None:
        check_token(self.token, self.card)
        check_digits(self.last4, 4)
        check_words(self.merchant, self.place, self.channel)
        check_zone(self.at)
        if (self.outcome == Outcome.DECLINED) != (self.decline is not None):
            raise BadReply("a declined authorisation, and no other, has a reason")


@dataclass(frozen=True, slots=True)
class Transaction:
    """One movement. amount: positive for a purchase, negative for a refund or a payment.

    merchant: its trading name. place: town and state as the merchant's bank reports them; phone: the merchant's, ""
    where unknown. channel: "chip", "contactless", "wallet", "online", "recurring", "cash", "payment" or "fee". holder:
    the card member whose card was used. recurring_since: when this merchant began to charge by itself. disputed: how
    much of it the member contests now. posted_at: None while it is pending.
    """

    token: str
    account: str
    card: str
    last4: str
    state: TransactionState
    merchant: str
    place: str
    amount: Money
    channel: str
    at: datetime
    posted_at: datetime | None = None
    kind: Kind = Kind.PURCHASE
    phone: str = ""
    holder: str = ""
    recurring_since: date | None = None
    authorisation: str = ""
    disputed: Money | None = None

    def __post_init__(self) -> None:
        check_token(self.token, self.account, self.card)
        check_digits(self.last4, 4)
        check_words(self.merchant, self.place, self.channel, self.phone, self.holder)
        check_zone(self.at, self.posted_at)
        check_one_currency(self.amount, self.disputed)
        if self.authorisation:
            check_token(self.authorisation)
        if (self.state == TransactionState.POSTED) != (self.posted_at is not None):
            raise BadReply("a posted transaction, and no other, has the time of its posting")


@dataclass(frozen=True, slots=True)
class Which:
    """Which transactions are asked for; each field left empty asks for all.

    text: in the merchant's name or place, without regard to case. since, until: by the time of the purchase, `until`
    not included. smallest, largest: of the amount without its sign, in minor units.
    """

    account: str = ""
    card: str = ""
    text: str = ""
    since: datetime | None = None
    until: datetime | None = None
    smallest: int | None = None
    largest: int | None = None
    state: TransactionState | None = None
    kinds: tuple[Kind, ...] = field(default=())


ALL = Which()


@dataclass(frozen=True, slots=True)
class Subscription:
    """A merchant that charges a card by itself. amount: the last one. next_on: when the next is expected.

    stopped_at: since when the member's "stop this merchant" declines it.
    """

    token: str
    account: str
    card: str
    last4: str
    merchant: str
    amount: Money
    since: date
    last_on: date
    next_on: date | None
    stopped_at: datetime | None = None

    def __post_init__(self) -> None:
        check_token(self.token, self.account, self.card)
        check_digits(self.last4, 4)
        check_words(self.merchant)
        check_zone(self.stopped_at)
        if self.last_on < self.since:
            raise BadReply("a subscription's last charge is before its first")
