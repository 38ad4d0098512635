"""Entries about letters as sentences (see entries.py)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cardline.ui.letter_names import letter_name

if TYPE_CHECKING:
    from cardline.ui.entries import _Told


def _named(told: _Told) -> dict[str, str]:
    return {"letter": letter_name(str(told.data.get("letter")))}


def sent(told: _Told) -> str:
    if told.data.get("state") == "shown":
        return _("Letter “%(letter)s” is here to read") % _named(told)
    if told.data.get("state") == "held":
        return _("Letter “%(letter)s” is written, and not posted yet") % _named(told)
    return _("Letter “%(letter)s” is written and goes out by post") % _named(told)


def posted(told: _Told) -> str:
    return _("Letter “%(letter)s” was posted") % _named(told)


def unposted(told: _Told) -> str:
    return _("Letter “%(letter)s” was not posted after all, it is printed again") % _named(told)


def to_paper(told: _Told) -> str:
    return _("Letter “%(letter)s” goes out by post, too") % _named(told)


def came_back(told: _Told) -> str:
    if told.to_staff:
        return _(
            "Letter “%(letter)s” came back. The address is bad until somebody says what is right"
        ) % _named(told)
    return _("Letter “%(letter)s” came back to us. Check your address") % _named(told)


def held(told: _Told) -> str:
    why = {
        "restricted": _("a restriction stands in the way"),
        "not_safe": _("the member said not to write there"),
        "no_address": _("we have no address"),
        "bad_address": _("a letter came back from the address"),
    }.get(str(told.data.get("why")), "")
    return _("Letter “%(letter)s” is held: %(why)s") % {**_named(told), "why": why}


def freed(told: _Told) -> str:
    return _("Letter “%(letter)s” is no longer held, it is printed") % _named(told)


def mail_came_back(told: _Told) -> str:
    said = {
        "on_paper": _("The email about letter “%(letter)s” came back. The letter goes out on paper"),
        "on_paper_late": _(
            "The email about letter “%(letter)s” came back after its last day. The letter goes out on paper, late"
        ),
        "paper_already": _("The email about letter “%(letter)s” came back. It was on paper already"),
        "read_already": _("The email about letter “%(letter)s” came back. They had opened the letter"),
    }
    return said.get(str(told.data.get("then")), said["on_paper"]) % _named(told)


KINDS: Mapping[str, tuple[str, Callable[[_Told], str]]] = {
    "letter.sent": ("mail", sent),
    "letter.posted": ("mail", posted),
    "letter.unposted": ("mail", unposted),
    "letter.to_paper": ("mail", to_paper),
    "letter.came_back": ("alert", came_back),
    "letter.held": ("alert", held),
    "letter.freed": ("mail", freed),
    "letter.mail_came_back": ("alert", mail_came_back),
}
