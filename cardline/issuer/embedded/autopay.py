"""Autopay: a payment planned with each statement for its due date.

The bank is asked when the three business days before that date begin (`z.autopay_stop`). Until then a stop, another
mode or a dispute changes what will be taken; afterwards the payment is on its way.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from cardline.clocks.days import DAY
from cardline.issuer import core
from cardline.issuer.core import AutopayMode, PaymentKind, PaymentState
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.banking import bank_account_of
from cardline.issuer.embedded.booking import balance_of
from cardline.issuer.embedded.cycle import last_day_to_stop
from cardline.issuer.embedded.disputes import disputed_minor
from cardline.issuer.embedded.owed import last_statement, left_of, wished_by
from cardline.issuer.embedded.payments import cancel, send
from cardline.issuer.embedded.shared import account_held_by, day_of, first_time, new_token
from cardline.issuer.profile import current_profile
from cardline.kit.money import Money

# Three business days are never further away than this, long holidays included.
LONGEST_NOTICE = timedelta(14)


class EmbeddedAutopay:
    """See cardline.issuer.core.protocol.Billing for units and errors. Changes belong inside a command."""

    def autopay(self, customer: str, account: str) -> core.Autopay | None:
        row = _autopays().filter(account=account_held_by(customer, account)).first()
        return _said(row) if row else None

    @transaction.atomic
    def set_autopay(
        self,
        customer: str,
        *,
        account: str,
        source: str,
        mode: AutopayMode,
        amount: Money | None,
        at: datetime,
        key: str,
    ) -> core.Autopay:
        owner = account_held_by(customer, account)
        fixed = _fixed_amount(owner, mode, amount)
        wish = rows.Autopay(account=owner, mode=mode, amount_minor=fixed, since=at)
        if first_time(key, f"set_autopay {account} {source} {mode} {fixed}", at):
            wish.source = bank_account_of(customer, source)
            _replace(wish, at)
            return _said(wish)
        now = _autopays().filter(account=owner).first()
        if now is None:  # stopped since; what was answered then is answered again
            wish.source = rows.BankAccount.objects.get(customer__number=customer, token=source)
        return _said(now or wish)

    @transaction.atomic
    def stop_autopay(self, customer: str, account: str, *, at: datetime, key: str) -> None:
        owner = account_held_by(customer, account)
        if first_time(key, f"stop_autopay {account}", at):
            rows.Autopay.objects.filter(account=owner).delete()
            cancel(_planned(owner))


def _fixed_amount(account: rows.Account, mode: AutopayMode, amount: Money | None) -> int | None:
    if mode != AutopayMode.FIXED:
        return None
    if amount is None or amount.amount_minor <= 0:
        raise core.CoreRefused("not_positive")
    if amount.currency != account.currency:
        raise core.CoreRefused("wrong_currency")
    return amount.amount_minor


def _replace(wish: rows.Autopay, at: datetime) -> None:
    rows.Autopay.objects.filter(account=wish.account).delete()
    wish.save()
    cancel(_planned(wish.account))
    statement = last_statement(wish.account)
    if statement and statement.due_on > day_of(at):
        plan(statement, at)


# ----------------------------------------------------------------------------------------- with each statement


def plan(statement: rows.Statement, at: datetime) -> bool:
    """Plan the payment of a statement for its due date, where its holders want that and something is to be paid.

    What they mean to pay themselves is taken off when the bank is asked: it may yet be cancelled, or fail.
    """
    autopay = _autopays().filter(account=statement.account_id).first()
    of_it = statement.paid_by.filter(kind=PaymentKind.AUTOPAY).exclude(state=PaymentState.CANCELLED)
    if autopay is None or of_it.exists():
        return False
    amount = wanted(autopay, statement, day_of(at), own=0)
    if not amount:
        return False
    rows.Payment.objects.create(
        token=new_token("pay"),
        account=autopay.account,
        source=autopay.source,
        amount_minor=amount,
        kind=PaymentKind.AUTOPAY,
        state=PaymentState.SCHEDULED,
        made_at=at,
        on=statement.due_on,
        statement=statement,
    )
    return True


def wanted(autopay: rows.Autopay, statement: rows.Statement, day: date, own: int | None = None) -> int:
    """What it should take for a statement, as things stood at the end of a day: without what is contested, and never
    more than is owed. own: what the holders pay themselves by the due date; left out, as they have planned it.
    """
    if own is None:
        own = wished_by(autopay.account, statement.due_on)
    left = left_of(statement, day)
    if autopay.mode == AutopayMode.MINIMUM:
        return max(0, left.minimum - own)
    if autopay.mode == AutopayMode.FULL:
        return max(0, left.statement - own)
    owed = balance_of(autopay.account) - disputed_minor(autopay.account_id, day)
    return max(0, min(autopay.amount_minor or 0, owed - own))


def send_planned(day: date) -> int:
    """Ask the banks for what is due so soon that, as this day begins, a notice comes too late."""
    calendar = current_profile().calendar
    planned = rows.Payment.objects.filter(
        kind=PaymentKind.AUTOPAY, state=PaymentState.SCHEDULED, on__lte=day + LONGEST_NOTICE
    ).select_related("account", "statement")
    return sum(
        _send(row, day - DAY)
        for row in planned.order_by("on", "id")
        if last_day_to_stop(row.on, calendar) < day
    )


def _send(row: rows.Payment, day: date) -> bool:
    """day: the last one whose notices and payments still count."""
    autopay = _autopays().filter(account=row.account_id).first()
    assert autopay is not None and row.statement is not None  # stopping cancels what was planned
    return send(row, wanted(autopay, row.statement, day))


# --------------------------------------------------------------------------------- in the protocol's words


def _said(row: rows.Autopay) -> core.Autopay:
    currency = row.account.currency
    coming = rows.Payment.objects.filter(
        account=row.account_id,
        kind=PaymentKind.AUTOPAY,
        state__in=(PaymentState.SCHEDULED, PaymentState.SENT),
    ).select_related("statement")
    following = coming.order_by("on").first()
    amount = following and _amount(row, following)
    return core.Autopay(
        account=row.account.token,
        source=row.source.token,
        source_last4=row.source.last4,
        mode=AutopayMode(row.mode),
        since=row.since,
        amount=None if row.amount_minor is None else Money(row.amount_minor, currency),
        next_on=following.on if following and amount else None,
        next_amount=Money(amount, currency) if amount else None,
        stop_by=_stop_by(following) if following and amount else None,
    )


def _stop_by(following: rows.Payment) -> date | None:
    if following.state == PaymentState.SENT:
        return None
    return last_day_to_stop(following.on, current_profile().calendar)


def _amount(autopay: rows.Autopay, planned: rows.Payment) -> int:
    """As things stand: a refund or a dispute since the planning is seen at once."""
    if planned.state == PaymentState.SENT or planned.statement is None:
        return planned.amount_minor
    return wanted(autopay, planned.statement, planned.on)


def _planned(account: rows.Account) -> rows.models.QuerySet[rows.Payment]:
    return rows.Payment.objects.filter(account=account, kind=PaymentKind.AUTOPAY)


def _autopays() -> rows.models.QuerySet[rows.Autopay]:
    return rows.Autopay.objects.select_related("account", "source")
