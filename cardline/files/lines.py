"""A file as a page shows it: what it is called, how large, since when, by whom, and how it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.template.defaultfilters import filesizeformat
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cardline.files.commands import CARD_NUMBER
from cardline.files.kinds import PICTURES, Kind
from cardline.files.models import StoredFile
from cardline.issuer.profile import current_profile
from cardline.kit.dates import say_moment

State = StoredFile.State


@dataclass(frozen=True, slots=True)
class FileLine:
    """state: in words; tone goes with it. note: what to know before opening. can_open: checked, and let through.
    is_held: held back, and to be decided about by whoever may.
    """

    token: str
    name: str
    what: str
    state: str
    tone: str
    note: str
    can_open: bool
    can_be_seen: bool
    is_held: bool


def lines_of(
    files: Sequence[StoredFile], now: datetime, *, to_staff: bool, to_guest: bool = False
) -> list[FileLine]:
    return [_line(file, now, to_staff=to_staff, to_guest=to_guest) for file in files]


def _line(file: StoredFile, now: datetime, *, to_staff: bool, to_guest: bool) -> FileLine:
    can_open = file.state == State.CLEAN and not to_guest
    state, tone = _state_for_staff(file) if to_staff else _state_for_member(file)
    return FileLine(
        token=file.token,
        name=file.name,
        what=" · ".join(_facts(file, now, to_staff=to_staff)),
        state=state,
        tone=tone,
        note=_note(file) if to_staff else "",
        can_open=can_open,
        can_be_seen=can_open and file.type in PICTURES,
        is_held=file.state == State.QUARANTINED,
    )


def _facts(file: StoredFile, now: datetime, *, to_staff: bool) -> list[str]:
    when = say_moment(file.given_at, current_profile().zone, get_language() or "en", now)
    by = (file.given_by_name or _("a visitor")) if to_staff else _("you")
    return [kind_name(Kind(file.type)), filesizeformat(file.size_bytes), when, by]


def kind_name(kind: Kind) -> str:
    return {
        Kind.PDF: _("PDF"),
        Kind.PNG: _("Picture"),
        Kind.JPEG: _("Picture"),
        Kind.HEIC: _("Picture"),
        Kind.TXT: _("Text"),
        Kind.CSV: _("Table"),
        Kind.DOCX: _("Word document"),
        Kind.EML: _("E-mail"),
        Kind.ZIP: _("ZIP"),
    }[kind]


def _state_for_member(file: StoredFile) -> tuple[str, str]:
    why = (
        _("Held back: there is a card number or a code in it. Cover it, and add the file again.")
        if file.why == CARD_NUMBER
        else _("Held back: it may be harmful. Add another copy.")
    )
    return {
        State.WAITING: (_("Being checked. You can leave this page."), ""),
        State.CLEAN: (_("We have it."), "good"),
        State.QUARANTINED: (why, "warn"),
        State.REFUSED: (_("Damaged on our side. Please add it again."), "warn"),
        State.DELETED: (_("We deleted it, because we had to hold it back."), "warn"),
    }[State(file.state)]


def _state_for_staff(file: StoredFile) -> tuple[str, str]:
    why = why_held(file)
    return {
        State.WAITING: (_("Being checked"), ""),
        State.CLEAN: (
            _("Clean") if file.scanner else _("Not scanned for viruses"),
            "good" if file.scanner else "",
        ),
        State.QUARANTINED: (_("Held back: %(why)s") % {"why": why}, "warn"),
        State.REFUSED: (_("Damaged on our side"), "warn"),
        State.DELETED: (_("Deleted"), ""),
    }[State(file.state)]


def why_held(file: StoredFile) -> str:
    """For colleagues: what was found in it."""
    return _("a card number or a code in it") if file.why == CARD_NUMBER else _("may be harmful")


def _note(file: StoredFile) -> str:
    """Before a click that is meant (SR-12), and what a supervisor said who decided about it."""
    if file.decided_why and file.state in (State.CLEAN, State.DELETED):
        return _("%(name)s: %(why)s") % {"name": file.decided_by_name, "why": file.decided_why}
    unread = file.unread and file.state == State.CLEAN
    return _("We can’t read inside it: there may be a card number in it.") if unread else ""
