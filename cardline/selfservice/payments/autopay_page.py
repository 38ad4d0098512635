"""The page of autopay: whether it is on, what comes next, how to change it, and what stopping does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from cardline.issuer.core import Autopay, AutopayMode
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor
from cardline.kit.dates import say_date, say_full_date
from cardline.kit.money import Money, format_money
from cardline.kit.reference import show_reference
from cardline.payments.queries import (
    Bill,
    Written,
    accounts_to_pay,
    bill_of,
    one_of,
    written_about,
)
from cardline.selfservice.payments.forms import AutopayForm
from cardline.selfservice.payments.page import AccountChoice, choices_of
from cardline.selfservice.payments.words import account_name, mode_words, next_words
from cardline.ui.shapes import Fact


@dataclass(frozen=True, slots=True)
class AutopayPage:
    """form: None without a bank account. next: what comes, with date and amount. stops: what stopping does to that.

    disputed: the part it leaves out, "" for none. written: the case in which the last change stands.
    """

    accounts: tuple[AccountChoice, ...]
    account: str
    name: str
    is_on: bool
    words: str
    next: str
    stop_by: str
    stops: str
    disputed: str
    facts: tuple[Fact, ...]
    form: AutopayForm | None
    written: Written | None


def autopay_page(
    actor: Actor,
    now: datetime,
    language: str,
    *,
    account: str = "",
    sent: AutopayForm | None = None,
    source: str = "",
) -> AutopayPage | None:
    """None for somebody who holds no account. sent: the form as it came back; source: a bank account it begins with.

    Raises NotThere, CoreUnknown.
    """
    accounts = accounts_to_pay(actor)
    if not accounts:
        return None
    held = one_of(accounts, account)
    bill = bill_of(actor, held, now.astimezone(current_profile().zone).date())
    autopay = bill.autopay
    written = written_about(actor, bill.account, "autopay.")
    return AutopayPage(
        accounts=choices_of(accounts, held, "autopay"),
        account=bill.account,
        name=account_name(held),
        is_on=autopay is not None,
        words=_words(autopay, language),
        next=next_words(autopay, now, language) if autopay else "",
        stop_by=_stop_by(autopay, now, language) if autopay else "",
        stops=_stops(autopay, now, language) if autopay else "",
        disputed=_disputed(bill.due.disputed, language),
        facts=_facts(autopay, language),
        form=(sent or _form(bill, source)) if bill.sources else None,
        written=Written(show_reference(written.ref), written.subject) if written else None,
    )


def _form(bill: Bill, source: str) -> AutopayForm:
    """As autopay is set, or at its most sensible."""
    form = AutopayForm(None, bill.sources)
    known = [one.token for one in bill.sources]
    form.initial = {"mode": AutopayMode.FULL.value, "source": known[0]}
    if bill.autopay is not None:
        form.initial["mode"] = bill.autopay.mode.value
        if bill.autopay.amount is not None:
            form.initial["amount"] = str(bill.autopay.amount.amount)
        source = source or bill.autopay.source
    if source in known:
        form.initial["source"] = source
    return form


def _words(autopay: Autopay | None, language: str) -> str:
    if autopay is None:
        return _("Autopay is off: you pay each bill yourself.")
    said = {"what": mode_words(autopay, language), "last4": autopay.source_last4}
    return _("Autopay is on: it pays %(what)s from ••%(last4)s on each due date.") % said


def _facts(autopay: Autopay | None, language: str) -> tuple[Fact, ...]:
    if autopay is None:
        return ()
    since = say_full_date(autopay.since.astimezone(current_profile().zone).date(), language)
    return (Fact(_("On since"), since),)


def _stop_by(autopay: Autopay, now: datetime, language: str) -> str:
    """Until when the next payment still hears of a change. Three business days before it the bank is asked."""
    if autopay.next_on is None:
        return ""
    if autopay.stop_by is None:
        return _("The bank has been asked for it already, so a change counts from the payment after it.")
    said = {"day": say_date(autopay.stop_by, language, now)}
    return (
        _(
            "Stop or change it by the end of %(day)s, three business days before, and that counts for this payment."
        )
        % said
    )


def _stops(autopay: Autopay, now: datetime, language: str) -> str:
    if autopay.next_on is None or autopay.next_amount is None:
        return _("Nothing is planned. From then on you pay each bill yourself.")
    said = {
        "amount": format_money(autopay.next_amount, language),
        "day": say_date(autopay.next_on, language, now),
    }
    if autopay.stop_by is None:
        return (
            _("The %(amount)s for %(day)s has gone to the bank and is still taken. After it, nothing is.")
            % said
        )
    return _("The %(amount)s planned for %(day)s is not taken then. Pay it yourself by that day.") % said


def _disputed(disputed: Money, language: str) -> str:
    if not disputed.amount_minor:
        return ""
    return _("%(amount)s is in dispute. Autopay leaves that part out while we look into it.") % {
        "amount": format_money(disputed, language)
    }
