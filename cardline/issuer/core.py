"""The door to the issuer's card core: its system of record for accounts, cards and money.

Names are those processors use. Three rules hold for every core behind this protocol: each call that changes
something carries an idempotency key; a time-out is unknown, never failed; what comes back is checked before anybody
believes it (the dataclasses below refuse what cannot be).

Questions are asked for a customer, and a core answers only with what that customer may see: the accounts they hold
(alone or jointly) with every card of theirs, and their own card on somebody else's account with its own charges.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from cardline.kit.money import Money

MAX_WORDS = 120  # of a name, a merchant or a place, in characters


class CoreError(Exception):
    """Something about the core. Nobody catches this one; its kinds below say what to do."""


class CoreUnknown(CoreError):
    """No answer in time: whether it happened is not known. Ask again with the same key; never say it failed."""


class CoreNotFound(CoreError):
    """The core has no such card, account or customer, or this customer may not see it."""


class CoreRefused(CoreError):
    """The core said no. `reason` is one word of ours, such as "closed"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class BadReply(CoreError):
    """The core answered something that cannot be: a card number in full, a time without a zone, a wrong currency."""


class CardState(StrEnum):
    INACTIVE = "inactive"  # sent, not yet activated
    ACTIVE = "active"
    FROZEN = "frozen"  # refuses new purchases, can be undone
    CLOSED = "closed"  # for good


class Role(StrEnum):
    """How the person a card is made out to stands to the account."""

    BASIC = "basic"
    JOINT = "joint"
    ADDITIONAL = "additional"


class TransactionState(StrEnum):
    PENDING = "pending"
    POSTED = "posted"


_DIGITS = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class Account:
    """An account of one or more holders.

    balance: what the holders owe, posted only; negative when we owe them. pending: purchases not yet posted.
    credit_limit: None where the product has none (a charge card, a debit card).
    """

    token: str
    product: str
    holders: tuple[str, ...]
    balance: Money
    pending: Money
    credit_limit: Money | None
    opened_at: datetime

    def __post_init__(self) -> None:
        _check_token(self.token)
        _check_words(self.product, *self.holders)
        _check_zone(self.opened_at)
        same = {
            money.currency for money in (self.balance, self.pending, self.credit_limit) if money is not None
        }
        if len(same) != 1:
            raise BadReply(f"an account has {len(same)} currencies")

    @property
    def available(self) -> Money | None:
        """What can still be spent; None without a limit."""
        return None if self.credit_limit is None else self.credit_limit - self.balance - self.pending


@dataclass(frozen=True, slots=True)
class Card:
    """A card as we keep it: token, BIN (first six or eight digits) and last four, never the number (SR-2).

    customer, holder: number and name of the person it is made out to. frozen_at: since when it is frozen.
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

    def __post_init__(self) -> None:
        _check_token(self.token, self.account, self.customer)
        _check_words(self.product, self.holder)
        if not _DIGITS.fullmatch(self.bin) or len(self.bin) not in (6, 8):
            raise BadReply("a BIN has six or eight digits")
        if not _DIGITS.fullmatch(self.last4) or len(self.last4) != 4:
            raise BadReply("the last four are four digits")
        if (self.state == CardState.FROZEN) != (self.frozen_at is not None):
            raise BadReply("a frozen card, and no other, has the time of its freeze")
        if self.frozen_at is not None:
            _check_zone(self.frozen_at)


@dataclass(frozen=True, slots=True)
class Transaction:
    """One movement. amount: positive for a purchase, negative for a refund or a payment.

    place: town and state as the merchant's bank reports them. channel: "chip", "contactless", "online",
    "recurring", "cash", "payment" or "fee". posted_at: None while it is pending.
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

    def __post_init__(self) -> None:
        _check_token(self.token, self.account, self.card)
        _check_words(self.merchant, self.place)
        _check_zone(self.at)
        if (self.state == TransactionState.POSTED) != (self.posted_at is not None):
            raise BadReply("a posted transaction, and no other, has the time of its posting")


class CardCore(Protocol):
    """What the product asks of a core. Every function may raise CoreUnknown and BadReply.

    customer: the core's number of the person the answer is for. key: at most 120 characters; the same key gives the
    first answer again, the same key for something else raises CoreRefused("key_reused"). at: aware UTC.
    """

    def accounts(self, customer: str) -> list[Account]:
        """The accounts a customer holds, oldest first; none for an additional card member."""

    def cards(self, customer: str) -> list[Card]:
        """The cards a customer may see, their own first; closed ones last."""

    def card(self, customer: str, token: str) -> Card:
        """One of them. Raises CoreNotFound."""

    def transactions(self, customer: str, *, card: str = "", most: int = 50) -> list[Transaction]:
        """The newest first, of everything the customer may see or of one card. Raises CoreNotFound."""

    def freeze(self, token: str, *, at: datetime, key: str) -> Card:
        """Refuse new purchases from now on. A frozen card stays as it is, with its first time.

        Raises CoreNotFound, CoreRefused("closed").
        """

    def unfreeze(self, token: str, *, at: datetime, key: str) -> Card:
        """Let it be used again.

        A card that is not frozen stays as it is. Raises CoreNotFound, CoreRefused("closed").
        """


_core: CardCore | None = None


def current_core() -> CardCore:
    """The core of this installation."""
    if _core is None:
        raise RuntimeError("no card core is plugged in; call cardline.config.plugs.plug_in() first")
    return _core


def use_core(core: CardCore) -> None:
    """`config` plugs the core in here; a test may plug in a broken one."""
    global _core
    _core = core


def _check_token(*tokens: str) -> None:
    for token in tokens:
        if not 0 < len(token) <= 64 or not token.isascii() or (token.isdigit() and len(token) >= 12):
            raise BadReply("a token is at most 64 plain characters, and no card number")


def _check_words(*words: str) -> None:
    for text in words:
        if len(text) > MAX_WORDS or not text.isprintable():
            raise BadReply("a name is at most 120 printable characters")


def _check_zone(at: datetime) -> None:
    if at.tzinfo is None:
        raise BadReply("a time came without its zone")
