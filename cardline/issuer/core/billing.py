"""Statements, what is due, payments and autopay as a core answers them."""

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


@dataclass(frozen=True, slots=True)
class Statement:
    """One closed billing cycle: the days after `opened_on` up to and with `closed_on`.

    opening + purchases + fees + interest - payments - credits = closing; all six are amounts of this cycle, the four in
    the middle never negative. minimum_due: of `closing`. due_on: the day by whose end it counts as paid in time.
    paid_in_full: by then; None until that is decided, and from a core that does not tell.
    """

    token: str
    account: str
    opened_on: date
    closed_on: date
    due_on: date
    opening: Money
    purchases: Money
    fees: Money
    interest: Money
    payments: Money
    credits: Money
    closing: Money
    minimum_due: Money
    paid_in_full: bool | None = None

    def __post_init__(self) -> None:
        check_token(self.token, self.account)
        check_one_currency(
            self.opening, self.purchases, self.fees, self.interest, self.payments, self.credits, self.closing,
            self.minimum_due,
        )  # fmt: skip
        check_not_negative(
            self.purchases, self.fees, self.interest, self.payments, self.credits, self.minimum_due
        )
        owed = self.opening + self.purchases + self.fees + self.interest - self.payments - self.credits
        if owed != self.closing:
            raise BadReply("a statement does not add up")
        if not self.opened_on < self.closed_on < self.due_on:
            raise BadReply("a statement's days are out of order")


@dataclass(frozen=True, slots=True)
class Due:
    """What a holder still has to pay on the last statement, and on the account altogether.

    statement, minimum: what is left of both after payments and credits since; without the disputed part, which nobody
    has to pay while it is looked into. on: None before the first statement. balance: all that is owed now. closes_on:
    the day whose end closes the running cycle; None from a core that does not tell.
    """

    account: str
    statement: Money
    minimum: Money
    balance: Money
    disputed: Money
    on: date | None
    closes_on: date | None = None

    def __post_init__(self) -> None:
        check_token(self.account)
        check_one_currency(self.statement, self.minimum, self.balance, self.disputed)
        check_not_negative(self.statement, self.minimum, self.disputed)


class BankAccountKind(StrEnum):
    CHECKING = "checking"
    SAVINGS = "savings"


@dataclass(frozen=True, slots=True)
class BankAccount:
    """A bank account of the holder that payments come from. Of its number we see the last four only."""

    token: str
    bank: str
    kind: BankAccountKind
    last4: str
    added_at: datetime

    def __post_init__(self) -> None:
        check_token(self.token)
        check_words(self.bank)
        check_digits(self.last4, 4)
        check_zone(self.added_at)


class PaymentState(StrEnum):
    SCHEDULED = "scheduled"
    SENT = "sent"  # asked of the bank, counts as paid on its value date
    POSTED = "posted"
    CANCELLED = "cancelled"
    FAILED = "failed"  # the bank gave it back; see mend_by


class PaymentKind(StrEnum):
    ONCE = "once"
    AUTOPAY = "autopay"
    CHECK = "check"  # by mail


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment of the bill. on: the day it is made. value_on: the day as of which it counts (DOMAIN 11).

    reason: why a failed one failed, in a plain word ("no_funds", "account_closed", "stopped", "other"). mend_by: until
    when another payment keeps the account in time.
    """

    token: str
    account: str
    source: str
    source_last4: str
    amount: Money
    kind: PaymentKind
    state: PaymentState
    made_at: datetime
    on: date
    value_on: date | None = None
    reason: str = ""
    mend_by: date | None = None

    def __post_init__(self) -> None:
        check_token(self.token, self.account)
        check_zone(self.made_at)
        check_words(self.reason)
        if self.source:
            check_token(self.source)
            check_digits(self.source_last4, 4)
        if self.amount.amount_minor <= 0:
            raise BadReply("a payment is more than nothing")
        if (self.state == PaymentState.FAILED) != bool(self.reason):
            raise BadReply("a failed payment, and no other, has a reason")


@dataclass(frozen=True, slots=True)
class PaymentTime:
    """As of which day a payment counts, and until when it can be authorised so that it counts as of that very day."""

    counts_on: date
    until: datetime

    def __post_init__(self) -> None:
        check_zone(self.until)


class AutopayMode(StrEnum):
    MINIMUM = "minimum"
    FULL = "full"  # the statement's balance
    FIXED = "fixed"  # an amount, but never more than is owed


@dataclass(frozen=True, slots=True)
class Autopay:
    """Pays by itself on each due date. amount: for `fixed` and no other. next_on, next_amount: what comes next.

    stop_by: the last day on which a stop, a change or a dispute still reaches that; None where nothing is planned, and
    once the bank was asked.
    """

    account: str
    source: str
    source_last4: str
    mode: AutopayMode
    since: datetime
    amount: Money | None = None
    next_on: date | None = None
    next_amount: Money | None = None
    stop_by: date | None = None

    def __post_init__(self) -> None:
        check_token(self.account, self.source)
        check_digits(self.source_last4, 4)
        check_zone(self.since)
        check_one_currency(self.amount, self.next_amount)
        if (self.mode == AutopayMode.FIXED) != (self.amount is not None):
            raise BadReply("autopay of a fixed amount, and no other, has one")
