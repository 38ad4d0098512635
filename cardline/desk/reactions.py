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
from cardline.members.restrictions.commands import LIFTED, PLACED
from cardline.members.restrictions.table import RestrictionKind
from cardline.members.restrictions.words import NAMES


@reacts_to(PLACED)
def _note_placed(
    *, member_id: int, kind: RestrictionKind, why: Clean, by: Standing, now: datetime, **facts: object
) -> None:
    _note(_("Restriction placed: %(name)s. %(why)s"), member_id, kind, why, by, now)


@reacts_to(LIFTED)
def _note_lifted(
    *, member_id: int, kind: RestrictionKind, why: Clean, by: Standing, now: datetime, **facts: object
) -> None:
    _note(_("Restriction lifted: %(name)s. %(why)s"), member_id, kind, why, by, now)


def _note(
    sentence: LazyText, member_id: int, kind: RestrictionKind, why: Clean, by: Standing, now: datetime
) -> None:
    """In the member's newest case, an open one first. None where the system placed it: the row itself says who and why.

    Like every note in the words of its time, here the issuer's first language.
    """
    if not by.actor.is_staff:
        return
    case = visible(Case, by.actor).filter(member=member_id).order_by("-state", "-opened_at", "-pk").first()
    if case is None:
        return
    with override(current_profile().languages[0]):
        text = clean(str(sentence) % {"name": NAMES[kind], "why": why})
    assert len(text) <= MAX_NOTE
    add_note(by=by, now=now, case_id=case.pk, text=text)
