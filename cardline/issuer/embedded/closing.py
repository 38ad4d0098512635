"""Closing a cycle: its interest is booked, its lines are billed, and its statement stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from cardline.clocks.days import DAY
from cardline.issuer.core import AlertEvent, Kind, TransactionState
from cardline.issuer.embedded import autopay, ledger
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.booking import book
from cardline.issuer.embedded.cycle import closing_before, days_of, due_day, nominals_closing_on
from cardline.issuer.embedded.disputes import disputed_minor
from cardline.issuer.embedded.interest import (
    Contested,
    Movement,
    daily_balances,
    interest_on,
    minimum_due,
    unpaid_interest,
)
from cardline.issuer.embedded.notices import tell
from cardline.issuer.embedded.owed import contested_of, last_statement, left_of
from cardline.issuer.embedded.shared import day_of, end_of, new_token, start_of
from cardline.issuer.profile import current_profile
from cardline.kit.money import Money

INTEREST = "interest"  # what such lines are called
FEE_CHANNEL = "fee"


@dataclass(frozen=True, slots=True)
class Cycle:
    """One cycle of an account: the days after `opened_on` up to and with `closed_on`. opening: owed before them."""

    account: rows.Account
    opened_on: date
    closed_on: date
    opening: int
    lines: Sequence[rows.Transaction]


def close_cycles(day: date) -> int:
    """Close the cycles that close on this day, which has ended. Returns how many statements came of it."""
    closed = 0
    for nominal in nominals_closing_on(day, current_profile().calendar):
        accounts = rows.Account.objects.filter(closing_day=nominal.day, opened_at__lt=start_of(day + DAY))
        for account in accounts.exclude(statements__closed_on__gte=day).order_by("pk"):
            closed += _close(account, nominal, day)
    return closed


def _close(account: rows.Account, nominal: date, day: date) -> bool:
    """An account that never moved has nothing to be told; from its first line on each cycle has a statement."""
    ledger.lock_accounts([account.pk])
    last = last_statement(account)
    lines = list(_to_bill(account, day))
    if last is None and not lines:
        return False
    cycle = Cycle(
        account,
        opened_on=last.closed_on if last else _opened_on(account, nominal, lines),
        closed_on=day,
        opening=last.closing_minor if last else 0,
        lines=lines,
    )
    interest = 0 if _has_grace(account) else interest_of(cycle, contested_of(account))
    if interest:
        _charge(account, interest, day)
    statement = _bill(cycle, interest)
    _to_bill(account, day).update(statement=statement)
    tell(
        account,
        AlertEvent.STATEMENT_READY,
        about=statement.token,
        at=end_of(day),
        amount_minor=statement.closing_minor,
    )
    autopay.plan(statement, end_of(day))
    return True


def _to_bill(account: rows.Account, day: date) -> QuerySet[rows.Transaction]:
    """Whatever is posted and on no statement yet: a line booked late is billed late, not lost."""
    return rows.Transaction.objects.filter(
        account=account, state=TransactionState.POSTED, statement=None, posted_at__lt=start_of(day + DAY)
    ).order_by("posted_at", "id")


def _opened_on(account: rows.Account, nominal: date, lines: Sequence[rows.Transaction]) -> date:
    """Where the first cycle begins: after the closing before it, or where the account or its history does."""
    before = closing_before(nominal, current_profile().calendar)
    began = max(before, day_of(account.opened_at) - timedelta(1))
    return min(began, *(posted_on(line) - DAY for line in lines))


def _has_grace(account: rows.Account) -> bool:
    """Whether the last statement that fell due was paid in full, or none did yet."""
    decided = rows.Statement.objects.filter(account=account).exclude(paid_in_full=None)
    paid = decided.order_by("-closed_on").values_list("paid_in_full", flat=True).first()
    return paid is not False


def _charge(account: rows.Account, interest: int, day: date) -> None:
    book(
        account,
        kind=Kind.INTEREST,
        amount_minor=interest,
        at=end_of(day),
        key=f"interest:{account.pk}:{day}",
        words=INTEREST,
        channel=FEE_CHANNEL,
    )


def _bill(cycle: Cycle, interest: int) -> rows.Statement:
    """The statement's sums. What raises the balance and is neither fee nor interest counts as bought, a returned
    payment too; what lowers it and is no payment counts as credit.
    """
    amounts = [(Kind(line.kind), line.amount_minor) for line in cycle.lines]
    fees = sum(amount for kind, amount in amounts if kind == Kind.FEE)
    payments = -sum(amount for kind, amount in amounts if kind == Kind.PAYMENT)
    others = [amount for kind, amount in amounts if kind not in (Kind.FEE, Kind.PAYMENT)]
    closing = cycle.opening + interest + sum(amount for _, amount in amounts)
    account = cycle.account
    return rows.Statement.objects.create(
        token=new_token("stm"),
        account=account,
        opened_on=cycle.opened_on,
        closed_on=cycle.closed_on,
        due_on=due_day(cycle.closed_on, account.payment_days),
        opening_minor=cycle.opening,
        purchases_minor=sum(amount for amount in others if amount > 0),
        fees_minor=fees,
        interest_minor=interest,
        payments_minor=payments,
        credits_minor=-sum(amount for amount in others if amount < 0),
        closing_minor=closing,
        minimum_minor=minimum_due(
            closing,
            contested=disputed_minor(account.pk, cycle.closed_on),
            interest=interest,
            fees=fees,
            decimals=Money(0, account.currency).decimals,
            past_due=_past_due(account, cycle.closed_on),
        ),
    )


def _past_due(account: rows.Account, day: date) -> int:
    """What is left of the last minimum at the end of a day after it was due."""
    last = last_statement(account)
    return left_of(last, day).minimum if last is not None and last.due_on <= day else 0


# ------------------------------------------------------------------------------------------------ interest


def interest_of(cycle: Cycle, contested: Sequence[Contested]) -> int:
    """In minor units; contested: the stretches of days whose amounts bear none."""
    return interest_on(
        daily_balances(
            days_of(cycle.opened_on, cycle.closed_on),
            opening=cycle.opening,
            unpaid_interest=_unpaid_interest(cycle),
            movements=[_movement(line) for line in cycle.lines if line.kind != Kind.INTEREST],
            contested=contested,
        ),
        cycle.account.rate,
    )


def _unpaid_interest(cycle: Cycle) -> int:
    before = rows.Statement.objects.filter(account=cycle.account, closed_on__lte=cycle.opened_on)
    columns = ("payments_minor", "interest_minor", "closing_minor")
    return unpaid_interest(before.order_by("closed_on").values_list(*columns))


def _movement(line: rows.Transaction) -> Movement:
    return Movement(posted_on(line), line.amount_minor, is_payment=line.kind == Kind.PAYMENT)


def posted_on(line: rows.Transaction) -> date:
    assert line.posted_at is not None
    return day_of(line.posted_at)


def cycle_of(statement: rows.Statement) -> Cycle:
    """As it was when it closed."""
    lines = rows.Transaction.objects.filter(statement=statement).order_by("posted_at", "id")
    return Cycle(
        statement.account, statement.opened_on, statement.closed_on, statement.opening_minor, list(lines)
    )
