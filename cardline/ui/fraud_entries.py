"""Entries about a purchase that was stopped, as sentences (see entries.py). None says why it was."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cardline.kit.money import Money, format_money

if TYPE_CHECKING:
    from cardline.ui.entries import _Told


def suspected(told: _Told) -> str:
    if told.to_staff:
        return _("A purchase was stopped, and its member is asked whether it is theirs: %(charge)s") % _said(
            told
        )
    return _("We stopped a purchase to be safe, and ask whether it is yours: %(charge)s") % _said(told)


def asked(told: _Told) -> str:
    if told.data.get("channel") == "text":
        return (
            _("Asked by text message whether it is theirs")
            if told.to_staff
            else _("We asked you by text message")
        )
    return _("Asked by email whether it is theirs") if told.to_staff else _("We asked you by email")


def silent(told: _Told) -> str:
    if told.to_staff:
        return (
            _("No answer. The card stays blocked: reach them another way")
            if told.data.get("reached")
            else _("There is no way to ask them by message. The card stays blocked: reach them another way")
        )
    return _("We have no answer from you yet. The card stays blocked, and a person gets in touch")


def confirmed(told: _Told) -> str:
    said = _said(told)
    if told.to_staff:
        return _("%(name)s says the purchase is theirs: %(charge)s") % said
    return _("You said the purchase is yours: %(charge)s") % said


def denied(told: _Told) -> str:
    said = _said(told)
    if told.to_staff and told.data.get("after_yes"):
        return _("%(name)s says now that the purchase is not theirs: %(charge)s. The report begins") % said
    if told.to_staff:
        return _("%(name)s says the purchase is not theirs: %(charge)s. The report begins") % said
    return _("You said the purchase is not yours: %(charge)s. A person goes on with you") % said


def wrote(told: _Told) -> str:
    """Their own words follow by themselves."""
    return _("%(name)s wrote by text message:") % {"name": _who(told)} if told.to_staff else _("You wrote:")


def _who(told: _Told) -> str:
    """By text, or through a colleague, somebody else writes down what the member said."""
    return told.member_side if told.side == "member" else _("The member")


def _said(told: _Told) -> dict[str, str]:
    minor, currency = told.data.get("amount_minor"), told.data.get("currency")
    charge = str(told.data.get("merchant", ""))
    if isinstance(minor, int) and isinstance(currency, str):
        charge = f"{charge}, {format_money(Money(minor, currency), told.language)}"
    return {"name": _who(told), "charge": charge}


KINDS: Mapping[str, tuple[str, Callable[[_Told], str]]] = {
    "fraud.suspected": ("alert", suspected),
    "fraud.asked": ("send", asked),
    "fraud.silent": ("clock", silent),
    "fraud.confirmed": ("check", confirmed),
    "fraud.denied": ("shield", denied),
    "fraud.wrote": ("chat", wrote),
}
