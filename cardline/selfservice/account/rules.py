"""What of the core's answers is worth a line on the first page. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from cardline.issuer.core import Authorisation, Due, Outcome, Payment, PaymentState

LATELY = timedelta(days=14)
TO_COME = (PaymentState.SCHEDULED, PaymentState.SENT)
NOT_MADE = (PaymentState.SCHEDULED, PaymentState.CANCELLED)


def declined_lately(asked: Iterable[Authorisation], now: datetime) -> Authorisation | None:
    """The newest declined one of the last fortnight, unless that card paid this merchant afterwards. asked: newest
    first.
    """
    went_through: set[tuple[str, str]] = set()
    for one in asked:
        if one.at < now - LATELY:
            return None
        paid = (one.card, one.merchant)
        if one.outcome != Outcome.DECLINED:
            went_through.add(paid)
        elif paid not in went_through:
            return one
    return None


def payment_to_mend(payments: Iterable[Payment], today: date) -> Payment | None:
    """The last payment, where the bank gave it back and that can still be mended, or was a fortnight ago at most.

    payments: newest first. One that was made after it has mended it.
    """
    last = next((payment for payment in payments if payment.state not in NOT_MADE), None)
    if last is None or last.state != PaymentState.FAILED:
        return None
    return last if today <= (last.mend_by or last.on + LATELY) else None


def to_come(payments: Iterable[Payment]) -> tuple[Payment, ...]:
    """What is planned or on its way to us, the next one first."""
    return tuple(sorted((one for one in payments if one.state in TO_COME), key=lambda one: one.on))


def is_asked_for(due: Due, today: date) -> bool:
    """Whether there is anything to pay now. What is left of a statement after its day, with the minimum paid, waits for
    the next statement.
    """
    if due.on is None:
        return False
    return due.minimum.amount_minor > 0 or (due.statement.amount_minor > 0 and today <= due.on)


def is_covered(due: Due, payments: Iterable[Payment]) -> bool:
    """Whether what is planned or on its way pays all that is due, in time."""
    in_time = (one.amount.amount_minor for one in to_come(payments) if due.on and one.on <= due.on)
    return sum(in_time) >= due.statement.amount_minor
