"""Entries about a company's program as sentences (see entries.py)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cardline.kit.money import Money, format_money

if TYPE_CHECKING:
    from cardline.ui.entries import _Told


def limit_changed(told: _Told) -> str:
    """Both sums, where there was one before."""
    said = {
        "name": told.member_side,
        "last4": told.data.get("last4", ""),
        "after": _sum(told, "after"),
        "before": _sum(told, "before"),
    }
    if said["before"]:
        return (
            _("%(name)s changed the limit of card ending %(last4)s from %(before)s to %(after)s a cycle")
            % said
        )
    return _("%(name)s set the limit of card ending %(last4)s to %(after)s a cycle") % said


def left(told: _Told) -> str:
    said = {
        "name": told.member_side,
        "last4": told.data.get("last4", ""),
        "company": told.data.get("company", ""),
    }
    first = (
        _(
            "%(name)s closed card ending %(last4)s for good and ended its holder’s place in the program of %(company)s"
        )
        % said
    )
    merchants = int(told.data.get("merchants", 0))
    if not merchants:
        return first
    second = ngettext(
        "%(n)d merchant charged it by itself and is declined from now on: give it another card",
        "%(n)d merchants charged it by themselves and are declined from now on: give them another card",
        merchants,
    )
    return f"{first}. {second % {'n': merchants}}"


def _sum(told: _Told, field: str) -> str:
    minor, currency = told.data.get(field), told.data.get("currency")
    if not isinstance(minor, int) or not isinstance(currency, str):
        return ""
    return format_money(Money(minor, currency), told.language)


KINDS: Mapping[str, tuple[str, Callable[[_Told], str]]] = {
    "card.limit_changed": ("card", limit_changed),
    "card.program_left": ("close", left),
}
