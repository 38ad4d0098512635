"""Payments of the bill: the wish, the asking of the bank, the posting, and the bank's no.

    scheduled ──its day begins──▶ sent ──its value day ends──▶ posted ──the bank gives it back──▶ failed
        └──────cancelled

A payment authorised by 5 pm of the issuer's clock counts as of that day, a later one as of the next, weekends and
holidays too (DOMAIN 11; 15 USC 1666c). A scheduled one counts as of the day it was planned for. It is posted with the
money of its value day when that day ends, and the bank has two business days to give it back.
"""

from __future__ import annotations

from datetime import date, datetime, time

from django.db import transaction
from django.db.models import Min

from cardline.clocks.days import DAY, add_business_days, add_months, business_days_before
from cardline.clocks.local import instant_of
from cardline.issuer import core
from cardline.issuer.core import AlertEvent, Kind, PaymentKind, PaymentState
from cardline.issuer.embedded import ledger
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.banking import bank_account_of
from cardline.issuer.embedded.booking import balance_of, book
from cardline.issuer.embedded.lists import one_after_the_other
from cardline.issuer.embedded.notices import tell
from cardline.issuer.embedded.owed import may_still_pay
from cardline.issuer.embedded.shared import (
    account_held_by,
    day_of,
    end_of,
    first_answer,
    first_time,
    new_token,
    start_of,
)
from cardline.issuer.profile import current_profile
from cardline.kit.money import Money

CUT_OFF = time(17)
MOST_MONTHS_AHEAD = 12
DAYS_TO_GIVE_BACK = 2  # business days a bank has; the usual return window of the clearing house
DAYS_TO_MEND = 5  # business days the holder has after that (Product)
PAYMENT = "payment"  # what such lines are called, and their channel
RETURNED = "payment returned"


class EmbeddedPayments:
    """See cardline.issuer.core.protocol.Billing for units and errors. Changes belong inside a command."""

    def payment_time(self, on: date, *, at: datetime) -> core.PaymentTime:
        if on > day_of(at):
            return core.PaymentTime(counts_on=on, until=end_of(on - DAY))
        today, counts_on = day_of(at), value_day(at)
        cut_off = instant_of(today, CUT_OFF, current_profile().zone)
        return core.PaymentTime(counts_on, until=cut_off if counts_on == today else end_of(today))

    @transaction.atomic
    def pay(
        self, customer: str, *, account: str, source: str, amount: Money, on: date, at: datetime, key: str
    ) -> core.Payment:
        row = account_held_by(customer, account)
        wish = f"pay {account} {source} {amount.amount_minor} {amount.currency} {on}"
        request = first_time(key, wish, at)
        if request is None:
            return payment(_payments().get(token=first_answer(key)))
        bank = bank_account_of(customer, source)
        ledger.lock_accounts([row.pk])
        _check(row, amount, on, day_of(at))
        today = on == day_of(at)
        made = rows.Payment.objects.create(
            token=new_token("pay"),
            account=row,
            source=bank,
            amount_minor=amount.amount_minor,
            kind=PaymentKind.ONCE,
            state=PaymentState.SENT if today else PaymentState.SCHEDULED,
            made_at=at,
            on=on,
            value_on=value_day(at) if today else None,
        )
        request.answer = made.token
        request.save(update_fields=["answer"])
        return payment(made)

    def payments(
        self, customer: str, account: str, *, after: str = "", most: int = 50
    ) -> core.Page[core.Payment]:
        of_account = _payments().filter(account=account_held_by(customer, account))
        to_come = of_account.filter(state=PaymentState.SCHEDULED)
        made = of_account.exclude(state=PaymentState.SCHEDULED)
        lists = ((to_come, ("on", "id")), (made, ("-made_at", "-id")))
        return one_after_the_other(lists, after, most, payment)

    def payment(self, customer: str, token: str) -> core.Payment:
        return payment(_payment_of(customer, token))

    @transaction.atomic
    def cancel_payment(self, customer: str, token: str, *, at: datetime, key: str) -> core.Payment:
        _payment_of(customer, token)
        first_time(key, f"cancel_payment {token}", at)
        cancel(rows.Payment.objects.filter(token=token))
        row = _payment_of(customer, token)
        if row.state != PaymentState.CANCELLED:
            raise core.CoreRefused("too_late")
        return payment(row)


