"""Due dates: the reminder three days before, and what the end of the day decides."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q

from cardline.issuer.core import AlertEvent, Kind, PaymentState
from cardline.issuer.embedded import ledger
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.booking import book
from cardline.issuer.embedded.interest import late_fee
from cardline.issuer.embedded.notices import tell
from cardline.issuer.embedded.owed import left_of
from cardline.issuer.embedded.shared import end_of, start_of

REMIND_DAYS = 3
LATE_FEE = "late fee"  # what such lines are called
FEE_CHANNEL = "fee"


def remind(day: date) -> int:
    """Tell, as this day begins, of what is due in three days and not paid."""
    due = rows.Statement.objects.filter(due_on=day + timedelta(REMIND_DAYS)).select_related("account")
    told = 0
    for statement in due.order_by("pk"):
        if minimum := left_of(statement).minimum:
            tell(
                statement.account,
                AlertEvent.PAYMENT_DUE,
                about=statement.token,
                at=start_of(day),
                amount_minor=minimum,
            )
            told += 1
    return told


def settle_due(day: date) -> int:
    """Decide what was due by this day, which has ended, or could be mended until it."""
    mended = Q(paid_by__state=PaymentState.FAILED, paid_by__mend_by=day)
    due = rows.Statement.objects.filter(Q(due_on=day) | mended).select_related("account").distinct()
    return sum(_settle(statement, day) for statement in due.order_by("pk"))


def _settle(statement: rows.Statement, day: date) -> bool:
    """Whether it was paid in full, which gives the next cycle its grace, and the late fee where the minimum was missed.

    While a failed payment can still be mended nothing is decided.
    """
    if statement.paid_by.filter(state=PaymentState.FAILED, mend_by__gt=day).exists():
        return False
    ledger.lock_accounts([statement.account_id])
    left = left_of(statement, day)
    statement.paid_in_full = left.statement == 0
    statement.save(update_fields=["paid_in_full"])
    if left.minimum:
        _charge_late_fee(statement, day)
    return True


def _charge_late_fee(statement: rows.Statement, day: date) -> None:
    key = late_fee_key(statement)
    fee = late_fee(statement.account.late_fee_minor, minimum=statement.minimum_minor)
    if not fee or rows.Posting.objects.filter(key=key).exists():
        return
    book(
        statement.account,
        kind=Kind.FEE,
        amount_minor=fee,
        at=end_of(day),
        key=key,
        words=LATE_FEE,
        channel=FEE_CHANNEL,
    )


def late_fee_key(statement: rows.Statement) -> str:
    """Of the posting of its late fee: there is one at most."""
    return f"late:{statement.token}"
