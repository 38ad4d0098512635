"""Lithic's words and ours. Source: the enumerations of its public API (`Card`, `Transaction`, `Event`)."""

from __future__ import annotations

from cardline.issuer.core import CardState, CloseReason, Decline, Outcome, TransactionState

STATES = {
    "OPEN": CardState.ACTIVE,
    "PAUSED": CardState.FROZEN,
    "CLOSED": CardState.CLOSED,
    "PENDING_ACTIVATION": CardState.INACTIVE,
    "PENDING_FULFILLMENT": CardState.INACTIVE,
}

SUBSTATUS = {
    CloseReason.LOST: "LOST",
    CloseReason.STOLEN: "COMPROMISED",
    CloseReason.DAMAGED: "DAMAGED",
    CloseReason.EXPIRED: "EXPIRED",
    CloseReason.BY_REQUEST: "END_USER_REQUEST",
}
CLOSE_REASONS = {word: reason for reason, word in SUBSTATUS.items()}

OUTCOMES = {
    "PENDING": Outcome.APPROVED,
    "SETTLED": Outcome.APPROVED,
    "DECLINED": Outcome.DECLINED,
    "VOIDED": Outcome.REVERSED,
    "EXPIRED": Outcome.REVERSED,
}

# What moves or is about to move money; the other statuses are authorisations that came to nothing.
MOVING = {"PENDING": TransactionState.PENDING, "SETTLED": TransactionState.POSTED}

# Of an event's `detailed_results` and of `result`. Whatever is not here is Decline.OTHER: a member is told no reason
# rather than a wrong one.
DECLINES = {
    "CARD_PAUSED": Decline.FROZEN,
    "CARD_CLOSED": Decline.CLOSED,
    "CARD_NOT_ACTIVATED": Decline.INACTIVE,
    "CARD_EXPIRED": Decline.EXPIRED,
    "CARD_EXPIRY_DATE_INCORRECT": Decline.WRONG_CODE,
    "CARD_PIN_INCORRECT": Decline.WRONG_CODE,
    "CARD_SECURITY_CODE_INCORRECT": Decline.WRONG_CODE,
    "INCORRECT_PIN": Decline.WRONG_CODE,
    "PIN_BLOCKED": Decline.WRONG_CODE,
    "INSUFFICIENT_FUNDS": Decline.OVER_LIMIT,
    "INSUFFICIENT_FUNDS_PRELOAD": Decline.OVER_LIMIT,
    "USER_TRANSACTION_LIMIT": Decline.OVER_LIMIT,
    "CARD_SPEND_LIMIT_EXCEEDED": Decline.OVER_LIMIT,
    "ACCOUNT_DAILY_SPEND_LIMIT_EXCEEDED": Decline.OVER_LIMIT,
    "ACCOUNT_MONTHLY_SPEND_LIMIT_EXCEEDED": Decline.OVER_LIMIT,
    "ACCOUNT_LIFETIME_SPEND_LIMIT_EXCEEDED": Decline.OVER_LIMIT,
    "SUSPECTED_FRAUD": Decline.SUSPECTED_FRAUD,
    "FRAUD_ADVICE": Decline.SUSPECTED_FRAUD,
}

WALLETS = frozenset({"APPLE_PAY", "GOOGLE_PAY", "SAMSUNG_PAY", "MASTERPASS"})
ONLINE = frozenset({"ECOMMERCE", "CREDENTIAL_ON_FILE"})
# Events that post money, as opposed to asking for it.
POSTING = frozenset(
    {
        "CLEARING",
        "FINANCIAL_AUTHORIZATION",
        "FINANCIAL_CREDIT_AUTHORIZATION",
        "RETURN",
        "CORRECTION_DEBIT",
        "CORRECTION_CREDIT",
    }
)
