"""Entries about files as sentences (see entries.py). The file's name, its owner's own words, stands beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from cardline.ui.entries import _Told


def added(told: _Told) -> str:
    colleague = told.data.get("by", "")
    if told.to_staff:
        return _("%(name)s added a file") % {"name": colleague or told.member_side}
    return _("We added a file to your case") if colleague else _("You added a file")


def passed(told: _Told) -> str:
    return _("File checked, it can be opened")


def held_back(told: _Told) -> str:
    if told.data.get("why") == "card_number":
        if told.to_staff:
            return _("File held back: there is a card number or a code in it")
        return _(
            "We held back a file, because there is a card number or a code in it. Nobody can open it. "
            "We don’t need the number: cover it, and add the file again"
        )
    if told.to_staff:
        return _("File held back: the virus scanner found something. Nobody can open it")
    return _(
        "We held back a file, because it may be harmful. Nobody can open it. "
        "Add another copy, a photo or a PDF for example"
    )


def lost(told: _Told) -> str:
    if told.to_staff:
        return _("A file was damaged on our side and can’t be opened. Ask the member for another copy")
    return _("A file was damaged on our side. Please add it again")


def released(told: _Told) -> str:
    return _("File let through by a supervisor, it can be opened")


def checked_again(told: _Told) -> str:
    return _("File sent to the virus scanner once more")


def deleted(told: _Told) -> str:
    if told.to_staff:
        return _("File deleted, which was held back")
    return _("We deleted a file that we had to hold back. Add another copy if we still need it")


KINDS: Mapping[str, tuple[str, Callable[[_Told], str]]] = {
    "file.added": ("clip", added),
    "file.passed": ("check", passed),
    "file.held_back": ("shield", held_back),
    "file.lost": ("alert", lost),
    "file.released": ("check", released),
    "file.checked_again": ("shield", checked_again),
    "file.deleted": ("close", deleted),
}
