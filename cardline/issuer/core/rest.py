"""Rewards, alerts, applications and disputes as a core answers them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from cardline.issuer.core.checks import (
    BadReply,
    check_not_negative,
    check_one_currency,
    check_token,
    check_words,
    check_zone,
)
from cardline.kit.money import Money


@dataclass(frozen=True, slots=True)
class Rewards:
    """Points of an account. expiring: what runs out next, and the last day it can be used; 0 and None for nothing."""

    account: str
    points: int
    expiring: int = 0
    expires_on: date | None = None

    def __post_init__(self) -> None:
        check_token(self.account)
        check_not_negative(self.expiring)
        if (self.expiring > 0) != (self.expires_on is not None):
            raise BadReply("points that expire, and no others, have a day for it")


class RewardsKind(StrEnum):
    EARN = "earn"
    REDEEM = "redeem"
    CORRECT = "correct"  # a refund took points back, or missing ones were added
    EXPIRE = "expire"


@dataclass(frozen=True, slots=True)
class RewardsEntry:
    """One line of the points' history. points: positive for what came in. transaction: the purchase behind it."""

    token: str
    account: str
    kind: RewardsKind
    points: int
    at: datetime
    words: str
    transaction: str = ""

    def __post_init__(self) -> None:
        check_token(self.token, self.account)
        check_words(self.words)
        check_zone(self.at)
        if self.points == 0:
            raise BadReply("a line of the points' history moves some")


@dataclass(frozen=True, slots=True)
class RewardsOption:
    """A way to use points: at least `least`, in steps of `step`, worth `value` for each 1,000 points.

    id: "statement_credit" turns them into money on the account at once; others are the core's own words.
    """

    id: str
    least: int
    step: int
    value: Money

    def __post_init__(self) -> None:
        check_token(self.id)
        if self.least <= 0 or self.step <= 0 or self.value.amount_minor < 0:
            raise BadReply("an option takes some points in some steps")


class AlertEvent(StrEnum):
    PURCHASE = "purchase"  # of at least the rule's amount
    ONLINE_PURCHASE = "online_purchase"
    DECLINED = "declined"
    REFUND = "refund"
    STATEMENT_READY = "statement_ready"
    PAYMENT_DUE = "payment_due"
    PAYMENT_POSTED = "payment_posted"
    PAYMENT_FAILED = "payment_failed"


@dataclass(frozen=True, slots=True)
class AlertRule:
    """Tell the holder of an event. at_least: for purchases. What ways and hours they want is not the core's."""

    account: str
    event: AlertEvent
    on: bool
    at_least: Money | None = None

    def __post_init__(self) -> None:
        check_token(self.account)
        check_not_negative(self.at_least)


@dataclass(frozen=True, slots=True)
class Alert:
    """An event a rule asked for. about: the transaction, authorisation, statement or payment, by token."""

    token: str
    account: str
    event: AlertEvent
    at: datetime
    about: str
    merchant: str = ""
    amount: Money | None = None

    def __post_init__(self) -> None:
        check_token(self.token, self.account, self.about)
        check_words(self.merchant)
        check_zone(self.at)


class ApplicationState(StrEnum):
    """DOMAIN 11."""

    SUBMITTED = "submitted"
    INCOMPLETE = "incomplete"  # something is missing; it expires when that does not come
    COMPLETE = "complete"  # everything is there; a decision comes by `next_on`
    APPROVED = "approved"
    DECLINED = "declined"
    COUNTEROFFER = "counteroffer"
    CARD_ORDERED = "card_ordered"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Application:
    """Where an application stands, and by when the next step comes. Reasons and scores are never in it."""

    reference: str
    product: str
    state: ApplicationState
    submitted_at: datetime
    state_since: datetime
    next_on: date | None = None

    def __post_init__(self) -> None:
        check_token(self.reference)
        check_words(self.product)
        check_zone(self.submitted_at, self.state_since)
        if self.state_since < self.submitted_at:
            raise BadReply("an application's state is older than the application")


class DisputeState(StrEnum):
    OPEN = "open"
    WON = "won"  # for the member: the credit stays
    LOST = "lost"  # the credit was taken back


@dataclass(frozen=True, slots=True)
class Dispute:
    """What the core knows of a dispute: the contested amount and the credit while it is looked into."""

    token: str
    transaction: str
    amount: Money
    credited: Money
    state: DisputeState
    opened_at: datetime
    closed_at: datetime | None = None

    def __post_init__(self) -> None:
        check_token(self.token, self.transaction)
        check_zone(self.opened_at, self.closed_at)
        check_one_currency(self.amount, self.credited)
        check_not_negative(self.credited)
        if self.amount.amount_minor <= 0:
            raise BadReply("a dispute is about more than nothing")
        if (self.state == DisputeState.OPEN) != (self.closed_at is None):
            raise BadReply("a closed dispute, and no other, has the time of its end")
