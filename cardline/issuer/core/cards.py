"""Accounts and cards as a core answers them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from cardline.issuer.core.checks import (
    BadReply,
    check_digits,
    check_not_negative,
    check_one_currency,
    check_token,
    check_words,
    check_zone,
)
from cardline.kit.money import Money


class CardState(StrEnum):
    INACTIVE = "inactive"  # sent, not yet activated
    ACTIVE = "active"
    FROZEN = "frozen"  # refuses new purchases, can be undone
    CLOSED = "closed"  # for good


class CloseReason(StrEnum):
    LOST = "lost"
    STOLEN = "stolen"
    DAMAGED = "damaged"
    EXPIRED = "expired"
    BY_REQUEST = "by_request"


class Role(StrEnum):
    """How the person a card is made out to stands to the account."""

    BASIC = "basic"
    JOINT = "joint"
    ADDITIONAL = "additional"


class Use(StrEnum):
    """What somebody may want to do while a card is frozen, closed or not yet activated."""

    PURCHASES = "purchases"  # in a shop or online
    CASH = "cash"
    WALLET = "wallet"  # with a phone or watch
    RECURRING = "recurring"  # subscriptions and bills charged by themselves
    REFUNDS = "refunds"
    PAYMENTS = "payments"  # of the bill
    REWARDS = "rewards"


class FreezeScope(StrEnum):
    """What a freeze stops."""

    NEW_PURCHASES = "new_purchases"  # purchases, cash and wallet; recurring charges go on
    EVERYTHING = "everything"  # recurring charges too


class Delivery(StrEnum):
    """Which address on file a card goes to."""

    CARDHOLDER = "cardholder"  # whoever it is made out to
    ACCOUNT_HOLDER = "account_holder"  # of an additional card: whose account it is on, such as a company
    HANDED_OVER = "handed_over"  # an emergency card: brought to a place, and given against their passport


class WalletState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Account:
    """An account of one or more holders.

    balance: what the holders owe, posted only; negative when we owe them. pending: purchases not yet posted.
    credit_limit: None where the product has none (a charge card, a debit card). product: what it is sold as;
    version: which edition of its terms and benefits these holders have, "" where there is one only.
    """

    token: str
    product: str
    holders: tuple[str, ...]
    balance: Money
    pending: Money
    credit_limit: Money | None
    opened_at: datetime
    version: str = ""

    def __post_init__(self) -> None:
        check_token(self.token)
        check_words(self.product, self.version, *self.holders)
        check_zone(self.opened_at)
        check_one_currency(self.balance, self.pending, self.credit_limit)

    @property
    def available(self) -> Money | None:
        """What can still be spent; None without a limit."""
        return None if self.credit_limit is None else self.credit_limit - self.balance - self.pending


@dataclass(frozen=True, slots=True)
class WalletToken:
    """A card as a phone or watch carries it. device: "phone", "watch", or what the member called it."""

    token: str
    device: str
    state: WalletState
    added_at: datetime

    def __post_init__(self) -> None:
        check_token(self.token)
        check_words(self.device)
        check_zone(self.added_at)


@dataclass(frozen=True, slots=True)
class Card:
    """A card as we keep it: token, BIN (first six or eight digits) and last four, never the number (SR-2).

    customer, holder: number and name of the person it is made out to. frozen_at, freeze_scope, freeze_expires:
    since when it is frozen, what that stops, and when it thaws by itself (None: when somebody undoes it).
    blocked_at: since when purchases wait until its holder says whether a suspicious one was theirs.
    expires: the last day it can be used. replaced_by: the card that came in its place, "" for none. sent_to: where it
    was sent.
    """

    token: str
    account: str
    product: str
    customer: str
    holder: str
    role: Role
    bin: str
    last4: str
    state: CardState
    frozen_at: datetime | None = None
    network: str = ""
    expires: date | None = None
    freeze_scope: FreezeScope | None = None
    freeze_expires: datetime | None = None
    closed_reason: CloseReason | None = None
    replaced_by: str = ""
    wallets: tuple[WalletToken, ...] = ()
    sent_to: Delivery = Delivery.CARDHOLDER
    blocked_at: datetime | None = None

    def __post_init__(self) -> None:
        check_token(self.token, self.account, self.customer)
        check_words(self.product, self.holder, self.network)
        check_digits(self.bin, 6, 8)
        check_digits(self.last4, 4)
        frozen = self.state == CardState.FROZEN
        if frozen != (self.frozen_at is not None):
            raise BadReply("a frozen card, and no other, has the time of its freeze")
        if not frozen and (self.freeze_scope or self.freeze_expires):
            raise BadReply("only a freeze has a scope and an end")
        if self.closed_reason and self.state != CardState.CLOSED:
            raise BadReply("only a closed card has a reason for it")
        if self.replaced_by:
            check_token(self.replaced_by)
        check_zone(self.frozen_at, self.freeze_expires, self.blocked_at)


@dataclass(frozen=True, slots=True)
class CardSpending:
    """What a card may spend in a cycle of its account, and what it spent in the one that runs; the account's currency.

    limit: None where only the account's own holds. spent: purchases and cash from the first moment of `since` on,
    pending ones among them, less what merchants gave back; by this card and the same holder's others on the account,
    so that a new card begins no new sum. Negative where more came back. until: the day the cycle closes, the last one.
    """

    card: str
    spent: Money
    limit: Money | None
    since: date
    until: date

    def __post_init__(self) -> None:
        check_token(self.card)
        check_one_currency(self.spent, self.limit)
        check_not_negative(self.limit)
        if self.until < self.since:
            raise BadReply("a cycle ends before it begins")

    @property
    def left(self) -> Money | None:
        """What can still be spent as far as this limit goes; never below nothing."""
        if self.limit is None:
            return None
        return Money(max(0, self.limit.amount_minor - self.spent.amount_minor), self.limit.currency)


class ShippingStep(StrEnum):
    ORDERED = "ordered"
    PRINTED = "printed"
    SENT = "sent"
    DELIVERED = "delivered"
    RETURNED = "returned"  # the post could not deliver it


@dataclass(frozen=True, slots=True)
class ShippingEvent:
    """One step of a card's way. carrier, tracking: once it was sent. expected: the day it should arrive."""

    card: str
    step: ShippingStep
    at: datetime
    carrier: str = ""
    tracking: str = ""
    expected: date | None = None

    def __post_init__(self) -> None:
        check_token(self.card)
        check_words(self.carrier, self.tracking)
        check_zone(self.at)
