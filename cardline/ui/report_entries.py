"""What happened with a report of a card that is gone, as lines of its case (see entries.py)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cardline.kit.money import Money, format_money

if TYPE_CHECKING:
    from cardline.ui.entries import _Told


def opened(told: _Told) -> str:
    said = {"last4": _last4(told), "name": told.member_side, "when": told.when(told.instant("first_word_at"))}
    source = told.data.get("source")
    if source == "finder":
        return _("Somebody found card ending %(last4)s and told us. First word: %(when)s") % said
    if source == "stranger":
        return (
            _(
                "Somebody who was not signed in told us that card ending %(last4)s is gone. First word: %(when)s"
            )
            % said
        )
    if told.to_staff or told.side != "member":
        return _("Card ending %(last4)s is reported gone. First word: %(when)s") % said
    return _("You told us that card ending %(last4)s is gone. First word: %(when)s") % said


def else_gone(told: _Told) -> str:
    if told.data.get("phone") and told.data.get("papers"):
        return _("The phone and identity papers are gone, too")
    return _("The phone is gone, too") if told.data.get("phone") else _("Identity papers are gone, too")


def phone_back(told: _Told) -> str:
    return _("The phone is back: codes to it prove again who it is")


def not_mine(told: _Told) -> str:
    minor, currency = told.data.get("amount_minor"), told.data.get("currency")
    amount = (
        format_money(Money(minor, currency), told.language)
        if isinstance(minor, int) and isinstance(currency, str)
        else ""
    )
    said = {
        "name": told.member_side,
        "merchant": str(told.data.get("merchant", "")),
        "amount": amount,
        "when": told.when(told.instant("charged_at")),
    }
    if told.to_staff:
        return _("%(name)s did not make this charge: %(merchant)s, %(amount)s, %(when)s") % said
    return _("Not made by you: %(merchant)s, %(amount)s, %(when)s") % said


def all_mine(told: _Told) -> str:
    return _("The last charges were read back, and none is in doubt")


def recovered(told: _Told) -> str:
    return _("Card ending %(last4)s was found again") % {"last4": _last4(told)}


def false_alarm(told: _Told) -> str:
    if told.to_staff:
        return _("%(name)s says that it was not them who reported the card") % {"name": told.member_side}
    return _("You said that it was not you who reported the card")


def bar_raised(told: _Told) -> str:
    return _("Reported falsely more than once: a stranger now has to give the right name as well")


def shipped(told: _Told) -> str:
    said = {"carrier": str(told.data.get("carrier", "")), "tracking": str(told.data.get("tracking", ""))}
    if said["carrier"] and said["tracking"]:
        return _("The new card is on its way: %(carrier)s, %(tracking)s") % said
    return _("The new card is on its way")


def delivered(told: _Told) -> str:
    return _("The new card was delivered")


def item(told: _Told) -> str:
    said = {"name": str(told.data.get("name", ""))}
    if told.data.get("of") == "wallet":
        return _("Confirmed: the card does not pay on “%(name)s” any more") % said
    return _("Confirmed: %(name)s cannot charge the old card any more and needs the new number") % said


def told_in_writing(told: _Told) -> str:
    return _("The written summary is ready")


def found_at(told: _Told) -> str:
    return _("Whoever found card ending %(last4)s says where it is:") % {"last4": _last4(told)}


def to_order(told: _Told) -> str:
    said = {"last4": _last4(told)}
    if told.to_staff:
        return (
            _("Card ending %(last4)s is closed for good. The core sends none: order the new card by hand")
            % said
        )
    return _("Card ending %(last4)s is closed for good. A person orders the new one") % said


def handed_over(told: _Told) -> str:
    return _("The emergency card was handed over against a passport, and can be used")


def looked(told: _Told) -> str:
    said = {"ref": str(told.data.get("case", ""))}
    match told.data.get("came"):
        case "frozen":
            return _("What they said points to one card: it is frozen, see %(ref)s") % said
        case "too_often":
            return _(
                "It points to a card that strangers had frozen too often: look, freeze it if it is right, and call"
            )
        case "held_back":
            return _(
                "Many such reports came from the same place: look whose card it is, freeze it, and call back"
            )
    return _("It points to no one card. Find whose it is, freeze it, and call back")


def taken(told: _Told) -> str:
    if told.to_staff:
        return _("%(name)s signed in and goes on with this") % {"name": told.member_side}
    return _("You signed in and go on with this")


def _last4(told: _Told) -> str:
    return str(told.data.get("last4", ""))


KINDS: Mapping[str, tuple[str, Callable[[_Told], str]]] = {
    "report.opened": ("alert", opened),
    "report.else_gone": ("alert", else_gone),
    "report.phone_back": ("check", phone_back),
    "report.not_mine": ("list", not_mine),
    "report.all_mine": ("check", all_mine),
    "report.recovered": ("check", recovered),
    "report.false_alarm": ("shield", false_alarm),
    "report.bar_raised": ("shield", bar_raised),
    "report.shipped": ("card", shipped),
    "report.delivered": ("card", delivered),
    "report.item": ("check", item),
    "report.told": ("file", told_in_writing),
    "report.found_at": ("place", found_at),
    "card.to_order_by_hand": ("card", to_order),
    "card.emergency_handed_over": ("card", handed_over),
    "word.looked": ("search", looked),
    "case.taken_as_member": ("person", taken),
}
