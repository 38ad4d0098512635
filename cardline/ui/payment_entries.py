"""Entries about payments and autopay as sentences (see entries.py), and why a bank gave a payment back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cardline.kit.dates import say_date
from cardline.kit.money import Money, format_money

if TYPE_CHECKING:
    from cardline.ui.entries import _Told


def failure_words(reason: str) -> str:
    """A core's word for why a payment came back, as a sentence."""
    return {
        "no_funds": _("There was not enough money in the bank account."),
        "account_closed": _("The bank says that this account is closed."),
        "stopped": _("The payment was stopped at the bank."),
    }.get(reason, _("The bank gave it back without a reason that we can name."))


def made(told: _Told) -> str:
    said = {**_said(told), "on": _day(told, "on"), "counts": _day(told, "counts_on")}
    if told.data.get("state") == "scheduled":
        words = (
            _("%(name)s planned a payment of %(amount)s from the bank account ending %(last4)s for %(on)s")
            if told.to_staff
            else _("You planned a payment of %(amount)s from the bank account ending %(last4)s for %(on)s")
        )
        return words % said
    words = (
        _("%(name)s paid %(amount)s from the bank account ending %(last4)s. It counts as of %(counts)s")
        if told.to_staff
        else _("You paid %(amount)s from the bank account ending %(last4)s. It counts as of %(counts)s")
    )
    return words % said


def cancelled(told: _Told) -> str:
    words = (
        _("%(name)s cancelled the payment of %(amount)s that was planned for %(on)s")
        if told.to_staff
        else _("You cancelled the payment of %(amount)s that was planned for %(on)s")
    )
    return words % {**_said(told), "on": _day(told, "on")}


def failed(told: _Told) -> str:
    said = {**_said(told), "why": failure_words(str(told.data.get("reason", "")))}
    came_back = _("The bank gave the payment of %(amount)s back. %(why)s") % said
    if "mend_by" not in told.data:
        return came_back
    said["day"] = _day(told, "mend_by")
    in_time = (
        _("Paid again by %(day)s, it is in time.")
        if told.to_staff
        else _("Pay again by %(day)s, and you are in time.")
    )
    return f"{came_back} {in_time % said}"


def not_made(told: _Told) -> str:
    return _(
        "The payment of %(amount)s was not made: it was cancelled, or nothing was owed any more on its day"
    ) % _said(told)


def autopay_set(told: _Told) -> str:
    mode = {
        "minimum": (
            _("You set autopay to pay the minimum on each due date, from the bank account ending %(last4)s"),
            _(
                "%(name)s set autopay to pay the minimum on each due date, from the bank account ending %(last4)s"
            ),
        ),
        "fixed": (
            _("You set autopay to pay %(amount)s on each due date, from the bank account ending %(last4)s"),
            _(
                "%(name)s set autopay to pay %(amount)s on each due date, from the bank account ending %(last4)s"
            ),
        ),
    }
    whole = (
        _(
            "You set autopay to pay the whole statement on each due date, from the bank account ending %(last4)s"
        ),
        _(
            "%(name)s set autopay to pay the whole statement on each due date, from the bank account ending"
            " %(last4)s"
        ),
    )
    return mode.get(str(told.data.get("mode")), whole)[told.to_staff] % _said(told)


def autopay_stopped(told: _Told) -> str:
    stopped = (_("%(name)s stopped autopay") if told.to_staff else _("You stopped autopay")) % _said(told)
    if "next_on" not in told.data:
        return stopped
    said = {"day": _day(told, "next_on"), "amount": _money(told, "next_minor")}
    what_comes = (
        _("The payment of %(amount)s for %(day)s had gone to the bank and is still made.")
        if told.data.get("too_late")
        else _("The payment of %(amount)s planned for %(day)s is not made.")
    )
    return f"{stopped}. {what_comes % said}"


KINDS: Mapping[str, tuple[str, Callable[[_Told], str]]] = {
    "payment.made": ("pay", made),
    "payment.cancelled": ("close", cancelled),
    "payment.failed": ("alert", failed),
    "payment.not_made": ("close", not_made),
    "autopay.set": ("check", autopay_set),
    "autopay.stopped": ("close", autopay_stopped),
}


def _said(told: _Told) -> dict[str, str]:
    return {
        "name": told.member_side,
        "amount": _money(told, "amount_minor"),
        "last4": str(told.data.get("last4", "")),
    }


def _money(told: _Told, key: str) -> str:
    minor, currency = told.data.get(key), told.data.get("currency")
    if not isinstance(minor, int) or not isinstance(currency, str):
        return ""
    return format_money(Money(minor, currency), told.language)


def _day(told: _Told, key: str) -> str:
    written = told.data.get(key)
    return say_date(date.fromisoformat(written), told.language, told.now) if isinstance(written, str) else ""
