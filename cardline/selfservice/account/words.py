"""What the first page says of payments, points and declined charges."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from babel.numbers import format_decimal
from django.utils.translation import gettext as _

from cardline.issuer.core import Authorisation, Decline, Due, Payment, PaymentKind, PaymentState, Rewards
from cardline.issuer.profile import current_profile
from cardline.kit.dates import say_date, say_full_date
from cardline.kit.languages import locale_of
from cardline.kit.money import format_money


def due_words(due: Due, now: datetime, language: str, *, is_late: bool) -> str:
    """What of it has to be paid at the least; "" where that is all of it."""
    said = {
        "amount": format_money(due.minimum, language),
        "day": say_date(due.on, language, now) if due.on else "",
    }
    if is_late:
        return _("At least %(amount)s was due %(day)s. Pay it as soon as you can.") % said
    if due.minimum.amount_minor == 0:
        return _("The minimum is paid.")
    return _("At least %(amount)s of it.") % said if due.minimum != due.statement else ""


def to_come_words(payment: Payment, now: datetime, language: str) -> str:
    said = {"amount": format_money(payment.amount, language), "day": say_date(payment.on, language, now)}
    if payment.state == PaymentState.SENT:
        return _("%(amount)s of %(day)s is on its way to us.") % said
    if payment.kind == PaymentKind.AUTOPAY:
        return _("Autopay pays %(amount)s on %(day)s.") % said
    return _("%(amount)s is planned for %(day)s.") % said


def failed_words(payment: Payment, now: datetime, language: str) -> tuple[str, ...]:
    """What came back and why, and until when that can be mended."""
    said = {"amount": format_money(payment.amount, language), "day": say_date(payment.on, language, now)}
    why = _why_it_came_back(payment.reason)
    mend = ""
    if payment.mend_by and now.astimezone(current_profile().zone).date() <= payment.mend_by:
        by = {"day": say_date(payment.mend_by, language, now)}
        mend = _("Pay it again by %(day)s, and the account stays in good order.") % by
    return tuple(filter(None, (_("Your payment of %(amount)s on %(day)s came back.") % said, why, mend)))


def _why_it_came_back(reason: str) -> str:
    words = {
        "no_funds": _("There was not enough money in the bank account."),
        "account_closed": _("The bank account is closed."),
        "stopped": _("The payment was stopped at your bank."),
    }
    return words.get(reason, _("Your bank gave no reason that we could read."))


def declined_words(asked: Authorisation, now: datetime, language: str, *, several_cards: bool) -> str:
    day = say_date(asked.at.astimezone(current_profile().zone).date(), language, now)
    said = {
        "amount": format_money(asked.amount, language),
        "merchant": asked.merchant,
        "day": day,
        "last4": asked.last4,
    }
    if several_cards:
        return (
            _(
                "A charge of %(amount)s at %(merchant)s, with the card ending %(last4)s, was declined on %(day)s."
            )
            % said
        )
    return _("A charge of %(amount)s at %(merchant)s was declined on %(day)s.") % said


def why_declined(reason: Decline | None) -> str:
    """In plain words, and never that somebody did something wrong."""
    words: Mapping[Decline, str] = {
        Decline.FROZEN: _("The card was frozen. Once you undo the freeze, it can be used again."),
        Decline.CLOSED: _("That card is closed. Use the one that came in its place."),
        Decline.INACTIVE: _("The card was not activated yet."),
        Decline.OVER_LIMIT: _("It was more than there was left to spend."),
        Decline.EXPIRED: _("That card has expired. Use the one that came in its place."),
        Decline.WRONG_CODE: _("The security code or PIN did not match the card."),
        Decline.MERCHANT_STOPPED: _("You asked us to stop this merchant’s charges."),
        Decline.SUSPECTED_FRAUD: _(
            "It looked unlike you, so we stopped it. If it was you, tell us, and it can be tried again."
        ),
    }
    return words.get(reason or Decline.OTHER, _("Ask us, and we look up why."))


def points_words(points: int, language: str) -> str:
    return format_decimal(points, locale=locale_of(language))


def expiring_words(rewards: Rewards, language: str) -> str:
    if rewards.expires_on is None:
        return ""
    said = {
        "points": points_words(rewards.expiring, language),
        "day": say_full_date(rewards.expires_on, language),
    }
    return _("%(points)s of them can be used until %(day)s.") % said
