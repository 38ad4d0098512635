"""Authorities for tests, with everything filled in that a test does not care about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.redact import clean
from cardline.members.authorities.commands import Paper, record_authority
from cardline.members.authorities.models import Authority
from cardline.members.authorities.queries import scopes_to_act
from cardline.members.authorities.table import TABLE, AuthorityKind
from cardline.members.models import Member

NOON = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)


def member(who: Actor | Member) -> Member:
    return who if isinstance(who, Member) else Member.objects.get(pk=who.person_id)


def record(
    person: Actor | Member, principal: Actor | Member, kind: str, now: datetime = NOON, **more: Any
) -> int:
    """A row by the system, with all its kind may have; papers=False leaves them out, confirmed=False the supervisor."""
    acts, owner = member(person), member(principal)
    with_papers, confirmed = more.pop("papers", True), more.pop("confirmed", True)
    paper = Paper(clean(f"{acts.name} for {owner.name}"), clean("A paper, cover sheet 7K429QM"))
    given = {
        "number": acts.core_customer,
        "name": clean(acts.name),
        "kind": AuthorityKind(kind),
        "scopes": sorted(TABLE.kinds[AuthorityKind(kind)].may),
        "paper": paper if with_papers else None,
        **more,
    }
    pk: int = record_authority(by=more.pop("by", SYSTEM), now=now, member_id=owner.pk, **given)
    if confirmed and (with_papers or not TABLE.kinds[AuthorityKind(kind)].papers):
        Authority.objects.filter(pk=pk).update(
            confirmed_at=now, confirmed_by="agent:0", confirmed_by_name="Sam Ortiz"
        )
    return pk


def acting(person: Actor, principal: Actor | Member, kind: str, now: datetime = NOON) -> Actor:
    """Somebody as a request of theirs comes from, after they chose for whom they act."""
    owner = member(principal)
    scopes = scopes_to_act(person.person_id, owner.pk, kind, now)
    return replace(
        person, acting_for=owner.pk, capacity=kind, principal=owner.name, scopes=scopes or frozenset()
    )
