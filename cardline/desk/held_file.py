"""The page on which a supervisor decides about a file that was held back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from cardline.contact.queries import contacts_of_case
from cardline.desk.looking import look_at
from cardline.files.commands import HARMFUL
from cardline.files.held import LONGEST_REASON
from cardline.files.kinds import Kind
from cardline.files.lines import kind_name, why_held
from cardline.files.models import StoredFile
from cardline.files.queries import file_named
from cardline.kit.actors import Actor
from cardline.kit.reference import show_reference
from cardline.kit.refusals import NotThere


@dataclass(frozen=True, slots=True)
class Choice:
    """Something a supervisor can do with it. address: the name of where its form goes; says: what then happens."""

    address: str
    verb: str
    busy: str
    says: str
    is_primary: bool


@dataclass(frozen=True, slots=True)
class HeldFilePage:
    """found_by: what looked, in words. earlier: what somebody decided before, when it was held back again."""

    file: StoredFile
    reference: str
    what: str
    why: str
    found_by: str
    choices: tuple[Choice, ...]
    longest: int = LONGEST_REASON


def held_file_page(actor: Actor, token: str, now: datetime) -> HeldFilePage | None:
    """None when it is not held back (any more). Whoever gets it has looked (SR-25). Raises NotThere, ReasonNeeded."""
    file = file_named(actor, token)
    if file.case is None:
        raise NotThere()
    look_at(actor, file.case, contacts_of_case(actor, file.case.pk), "case", now)
    if file.state != StoredFile.State.QUARANTINED:
        return None
    is_harmful = file.why == HARMFUL
    return HeldFilePage(
        file=file,
        reference=show_reference(file.case.ref),
        what=f"{kind_name(Kind(file.type))} · {filesizeformat(file.size_bytes)}",
        why=why_held(file),
        found_by=_("the virus scanner") if is_harmful else _("our search for card numbers"),
        choices=(_check() if is_harmful else _release(), _delete()),
    )


def _release() -> Choice:
    return Choice(
        "desk_file_release",
        _("Let it go"),
        _("Letting go…"),
        _(
            "Whoever may see the case can open it then. Only when it is no card number: ask the member what it is."
        ),
        is_primary=True,
    )


def _check() -> Choice:
    return Choice(
        "desk_file_check",
        _("Have it checked again"),
        _("Sending…"),
        _(
            "Scanners are wrong now and then, and mended. If it finds something again, the file stays held back."
        ),
        is_primary=True,
    )


def _delete() -> Choice:
    return Choice(
        "desk_file_deletion",
        _("Delete it for good"),
        _("Deleting…"),
        _("The member reads that we deleted it, and can send another copy. Nothing brings it back."),
        is_primary=False,
    )
