"""One payment: the question before it is made, and its own page, which is its receipt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from cardline.issuer.core import Payment, PaymentKind, PaymentState
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor
from cardline.kit.dates import say_date, say_full_date, say_fully
from cardline.kit.money import Money, format_money
from cardline.kit.reference import show_reference
from cardline.kit.refusals import NotThere
from cardline.payments.queries import (
    Bill,
    Written,
    accounts_to_pay,
    autopay_of,
    bank_accounts_of,
    payment_of,
    payment_time,
    written_about,
)
from cardline.selfservice.payments.page import pay_again_url
from cardline.selfservice.payments.words import (
    TONES,
    account_name,
    came_from,
    counts_sentence,
    is_today,
    pay_sentence,
    source_name,
    source_with_bank,
    state_word,
    until_sentence,
)
from cardline.ui.payment_entries import failure_words
from cardline.ui.shapes import Fact, Link


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """Everything that is agreed to, once more. account, source, minor, on, counts_on: as the press sends them back.

    late: that it counts after the due date, "" where it is in time.
    """

    title: str
    sentence: str
    counts: str
    until: str
    late: str
    facts: tuple[Fact, ...]
    button: str
    account: str
    source: str
    amount: str
    on: str
    counts_on: str


@dataclass(frozen=True, slots=True)
class PaymentPage:
    """again: the way to pay the same again, where that makes sense. cancel_until: a sentence, "" where nobody knows."""

    token: str
    title: str
    state: str
    tone: str
    lines: tuple[str, ...]
    facts: tuple[Fact, ...]
    written: Written | None
    actions: tuple[Link, ...]
    can_cancel: bool
    cancel_until: str
    again: str
    again_label: str


def review_page(bill: Bill, source: str, money: Money, on: date, now: datetime, language: str) -> ReviewPage:
    """source, money, on: as the form was filled in. Raises NotThere for a bank account of nobody's or another's."""
    bank = next((one for one in bill.sources if one.token == source), None)
    if bank is None:
        raise NotThere()
    time = payment_time(on, now)
    amount = format_money(money, language)
    today = is_today(on, now)
    title = _("Pay %(amount)s?") if today else _("Plan a payment of %(amount)s?")
    button = _("Pay %(amount)s") if today else _("Plan %(amount)s")
    return ReviewPage(
        title=title % {"amount": amount},
        sentence=pay_sentence(amount, source_name(bank), on, now, language),
        counts=counts_sentence(time.counts_on, now, language),
        until=until_sentence(on, time, now, language),
        late=_late(bill, time.counts_on, now, language),
        facts=(Fact(_("For"), account_name(bill.held)), Fact(_("From"), source_with_bank(bank))),
        button=button % {"amount": amount},
        account=bill.account,
        source=source,
        amount=str(money.amount),
        on=on.isoformat(),
        counts_on=time.counts_on.isoformat(),
    )


def payment_page(actor: Actor, token: str, now: datetime, language: str) -> PaymentPage:
    """Raises NotThere, CoreUnknown."""
    payment = payment_of(actor, token)
    written = written_about(actor, token)
    can_cancel = payment.state == PaymentState.SCHEDULED
    return PaymentPage(
        token=token,
        title=_title(payment, language),
        state=state_word(payment),
        tone=TONES.get(payment.state, ""),
        lines=_lines(payment, now, language),
        facts=_facts(actor, payment, language),
        written=Written(show_reference(written.ref), written.subject) if written else None,
        actions=_actions(written),
        can_cancel=can_cancel,
        cancel_until=_cancel_until(actor, payment, now, language) if can_cancel else "",
        again=_again(payment),
        again_label=_("Plan it again") if payment.state == PaymentState.CANCELLED else _("Pay again"),
    )


def _late(bill: Bill, counts_on: date, now: datetime, language: str) -> str:
    due = bill.due.on
    if due is None or counts_on <= due or not bill.left.statement.amount_minor:
        return ""
    said = {"day": say_date(due, language, now)}
    return _("The bill is due on %(day)s, so this is late: a fee or interest may be added.") % said


def _title(payment: Payment, language: str) -> str:
    said = {"amount": format_money(payment.amount, language)}
    return {
        PaymentState.SCHEDULED: _("Planned: %(amount)s"),
        PaymentState.SENT: _("Paid: %(amount)s"),
        PaymentState.POSTED: _("Paid: %(amount)s"),
        PaymentState.CANCELLED: _("Not made: %(amount)s"),
        PaymentState.FAILED: _("Came back: %(amount)s"),
    }[payment.state] % said


def _lines(payment: Payment, now: datetime, language: str) -> tuple[str, ...]:
    """How it stands and what happens next, in sentences."""
    day = {"day": say_date(payment.on, language, now)}
    if payment.state == PaymentState.SCHEDULED:
        if payment.kind == PaymentKind.AUTOPAY:
            return (_("Autopay makes it on %(day)s, and it counts as of that day.") % day,)
        return (_("It is made on %(day)s, and it counts as of that day.") % day,)
    if payment.state == PaymentState.CANCELLED:
        return (_("Nothing is taken from your bank account."),)
    counts = counts_sentence(payment.value_on or payment.on, now, language)
    if payment.state == PaymentState.SENT:
        return (counts, _("We have asked your bank for it. You need do nothing more."))
    if payment.state == PaymentState.POSTED:
        return (counts,)
    return (failure_words(payment.reason), _mend(payment, now, language))


def _cancel_until(actor: Actor, payment: Payment, now: datetime, language: str) -> str:
    """A payment of autopay goes to the bank some days before its own."""
    if payment.kind != PaymentKind.AUTOPAY:
        return until_sentence(payment.on, payment_time(payment.on, now), now, language)
    autopay = autopay_of(actor, payment.account)
    if autopay is None or autopay.stop_by is None:
        return ""
    return _("You can cancel it until the end of %(day)s.") % {
        "day": say_date(autopay.stop_by, language, now)
    }


def _mend(payment: Payment, now: datetime, language: str) -> str:
    """Until when another payment keeps the account in time, or that this time has passed."""
    owed_again = _("The amount is owed again.")
    if payment.mend_by is None or payment.mend_by < now.astimezone(current_profile().zone).date():
        return owed_again
    in_time = _("Pay again by %(day)s, and you are in time.") % {
        "day": say_date(payment.mend_by, language, now)
    }
    return f"{owed_again} {in_time}"


def _facts(actor: Actor, payment: Payment, language: str) -> tuple[Fact, ...]:
    counts_on = payment.value_on or payment.on
    was_made = payment.state not in (PaymentState.SCHEDULED, PaymentState.CANCELLED)
    facts = (
        Fact(_("Amount"), format_money(payment.amount, language)),
        Fact(_("From"), _source(actor, payment)),
        Fact(_("For"), _account(actor, payment)),
        Fact(_("Day"), say_full_date(payment.on, language)),
        Fact(_("Counts as of"), say_full_date(counts_on, language) if was_made else ""),
        Fact(_("Asked for"), say_fully(payment.made_at, current_profile().zone, language)),
    )
    return tuple(fact for fact in facts if fact.value)


def _source(actor: Actor, payment: Payment) -> str:
    """By its bank while it is known; a removed one by its last four."""
    known = {one.token: one for one in bank_accounts_of(actor)}
    if payment.source in known:
        return source_with_bank(known[payment.source])
    return came_from(payment)


def _account(actor: Actor, payment: Payment) -> str:
    held = {one.account.token: one for one in accounts_to_pay(actor)}
    return account_name(held[payment.account]) if payment.account in held else ""


def _actions(written: Written | None) -> tuple[Link, ...]:
    if written is None:
        return ()
    return (Link(_("The whole record"), reverse("case", args=[show_reference(written.ref)]), "file"),)


def _again(payment: Payment) -> str:
    can_be_repeated = payment.state in (PaymentState.FAILED, PaymentState.CANCELLED)
    return pay_again_url(payment) if can_be_repeated and payment.kind != PaymentKind.CHECK else ""
