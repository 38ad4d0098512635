"""Who sees a member's own record: that member. Colleagues come to it through a case (cards/visibility.py)."""

from __future__ import annotations

from django.db.models import Q

from cardline.kit.actors import Actor, Kind
from cardline.kit.visibility import NOTHING, sees
from cardline.members.models import (
    AccessNeeds,
    ChangeNotice,
    ContactChange,
    ContactPoint,
    FormerName,
    Member,
    SafeContact,
)


@sees(Member)
def _members(actor: Actor) -> Q | None:
    return _own(actor, "pk")


@sees(ContactPoint)
def _points(actor: Actor) -> Q | None:
    return _own(actor, "member")


@sees(ContactChange)
def _contact_changes(actor: Actor) -> Q | None:
    return _own(actor, "member")


@sees(ChangeNotice)
def _notices(actor: Actor) -> Q | None:
    return _own(actor, "change__member")


@sees(SafeContact)
def _safe_contact(actor: Actor) -> Q | None:
    return _own(actor, "member")


@sees(FormerName)
def _former_names(actor: Actor) -> Q | None:
    return _own(actor, "member")


@sees(AccessNeeds)
def _access_needs(actor: Actor) -> Q | None:
    return _own(actor, "member")


def _own(actor: Actor, path: str) -> Q | None:
    if actor.kind == Kind.SYSTEM:
        return Q()
    return Q(**{path: actor.member_id}) if actor.member_id else NOTHING
