"""What was said in a guided conversation, as lines of its case (see entries.py)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from cardline.kit.words import Reader, say, words_kept

if TYPE_CHECKING:
    from cardline.ui.entries import _Told


def answered(told: _Told) -> str:
    """What we said, what we asked, what was answered; their own words follow by themselves."""
    parts = [_said(told, one) for one in told.data.get("said", [])]
    asked = _said(told, told.data["asked"])
    answer = told.data.get("answer")
    parts.append(f"{asked} {_said(told, answer)}" if answer else asked)
    return " ".join(part for part in parts if part)


def ended(told: _Told) -> str:
    parts = [_said(told, one) for one in told.data.get("said", [])]
    return " ".join([*parts, _said(told, told.data["words"])])


def handed_over(told: _Told) -> str:
    return _("%(words)s They read everything said so far.") % {"words": _said(told, told.data["words"])}


def _said(told: _Told, kept: Mapping[str, Any]) -> str:
    return say(words_kept(kept), Reader(told.language, told.zone, told.now))


KINDS: Mapping[str, tuple[str, Callable[[_Told], str]]] = {
    "flow.answered": ("chat", answered),
    "flow.ended": ("check", ended),
    "flow.handed_over": ("person", handed_over),
    "flow.silent": ("clock", ended),
}
