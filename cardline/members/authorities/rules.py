"""What an authority is worth at an instant. Pure: a row as values and moments in, a state out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cardline.members.authorities.table import TABLE, AuthorityKind, Death, Scope, Takes


@dataclass(frozen=True, slots=True)
class Empowered:
    """An authority as far as deciding goes. person acts for member, from `since` up to and without `until` and the
    moment it was revoked.

    died_at: since when the member is recorded as deceased, None while they live.
    """

    kind: AuthorityKind
    person: int
    member: int
    scopes: frozenset[str]
    since: datetime
    until: datetime | None = None
    revoked_at: datetime | None = None
    has_papers: bool = False
    is_confirmed: bool = False
    died_at: datetime | None = None


class State(StrEnum):
    """Where an authority is in its time. It is worth something in one of them only."""

    VALID = "valid"
    REVOKED = "revoked"
    ENDED_BY_DEATH = "ended_by_death"
    OVER = "over"
    WAITS_FOR_PAPERS = "waits_for_papers"
    UNCONFIRMED = "unconfirmed"
    WAITS_FOR_DEATH = "waits_for_death"
    PLANNED = "planned"


def state_at(one: Empowered, at: datetime) -> State:
    """At the instant it begins it is valid; at the instant it ends, is revoked or the principal dies it is not."""
    rule = TABLE.kinds[one.kind]
    has_died = one.died_at is not None and at >= one.died_at
    if one.revoked_at is not None and at >= one.revoked_at:
        return State.REVOKED
    if one.until is not None and at >= one.until:
        return State.OVER
    if rule.death is Death.ENDS and has_died:
        return State.ENDED_BY_DEATH
    if rule.papers and not one.has_papers:
        return State.WAITS_FOR_PAPERS
    if rule.confirmed and not one.is_confirmed:
        return State.UNCONFIRMED
    if rule.death is Death.BEGINS and not has_died:
        return State.WAITS_FOR_DEATH
    return State.VALID if at >= one.since else State.PLANNED


def lacks_nothing(one: Empowered) -> bool:
    """Whether all is there that its kind needs: from then on only time and death decide what it is worth."""
    rule = TABLE.kinds[one.kind]
    return (one.has_papers or not rule.papers) and (one.is_confirmed or not rule.confirmed)


def can_follow(kind: AuthorityKind, old: Empowered, at: datetime) -> bool:
    """Whether an authority of this kind may stand instead of another. One that is over already ends no second time; one
    that begins with a death follows its own kind alone, because the living member still needs any other.
    """
    is_over = state_at(old, at) in (State.REVOKED, State.OVER, State.ENDED_BY_DEATH)
    return not is_over and (old.kind is kind or TABLE.kinds[kind].death is not Death.BEGINS)


def valid_at(rows: Iterable[Empowered], at: datetime) -> list[Empowered]:
    return [one for one in rows if state_at(one, at) is State.VALID]


def scopes_of(valid: Iterable[Empowered]) -> frozenset[str]:
    """What several authorities of one kind give together; never more than the kind may have, whatever a row says."""
    return frozenset(scope for one in valid for scope in one.scopes & _most(one.kind))


def allows(takes: Scope | Takes, scopes: frozenset[str]) -> bool:
    """Whether a valid authority with these scopes lets do what takes that."""
    return takes is Takes.PROTECT or takes in scopes


def too_much(kind: AuthorityKind, scopes: Iterable[str]) -> frozenset[str]:
    """What of these a kind may not have."""
    return frozenset(scopes) - _most(kind)


def _most(kind: AuthorityKind) -> frozenset[str]:
    return frozenset(scope.value for scope in TABLE.kinds[kind].may)
