"""Who may act for whom now; who speaks in a conversation."""

from __future__ import annotations

from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery

from cardline.kit.actors import Actor
from cardline.kit.visibility import visible
from cardline.members.authorities.models import Authority, Speaker
from cardline.members.authorities.rules import Empowered, State, scopes_of, state_at, valid_at
from cardline.members.restrictions.queries import that_stand
from cardline.members.restrictions.table import RestrictionKind


def scopes_to_act(person_id: int, member_id: int, kind: str, now: datetime) -> frozenset[str] | None:
    """What somebody may do for a member as `kind` now, beside what protects; None: they may not act for them at all.

    Decides for whoever acts, in one statement; shows nothing.
    """
    rows = with_death(Authority.objects.filter(person=person_id, member=member_id, kind=kind), now)
    valid = valid_at(map(_facts, rows), now)
    return scopes_of(valid) if valid else None


def valid_for(actor: Actor, now: datetime) -> list[Authority]:
    """The authorities the person who sits there could act on now, with the members they are for, by name."""
    rows = visible(Authority, actor).filter(person=actor.person_id).select_related("member")
    found = [row for row in with_death(rows, now) if state_of(row, now) is State.VALID]
    return sorted(found, key=lambda row: (row.member.name, row.member_id, row.kind))


def authorities_over(actor: Actor, member_id: int, now: datetime) -> list[Authority]:
    """All authorities there ever were over a member, newest first, each with `died_at`; of whom the actor may see."""
    related = ("person", "member", "instead_of__person")
    rows = visible(Authority, actor).filter(member=member_id).select_related(*related)
    return list(with_death(rows, now).order_by("-recorded_at", "-pk"))


def state_of(row: Authority, now: datetime) -> State:
    """Of a row that `with_death` fetched."""
    return state_at(_facts(row), now)


def speaker_in(contact_id: int) -> Speaker | None:
    """Who speaks in a conversation that the caller has already seen; None: its member, from the beginning."""
    rows = Speaker.objects.filter(contact=contact_id).select_related("person", "member")
    return rows.order_by("-pk").first()


def with_death(rows: QuerySet[Authority], now: datetime) -> QuerySet[Authority]:
    """Each row with `died_at`: since when its principal is recorded as deceased."""
    deaths = that_stand(now).filter(kind=RestrictionKind.DECEASED, member=OuterRef("member"))
    return rows.annotate(died_at=Subquery(deaths.order_by("since").values("since")[:1]))


def _facts(row: Authority) -> Empowered:
    return row.facts(row.died_at)  # type: ignore[attr-defined]
