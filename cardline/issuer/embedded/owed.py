"""What is still to be paid of a statement, how much of it is contested, and what an account could pay at most."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet, Sum

from cardline.clocks.days import DAY
from cardline.issuer.core import DisputeState, Kind, PaymentKind, PaymentState, TransactionState
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.booking import balance_of, pending_of
from cardline.issuer.embedded.interest import Contested
from cardline.issuer.embedded.shared import day_of, start_of

# What pays a bill, and what takes such a payment back.
PAYING = (Kind.PAYMENT, Kind.PAYMENT_RETURNED, Kind.REFUND, Kind.CREDIT)
# What lasts while a dispute does: less is owed meanwhile, but a minimum is not paid by it, nor missed by its end.
PROVISIONAL = (Kind.PROVISIONAL_CREDIT, Kind.PROVISIONAL_CREDIT_TAKEN_BACK)


@dataclass(frozen=True, slots=True)
class Left:
    """In minor units, never below nothing."""

    statement: int
    minimum: int


def left_of(statement: rows.Statement, day: date | None = None) -> Left:
    """What is left of a statement and of its minimum at the end of a day, or now: payments and credits since are taken
    off, and the contested part, which nobody has to pay while it is looked into.
    """
    paid = -_sum(_since(statement, PAYING, day), "amount_minor")
    provisional = -_sum(_since(statement, PROVISIONAL, day), "amount_minor")
    whole = max(0, statement.closing_minor - paid - provisional - _contested(statement, day))
    # A returned payment of the time before raises what is owed, but not the minimum that was asked for.
    minimum = max(0, statement.minimum_minor - max(0, paid))
    return Left(whole, min(whole, minimum))


def _since(
    statement: rows.Statement, kinds: tuple[Kind, ...], day: date | None
) -> QuerySet[rows.Transaction]:
    not_billed_then = Q(statement=None) | Q(statement__closed_on__gt=statement.closed_on)
    found = rows.Transaction.objects.filter(
        not_billed_then, account=statement.account_id, state=TransactionState.POSTED, kind__in=kinds
    )
    return found if day is None else found.filter(posted_at__lt=start_of(day + DAY))


def _contested(statement: rows.Statement, day: date | None) -> int:
    """Of what was billed by then, what is contested without a credit that took it out of the balance already."""
    found = rows.Dispute.objects.filter(
        transaction__account=statement.account_id, transaction__statement__closed_on__lte=statement.closed_on
    )
    if day is None:
        found = found.filter(state=DisputeState.OPEN)
    else:
        cut = start_of(day + DAY)
        found = found.filter(Q(closed_at=None) | Q(closed_at__gte=cut), opened_at__lt=cut)
    return _sum(found, F("amount_minor") - F("credited_minor"))


def contested_of(account: rows.Account) -> list[Contested]:
    """Every stretch of days in which something that bears interest was contested; billed interest bears none."""
    disputes = rows.Dispute.objects.filter(transaction__account=account, amount_minor__gt=F("credited_minor"))
    disputes = disputes.exclude(transaction__kind=Kind.INTEREST)
    return [
        Contested(
            day_of(dispute.opened_at),
            None if dispute.closed_at is None else day_of(dispute.closed_at),
            dispute.amount_minor - dispute.credited_minor,
        )
        for dispute in disputes
    ]


def disputed_now(account: rows.Account) -> int:
    """All that is contested, with a credit or without."""
    return _sum(
        rows.Dispute.objects.filter(transaction__account=account, state=DisputeState.OPEN), "amount_minor"
    )


def last_statement(account: rows.Account) -> rows.Statement | None:
    return rows.Statement.objects.filter(account=account).order_by("-closed_on").first()


def may_still_pay(account: rows.Account) -> int:
    """What is owed, with what is pending and without what is on its way; asked for under the account's lock."""
    return balance_of(account) + pending_of(account) - on_its_way(account)


def on_its_way(account: rows.Account) -> int:
    """Payments that were asked of a bank and count on a day still to come."""
    return _sum(rows.Payment.objects.filter(account=account, state=PaymentState.SENT), "amount_minor")


def wished_by(account: rows.Account, day: date) -> int:
    """Payments of the holders' own that will have been made by this day and are not posted yet."""
    own = rows.Payment.objects.filter(account=account, on__lte=day).exclude(kind=PaymentKind.AUTOPAY)
    return _sum(own.filter(state__in=(PaymentState.SCHEDULED, PaymentState.SENT)), "amount_minor")


def _sum(
    found: QuerySet[rows.Transaction] | QuerySet[rows.Dispute] | QuerySet[rows.Payment], what: object
) -> int:
    return int(found.aggregate(total=Sum(what, default=0))["total"])
