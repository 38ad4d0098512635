"""What the desk does when something happened to a member: a private note where colleagues read it (0004)."""

from __future__ import annotations

from datetime import datetime

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from cardline.cases.models import Case
from cardline.desk.commands import MAX_NOTE, add_note
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Standing
from cardline.kit.events import reacts_to
from cardline.kit.redact import Clean, clean
from cardline.kit.visibility import visible
from cardline.members.authorities.commands import CONFIRMED, RECORDED, REVOKED
from cardline.members.restrictions.commands import LIFTED, PLACED
from cardline.members.restrictions.table import RestrictionKind
from cardline.members.restrictions.words import NAMES
from cardline.ui.capacities import capacity_name


@reacts_to(PLACED)
def _note_placed(
    *, member_id: int, kind: RestrictionKind, why: Clean, by: Standing, now: datetime, **facts: object
) -> None:
    _note_restriction(_("Restriction placed: %(name)s. %(why)s"), member_id, kind, why, by, now)


@reacts_to(LIFTED)
def _note_lifted(
    *, member_id: int, kind: RestrictionKind, why: Clean, by: Standing, now: datetime, **facts: object
) -> None:
    _note_restriction(_("Restriction lifted: %(name)s. %(why)s"), member_id, kind, why, by, now)


@reacts_to(RECORDED)
def _note_recorded(*, member_id: int, person: str, kind: str, by: Standing, now: datetime) -> None:
    _note_authority(
        _("May act for them, once it counts: %(name)s, %(capacity)s."), member_id, person, kind, by, now
    )


@reacts_to(CONFIRMED)
def _note_confirmed(*, member_id: int, person: str, kind: str, by: Standing, now: datetime) -> None:
    _note_authority(_("Authority confirmed: %(name)s, %(capacity)s."), member_id, person, kind, by, now)


@reacts_to(REVOKED)
def _note_revoked(*, member_id: int, person: str, kind: str, by: Standing, now: datetime) -> None:
    _note_authority(_("Authority revoked: %(name)s, %(capacity)s."), member_id, person, kind, by, now)


def _note_authority(
    sentence: LazyText, member_id: int, person: str, kind: str, by: Standing, now: datetime
) -> None:
    with override(current_profile().languages[0]):
        named = {"name": person, "capacity": capacity_name(kind)}
        text = clean(str(sentence) % named)
    _note(text, member_id, by, now)


def _note_restriction(
    sentence: LazyText, member_id: int, kind: RestrictionKind, why: Clean, by: Standing, now: datetime
) -> None:
    with override(current_profile().languages[0]):
        text = clean(str(sentence) % {"name": NAMES[kind], "why": why})
    _note(text, member_id, by, now)


def _note(text: Clean, member_id: int, by: Standing, now: datetime) -> None:
    """In the member's newest case, an open one first. None where the system placed it: the row itself says who and why.

    Like every note in the words of its time, here the issuer's first language.
    """
    if not by.actor.is_staff:
        return
    case = visible(Case, by.actor).filter(member=member_id).order_by("-state", "-opened_at", "-pk").first()
    if case is None:
        return
    assert len(text) <= MAX_NOTE
    add_note(by=by, now=now, case_id=case.pk, text=text)
