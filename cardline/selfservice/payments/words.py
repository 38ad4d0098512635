"""What is said about payments: where they come from, how they stand, and when they count."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from cardline.cards.queries import AccountSummary
from cardline.issuer.core import (
    Autopay,
    AutopayMode,
    BankAccount,
    BankAccountKind,
    Payment,
    PaymentKind,
    PaymentState,
    PaymentTime,
)
from cardline.issuer.profile import current_profile
from cardline.kit.dates import say_date, say_place, say_when
from cardline.kit.money import format_money

TONES = {PaymentState.POSTED: "good", PaymentState.FAILED: "warn"}


def account_name(held: AccountSummary) -> str:
    """An account by what it is sold as and its first card: "Everyday Card ••4471"."""
    return product_name(held.account.product, held.cards[0].last4 if held.cards else "")


def product_name(product: str, last4: str) -> str:
    return f"{product} ••{last4}" if last4 else product


def kind_name(kind: BankAccountKind) -> str:
    return {BankAccountKind.CHECKING: _("Checking"), BankAccountKind.SAVINGS: _("Savings")}[kind]


def source_name(source: BankAccount) -> str:
    """ "Checking ••0142" """
    return f"{kind_name(source.kind)} ••{source.last4}"


def source_with_bank(source: BankAccount) -> str:
    return f"{source_name(source)}, {source.bank}" if source.bank else source_name(source)


def came_from(payment: Payment) -> str:
    """Where a payment comes from, in a list."""
    if payment.kind == PaymentKind.CHECK:
        return _("Check by mail")
    last4 = {"last4": payment.source_last4}
    if payment.kind == PaymentKind.AUTOPAY:
        return _("Autopay, from ••%(last4)s") % last4
    return _("From ••%(last4)s") % last4


def state_word(payment: Payment) -> str:
    return {
        PaymentState.SCHEDULED: _("Planned"),
        PaymentState.SENT: _("On its way"),
        PaymentState.POSTED: _("Arrived"),
        PaymentState.CANCELLED: _("Not made"),
        PaymentState.FAILED: _("Given back by the bank"),
    }[payment.state]


def is_today(day: date, now: datetime) -> bool:
    return day == now.astimezone(current_profile().zone).date()


def pay_sentence(amount: str, source: str, on: date, now: datetime, language: str) -> str:
    """ "Pay $120.00 from Checking ••0142 on Fri, Nov 27." """
    said = {"amount": amount, "source": source, "day": say_date(on, language, now)}
    if is_today(on, now):
        return _("Pay %(amount)s from %(source)s today, %(day)s.") % said
    return _("Pay %(amount)s from %(source)s on %(day)s.") % said


def counts_sentence(day: date, now: datetime, language: str) -> str:
    return _("It counts as of %(day)s.") % {"day": say_date(day, language, now)}


def until_sentence(on: date, time: PaymentTime, now: datetime, language: str) -> str:
    """What changes at the moment until which the answer of the core holds."""
    said = _until(time, now, language)
    if not is_today(on, now):
        return _("You can cancel it until %(when)s, %(place)s time.") % said
    return _("That holds if you confirm it by %(when)s, %(place)s time; later it counts a day later.") % said


def cut_off_sentence(time: PaymentTime, now: datetime, language: str) -> str:
    """Beside the form: as of when a payment of today counts."""
    said = {**_until(time, now, language), "day": say_date(time.counts_on, language, now)}
    if is_today(time.counts_on, now):
        return _("Confirmed by %(when)s, %(place)s time, a payment counts as of today, %(day)s.") % said
    return _("Today’s cut-off has passed: a payment you confirm now counts as of %(day)s.") % said


def _until(time: PaymentTime, now: datetime, language: str) -> dict[str, str]:
    """The moment by the issuer's clock, and where that clock hangs: not everybody lives there."""
    zone = current_profile().zone
    return {"when": say_when(time.until, zone, language, now), "place": say_place(zone, language)}


def mode_words(autopay: Autopay, language: str) -> str:
    """What it takes, as "Autopay pays …" goes on."""
    if autopay.amount is not None:
        return _("%(amount)s, but never more than is owed") % {
            "amount": format_money(autopay.amount, language)
        }
    return {
        AutopayMode.MINIMUM: _("the minimum of the statement"),
        AutopayMode.FULL: _("the whole statement"),
    }.get(autopay.mode, "")


def next_words(autopay: Autopay, now: datetime, language: str) -> str:
    """What comes next, with its date and amount."""
    if autopay.next_on is None or autopay.next_amount is None:
        return _("Nothing is planned now. It begins with the next statement.")
    return _("Next: %(amount)s on %(day)s.") % {
        "amount": format_money(autopay.next_amount, language),
        "day": say_date(autopay.next_on, language, now),
    }
