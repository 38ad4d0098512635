"""Restrictions for tests, with everything filled in that a test does not care about."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.redact import clean
from cardline.members.restrictions.commands import Source, Speaker, place_restriction
from cardline.members.restrictions.table import RestrictionKind

NOON = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
SOURCE = Source(clean("County clerk"), clean("Letter 14-221"), date(2026, 11, 20))
RUTH = Speaker(
    clean("Ruth Adeyemi"), clean("Adeyemi & Cole"), clean("3 Court Square"), clean("+1 518 555 0190")
)
WHY = clean("Her attorney wrote to us.")


def place(member: Actor | int, kind: str, now: datetime = NOON, by: Actor = SYSTEM, **more: Any) -> int:
    """A restriction by the system, about the person, from now on."""
    member_id = member if isinstance(member, int) else member.member_id
    given = {"source": SOURCE, "why": WHY, **more}
    return place_restriction(by=by, now=now, member_id=member_id, kind=RestrictionKind(kind), **given)
