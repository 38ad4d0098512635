"""Entries about legal clocks as sentences (see entries.py). Members read that a date moved; the rest is the desk’s."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cardline.kit.dates import say_date

if TYPE_CHECKING:
    from cardline.ui.entries import _Told


def due_soon(told: _Told) -> str:
    said = {"what": told.what, "when": told.due_words}
    why = told.data.get("why")
    if why == "50%":
        return _("Half of the time is gone: %(what)s, by %(when)s") % said
    if why == "80%":
        return _("Four fifths of the time are gone: %(what)s, by %(when)s") % said
    return _("Two business days are left: %(what)s, by %(when)s") % said


def moved(told: _Told) -> str:
    said = {"before": _day(told, "before"), "after": _day(told, "due_on"), "what": told.what}
    if told.to_staff and "promise" in told.data:
        return _("Legal date worked out again: %(what)s, by %(after)s instead of %(before)s") % said
    if told.to_staff:
        return _("Window worked out again: until %(after)s instead of %(before)s") % said
    return _("New date: %(what)s, by %(after)s. It was %(before)s before") % said


def corrected(told: _Told) -> str:
    return _("Legal date worked out again from other facts; it stays %(day)s") % {"day": _day(told, "due_on")}


def window(told: _Told) -> str:
    said = {"rule": str(told.data.get("rule", "")), "day": _day(told, "due_on")}
    return _("Window noted: %(rule)s, until %(day)s") % said


def _day(told: _Told, key: str) -> str:
    return say_date(date.fromisoformat(str(told.data.get(key))), told.language, told.now)


KINDS: Mapping[str, tuple[str, Callable[[_Told], str]]] = {
    "clock.due_soon": ("clock", due_soon),
    "clock.moved": ("calendar", moved),
    "clock.corrected": ("calendar", corrected),
    "clock.window": ("calendar", window),
}
