"""What a charge had cost that was contested and decided for the member goes back with it (12 CFR 1026.13(e)).

A charge that should not have been there bore interest, and may have made a minimum due that was missed.
"""

from __future__ import annotations

from datetime import date

from django.db.models import Sum

from cardline.clocks.days import DAY
from cardline.issuer.core import DisputeState, Kind
from cardline.issuer.embedded import ledger
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.booking import book
from cardline.issuer.embedded.closing import FEE_CHANNEL, INTEREST, cycle_of, interest_of, posted_on
from cardline.issuer.embedded.interest import Contested, late_fee, minimum_due
from cardline.issuer.embedded.overdue import LATE_FEE, late_fee_key
from cardline.issuer.embedded.owed import contested_of, left_of
from cardline.issuer.embedded.shared import day_of, end_of, start_of
from cardline.kit.money import Money


def give_back(day: date) -> int:
    """For everything that was decided on this day, which has ended. Returns how many credits came of it."""
    won = rows.Dispute.objects.filter(
        state=DisputeState.WON, closed_at__gte=start_of(day), closed_at__lt=start_of(day + DAY)
    )
    found = won.select_related("transaction__account").order_by("pk")
    return sum(_give_interest_back(dispute, day) + _give_fees_back(dispute, day) for dispute in found)


# ------------------------------------------------------------------------------------------------ interest


def _give_interest_back(dispute: rows.Dispute, day: date) -> bool:
    """Billed interest bears none, so that none comes back with it."""
    cost = 0 if dispute.transaction.kind == Kind.INTEREST else _cost_of(dispute)
    if cost <= 0:
        return False
    _credit(dispute, cost, day, key=f"dispute:{dispute.token}:interest", words=INTEREST, book_of="interest")
    return True


def _cost_of(dispute: rows.Dispute) -> int:
    """The interest of the days before the notice, with the contested amount less that without it."""
    charge = dispute.transaction
    before_notice = Contested(posted_on(charge), day_of(dispute.opened_at), dispute.amount_minor)
    charged = rows.Statement.objects.filter(
        account=charge.account,
        interest_minor__gt=0,
        closed_on__gte=before_notice.since,
        opened_on__lt=day_of(dispute.opened_at),
    ).select_related("account")
    contested = contested_of(charge.account)
    return sum(
        interest_of(cycle, contested) - interest_of(cycle, [*contested, before_notice])
        for cycle in map(cycle_of, charged)
    )


# ----------------------------------------------------------------------------------------------- late fees


def _give_fees_back(dispute: rows.Dispute, day: date) -> int:
    """Of each late fee since: what it is more than it would have been without the charges that were wrong."""
    charge = dispute.transaction
    missed = rows.Statement.objects.filter(
        account=charge.account, closed_on__gte=posted_on(charge), paid_in_full=False
    ).select_related("account")
    given = 0
    for statement in missed.order_by("closed_on"):
        fee = rows.Transaction.objects.filter(posting__key=late_fee_key(statement)).first()
        too_much = _fee_too_high(statement, fee) if fee is not None and fee.pk != charge.pk else 0
        if too_much > 0:
            key = f"{_given_back_on(statement)}{dispute.token}"
            _credit(dispute, too_much, day, key=key, words=LATE_FEE, book_of="fees")
            given += 1
    return given


def _fee_too_high(statement: rows.Statement, fee: rows.Transaction) -> int:
    """In minor units, without what was given back already for other charges."""
    account = statement.account
    minimum = minimum_due(
        statement.closing_minor,
        contested=_wrong_of(statement),
        interest=statement.interest_minor,
        fees=statement.fees_minor,
        decimals=Money(0, account.currency).decimals,
    )
    paid = statement.minimum_minor - left_of(statement, posted_on(fee)).minimum
    rightly = late_fee(account.late_fee_minor, minimum=minimum) if paid < minimum else 0
    back = rows.Transaction.objects.filter(
        account=account, posting__key__startswith=_given_back_on(statement)
    ).aggregate(sum=Sum("amount_minor", default=0))
    return int(fee.amount_minor + back["sum"] - rightly)


def _wrong_of(statement: rows.Statement) -> int:
    """What of its balance was decided for the member: nobody had to pay that."""
    found = rows.Dispute.objects.filter(
        state=DisputeState.WON,
        transaction__account=statement.account_id,
        transaction__posted_at__lt=start_of(statement.closed_on + DAY),
    )
    return int(found.aggregate(sum=Sum("amount_minor", default=0))["sum"])


def _given_back_on(statement: rows.Statement) -> str:
    """How the keys of all postings begin that give back some of its late fee."""
    return f"{late_fee_key(statement)}:back:"


def _credit(
    dispute: rows.Dispute, amount_minor: int, day: date, *, key: str, words: str, book_of: str
) -> None:
    account = dispute.transaction.account
    book(
        account,
        kind=Kind.CREDIT,
        amount_minor=-amount_minor,
        at=end_of(day),
        key=key,
        words=words,
        channel=FEE_CHANNEL,
        posting_entries=ledger.move(ledger.receivable(account.pk), book_of, -amount_minor, account.currency),
    )