def value_day(at: datetime) -> date:
    """As of which day a payment counts that is authorised at this moment."""
    local = at.astimezone(current_profile().zone)
    return local.date() if local.time() <= CUT_OFF else local.date() + DAY


def cancel(found: rows.models.QuerySet[rows.Payment]) -> int:
    """Those of them that were not sent yet."""
    return found.filter(state=PaymentState.SCHEDULED).update(state=PaymentState.CANCELLED)


def _check(account: rows.Account, amount: Money, on: date, today: date) -> None:
    if amount.currency != account.currency:
        raise core.CoreRefused("wrong_currency")
    if amount.amount_minor <= 0:
        raise core.CoreRefused("not_positive")
    if on < today:
        raise core.CoreRefused("past")
    if on > add_months(today, MOST_MONTHS_AHEAD):
        raise core.CoreRefused("too_far")
    if amount.amount_minor > may_still_pay(account):
        raise core.CoreRefused("too_much")


def receive_check(account: str, *, amount_minor: int, at: datetime, key: str) -> rows.Payment:
    """A check that came by mail, inside a command: it counts as of the day it arrives, not when it is collected.

    Nobody can refuse an envelope: what is above the debt stands to the holders' credit. Raises CoreNotFound,
    CoreRefused("not_positive").
    """
    row = rows.Account.objects.filter(token=account).first()
    if row is None:
        raise core.CoreNotFound(account)
    if amount_minor <= 0:
        raise core.CoreRefused("not_positive")
    request = first_time(key, f"check {account} {amount_minor}", at)
    if request is None:
        return _payments().get(token=first_answer(key))
    received = rows.Payment.objects.create(
        token=new_token("pay"),
        account=row,
        amount_minor=amount_minor,
        kind=PaymentKind.CHECK,
        state=PaymentState.SENT,
        made_at=at,
        on=day_of(at),
        value_on=value_day(at),
    )
    request.answer = received.token
    request.save(update_fields=["answer"])
    return received


# ------------------------------------------------------------------------------------------ what days bring


def send_scheduled(day: date) -> int:
    """Ask the banks for what was planned for this day, which begins. What is no longer owed by now is left out."""
    due = _payments().filter(state=PaymentState.SCHEDULED, on__lte=day).exclude(kind=PaymentKind.AUTOPAY)
    return sum(send(row, row.amount_minor) for row in due.order_by("on", "id"))


def send(row: rows.Payment, wanted: int) -> bool:
    """Ask the bank for so much of it, and never for more than is owed; cancelled when that is nothing."""
    ledger.lock_accounts([row.account_id])
    amount = min(wanted, may_still_pay(row.account))
    mine = rows.Payment.objects.filter(pk=row.pk)
    if amount <= 0:
        return bool(cancel(mine))
    planned = mine.filter(state=PaymentState.SCHEDULED)
    return bool(planned.update(state=PaymentState.SENT, value_on=row.on, amount_minor=amount))


def post_sent(day: date) -> int:
    """Post what counts as of this day, which has ended, or as of one before."""
    due = _payments().filter(state=PaymentState.SENT, value_on__lte=day)
    return sum(_post(row) for row in due.order_by("value_on", "id"))


