"""Statements as they stand in the embedded core, without the months that lead to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from cardline.issuer.core import Kind, TransactionState
from cardline.issuer.embedded import models as rows

CLOSED = date(2026, 11, 20)
MINIMUM = 3_500
OURS = "txn_of_bill_"

Line = tuple[str, int, Kind]  # merchant, minor units, kind


def bill(
    member: Any,
    lines: Sequence[Line] = (("Blue Door", 4_820, Kind.PURCHASE),),
    *,
    closed_on: date = CLOSED,
    opening: int = 0,
    paid: bool | None = None,
) -> str:
    """The statement of a cycle of 30 days in which these were posted, one an hour. Returns its token."""
    account = account_of(member)
    # What the demo gave the account is on no statement, and its payments would pay this one.
    given = rows.Transaction.objects.filter(account=account, statement=None).exclude(token__startswith=OURS)
    given.update(state=TransactionState.PENDING, posted_at=None)
    statement = stated(account, lines, closed_on=closed_on, opening=opening, paid=paid)
    began = datetime.combine(closed_on - timedelta(days=29), time(17), UTC)
    for n, line in enumerate(lines):
        move(member, line, began + timedelta(hours=n), statement)
    return statement.token


def stated(
    account: rows.Account,
    lines: Sequence[Line] = (),
    *,
    closed_on: date = CLOSED,
    opening: int = 0,
    paid: bool | None = None,
) -> rows.Statement:
    """The statement alone, with the sums of these lines."""
    of = {kind: sum(minor for _, minor, its in lines if its == kind) for kind in Kind}
    closing = opening + sum(of.values())
    return rows.Statement.objects.create(
        token=f"stm_of_test_{rows.Statement.objects.count()}",
        account=account,
        opened_on=closed_on - timedelta(days=30),
        closed_on=closed_on,
        due_on=closed_on + timedelta(days=25),
        opening_minor=opening,
        purchases_minor=of[Kind.PURCHASE] + of[Kind.CASH],
        fees_minor=of[Kind.FEE],
        interest_minor=of[Kind.INTEREST],
        payments_minor=-of[Kind.PAYMENT],
        credits_minor=-of[Kind.REFUND] - of[Kind.CREDIT],
        closing_minor=closing,
        minimum_minor=max(0, min(MINIMUM, closing)),
        paid_in_full=paid,
    )


def account_of(member: Any) -> rows.Account:
    return rows.Account.objects.get(holders__customer__number=member.core_customer)


def move(member: Any, line: Line, at: datetime, statement: rows.Statement | None = None, **more: Any) -> str:
    """Something posted on the member's own card. Returns its token."""
    card = rows.Card.objects.filter(customer__number=member.core_customer).latest("id")
    merchant, minor, kind = line
    given = {
        "token": f"{OURS}{rows.Transaction.objects.count()}",
        "account": card.account,
        "card": card,
        "state": TransactionState.POSTED,
        "merchant": merchant,
        "place": "Albany, NY" if kind in (Kind.PURCHASE, Kind.CASH) else "",
        "kind": kind,
        "amount_minor": minor,
        "channel": "chip",
        "at": at,
        "posted_at": at,
        "statement": statement,
    }
    return rows.Transaction.objects.create(**{**given, **more}).token
