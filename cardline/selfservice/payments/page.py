"""The page of payments: what is due, the form to pay it, what is on its way, and what was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from cardline.cards.queries import AccountSummary
from cardline.issuer.core import Payment, PaymentState
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor
from cardline.kit.dates import say_date
from cardline.kit.money import Money, format_money
from cardline.payments.queries import (
    Bill,
    accounts_to_pay,
    bill_of,
    one_of,
    payment_of,
    payment_time,
    payments_made,
)
from cardline.selfservice.payments.forms import OTHER, PayForm
from cardline.selfservice.payments.words import (
    TONES,
    account_name,
    came_from,
    cut_off_sentence,
    mode_words,
    next_words,
    source_with_bank,
    state_word,
)
from cardline.ui.payment_entries import failure_words
from cardline.ui.shapes import Fact

A_PAGE = 12


@dataclass(frozen=True, slots=True)
class AccountChoice:
    """One of several accounts."""

    name: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class DueBox:
    """amount: what is left of the statement, "" where there is none yet. nothing: what is said where nothing is due."""

    amount: str
    by: str
    facts: tuple[Fact, ...]
    nothing: str
    disputed: str


@dataclass(frozen=True, slots=True)
class FailedNote:
    """A payment that came back and can still be mended."""

    words: str
    mend: str
    url: str
    again_url: str


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """cancel_url: "" for what cannot be taken back any more."""

    token: str
    title: str
    line: str
    amount: str
    state: str
    tone: str
    url: str
    cancel_url: str


@dataclass(frozen=True, slots=True)
class AutopayGlance:
    words: str
    next: str
    url: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class PaymentsPage:
    """form: None where there is nothing to pay, or no bank account to pay from.

    older, newest: addresses, "" where there is nothing behind them.
    """

    accounts: tuple[AccountChoice, ...]
    account: str
    name: str
    due: DueBox
    failed: tuple[FailedNote, ...]
    form: PayForm | None
    can_owe: bool
    cut_off: str
    coming: tuple[PaymentRow, ...]
    history: tuple[PaymentRow, ...]
    older: str
    newest: str
    autopay: AutopayGlance
    sources: tuple[str, ...]


def payments_page(
    actor: Actor,
    now: datetime,
    language: str,
    *,
    account: str = "",
    after: str = "",
    again: str = "",
    source: str = "",
    sent: Any = None,
) -> PaymentsPage | None:
    """None for somebody who holds no account: the bill is another's.

    account: which of several. after: a page of the history. again: a payment whose amount and bank account the form
    begins with. source: a bank account it begins with. sent: the form as it came back, with what is wrong in it.
    Raises NotThere, CoreUnknown.
    """
    accounts = accounts_to_pay(actor)
    if not accounts:
        return None
    before = payment_of(actor, again) if again else None
    held = one_of(accounts, account or (before.account if before else ""))
    bill = bill_of(actor, held, _today(now))
    history = payments_made(actor, bill.account, after=after, most=A_PAGE)
    kept = {"account": bill.account} if len(accounts) > 1 else {}
    form = sent or _new_form(bill, now, language, before=before, source=source)
    has_to_pay = bill.left.most.amount_minor > 0
    return PaymentsPage(
        accounts=choices_of(accounts, held, "payments"),
        account=bill.account,
        name=account_name(held),
        due=_due(bill, now, language),
        failed=tuple(_failed(one, now, language) for one in bill.failed),
        form=form if bill.sources and has_to_pay else None,
        can_owe=has_to_pay,
        cut_off=cut_off_sentence(payment_time(_today(now), now), now, language),
        coming=tuple(_row(one, now, language) for one in bill.coming),
        history=tuple(_row(one, now, language) for one in history.items),
        older=_address({**kept, "after": history.next}) if history.next else "",
        newest=_address(kept) if after else "",
        autopay=_autopay(bill, kept, now, language),
        sources=tuple(source_with_bank(one) for one in bill.sources),
    )


def form_of(actor: Actor, sent: Any, account: str, now: datetime, language: str) -> tuple[PayForm, Bill]:
    """The form as it was sent, with the bill it is about. Raises NotThere, CoreUnknown."""
    bill = bill_of(actor, one_of(accounts_to_pay(actor), account), _today(now))
    return PayForm(sent, bill, _today(now), language), bill


def choices_of(accounts: list[AccountSummary], held: AccountSummary, page: str) -> tuple[AccountChoice, ...]:
    """Where there are several accounts, each with the same page for it."""
    if len(accounts) < 2:
        return ()
    return tuple(
        AccountChoice(
            name=account_name(one),
            url=f"{reverse(page)}?{urlencode({'account': one.account.token})}",
            current=one is held,
        )
        for one in accounts
    )


def _new_form(bill: Bill, now: datetime, language: str, *, before: Payment | None, source: str) -> PayForm:
    """before: a payment to make once more."""
    form = PayForm(None, bill, _today(now), language)
    first = next(iter(form.presets), OTHER)
    known = [one.token for one in bill.sources]
    initial: dict[str, Any] = {"what": first, "on": _today(now), "source": known[0] if known else ""}
    if before is not None:
        initial |= _as_before(before, form.presets)
        source = before.source
    if source in known:
        initial["source"] = source
    form.initial = initial
    return form


def _as_before(payment: Payment, presets: dict[str, Money]) -> dict[str, Any]:
    """What a payment was, as the form says it."""
    for name, amount in presets.items():
        if amount == payment.amount:
            return {"what": name}
    return {"what": OTHER, "amount": str(payment.amount.amount)}


def _due(bill: Bill, now: datetime, language: str) -> DueBox:
    due, left = bill.due, bill.left
    facts = [
        Fact(_("Minimum"), format_money(left.minimum, language)) if left.statement.amount_minor else None,
        _balance(due.balance, language),
        _on_its_way(bill, language),
    ]
    return DueBox(
        amount=format_money(left.statement, language) if due.on else "",
        by=say_date(due.on, language, now) if due.on and left.statement.amount_minor else "",
        facts=tuple(fact for fact in facts if fact),
        nothing=_nothing_due(bill, now, language),
        disputed=_disputed(due.disputed, language),
    )


def _balance(balance: Money, language: str) -> Fact:
    if balance.amount_minor < 0:
        return Fact(_("To your credit"), format_money(-balance, language))
    return Fact(_("All that is owed"), format_money(balance, language))


def _on_its_way(bill: Bill, language: str) -> Fact | None:
    coming = [one.amount for one in bill.coming]
    if not coming:
        return None
    return Fact(_("On its way"), format_money(sum(coming[1:], coming[0]), language))


def _nothing_due(bill: Bill, now: datetime, language: str) -> str:
    if bill.due.on is None:
        return _("There is no statement yet, so nothing is due.")
    if bill.left.statement.amount_minor:
        return ""
    if bill.due.statement.amount_minor:
        day = {"day": say_date(bill.due.on, language, now)}
        return _("What is on its way covers the bill that is due on %(day)s. You need do nothing more.") % day
    if bill.due.balance.amount_minor <= 0:
        return _("Nothing is due, and nothing is owed.")
    return _("Nothing is due. What you use the card for now is on the next statement.")


def _disputed(disputed: Money, language: str) -> str:
    if not disputed.amount_minor:
        return ""
    return _("%(amount)s is in dispute. You need not pay that part while we look into it.") % {
        "amount": format_money(disputed, language)
    }


def _failed(payment: Payment, now: datetime, language: str) -> FailedNote:
    said = {
        "amount": format_money(payment.amount, language),
        "last4": payment.source_last4,
        "day": say_date(payment.on, language, now),
    }
    words = _("Your payment of %(amount)s from ••%(last4)s, made on %(day)s, came back.") % said
    mend = _("Pay again by %(day)s, and you are in time.") % {
        "day": say_date(payment.mend_by or payment.on, language, now)
    }
    return FailedNote(
        words=f"{words} {failure_words(payment.reason)}",
        mend=mend,
        url=reverse("payment", args=[payment.token]),
        again_url=pay_again_url(payment),
    )


def pay_again_url(payment: Payment) -> str:
    """The form with what this payment was."""
    return f"{reverse('payments')}?{urlencode({'again': payment.token})}#pay"


def _row(payment: Payment, now: datetime, language: str) -> PaymentRow:
    can_cancel = payment.state == PaymentState.SCHEDULED
    return PaymentRow(
        token=payment.token,
        title=say_date(payment.on, language, now),
        line=came_from(payment),
        amount=format_money(payment.amount, language),
        state=state_word(payment),
        tone=TONES.get(payment.state, ""),
        url=reverse("payment", args=[payment.token]),
        cancel_url=reverse("payment_cancellation", args=[payment.token]) if can_cancel else "",
    )


def _autopay(bill: Bill, kept: dict[str, str], now: datetime, language: str) -> AutopayGlance:
    url = reverse("autopay") + (f"?{urlencode(kept)}" if kept else "")
    if bill.autopay is None:
        words = _("It is off. Turned on, it pays the bill by itself on each due date.")
        return AutopayGlance(words=words, next="", url=url, is_on=False)
    said = {"what": mode_words(bill.autopay, language), "last4": bill.autopay.source_last4}
    return AutopayGlance(
        words=_("It pays %(what)s from ••%(last4)s on each due date.") % said,
        next=next_words(bill.autopay, now, language),
        url=url,
        is_on=True,
    )


def _address(query: dict[str, str]) -> str:
    return reverse("payments") + (f"?{urlencode(query)}" if query else "")


def _today(now: datetime) -> date:
    return now.astimezone(current_profile().zone).date()