def _post(row: rows.Payment) -> bool:
    assert row.value_on is not None
    ledger.lock_accounts([row.account_id])
    amount = row.amount_minor
    if row.kind == PaymentKind.AUTOPAY:  # what was refunded since the bank was asked is not taken
        amount = min(amount, balance_of(row.account))
    sent = rows.Payment.objects.filter(pk=row.pk, state=PaymentState.SENT)
    if amount <= 0:
        return bool(sent.update(state=PaymentState.CANCELLED))
    pays = row.statement or _what_it_pays(row.account, row.value_on)
    if not sent.update(state=PaymentState.POSTED, amount_minor=amount, statement=pays):
        return False
    at = max(row.made_at, start_of(row.value_on))
    book(
        row.account,
        kind=Kind.PAYMENT,
        amount_minor=-amount,
        at=at,
        key=row.token,
        words=PAYMENT,
        channel=PAYMENT,
    )
    tell(row.account, AlertEvent.PAYMENT_POSTED, about=row.token, at=at, amount_minor=amount)
    return True


def _what_it_pays(account: rows.Account, value_on: date) -> rows.Statement | None:
    """The statement of a failed payment that can still be mended, else the last one closed before its day."""
    to_mend = _payments().filter(account=account, state=PaymentState.FAILED, mend_by__gte=value_on)
    failed = to_mend.exclude(statement=None).order_by("mend_by", "id").first()
    if failed is not None:
        return failed.statement
    billed = rows.Statement.objects.filter(account=account, closed_on__lt=value_on)
    return billed.order_by("-closed_on").first()


def hear_from_banks(day: date) -> int:
    """Take back what banks give back on this day, which has ended: the second business day after the value day."""
    calendar = current_profile().calendar
    if not calendar.is_business_day(day):
        return 0
    given_back = _payments().filter(
        state=PaymentState.POSTED,
        value_on__gte=business_days_before(day, DAYS_TO_GIVE_BACK, calendar),
        value_on__lt=business_days_before(day, DAYS_TO_GIVE_BACK - 1, calendar),
    )
    return sum(_fail(row, day) for row in given_back.exclude(source=None).exclude(source__answers=""))


def _fail(row: rows.Payment, day: date) -> bool:
    assert row.source is not None
    posted = rows.Payment.objects.filter(pk=row.pk, state=PaymentState.POSTED)
    mend_by = _mend_by(row, day)
    if not posted.update(state=PaymentState.FAILED, reason=row.source.answers, mend_by=mend_by):
        return False
    book(
        row.account,
        kind=Kind.PAYMENT_RETURNED,
        amount_minor=row.amount_minor,
        at=end_of(day),
        key=f"{row.token}:returned",
        words=RETURNED,
        channel=PAYMENT,
    )
    tell(
        row.account, AlertEvent.PAYMENT_FAILED, about=row.token, at=end_of(day), amount_minor=row.amount_minor
    )
    return True


def _mend_by(row: rows.Payment, day: date) -> date:
    """Never before the statement is due; a second failure gives no more time than the first one did."""
    wanted = add_business_days(day, DAYS_TO_MEND, current_profile().calendar)
    if row.statement is None:
        return wanted
    first = row.statement.paid_by.filter(state=PaymentState.FAILED).aggregate(day=Min("mend_by"))["day"]
    return max(day, first) if first else max(wanted, row.statement.due_on)


# --------------------------------------------------------------------------------- in the protocol's words


def payment(row: rows.Payment) -> core.Payment:
    return core.Payment(
        token=row.token,
        account=row.account.token,
        source=row.source.token if row.source else "",
        source_last4=row.source.last4 if row.source else "",
        amount=Money(row.amount_minor, row.account.currency),
        kind=PaymentKind(row.kind),
        state=PaymentState(row.state),
        made_at=row.made_at,
        on=row.on,
        value_on=row.value_on,
        reason=row.reason,
        mend_by=row.mend_by,
    )


def _payment_of(customer: str, token: str) -> rows.Payment:
    found = _payments().filter(account__holders__customer__number=customer, token=token).first()
    if found is None:
        raise core.CoreNotFound(token)
    return found


def _payments() -> rows.models.QuerySet[rows.Payment]:
    return rows.Payment.objects.select_related("account", "source", "statement")
