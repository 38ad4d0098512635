"""Who sees where a member is signed in, and how they get back in: that member alone."""

from __future__ import annotations

from django.db.models import Q

from cardline.identity.models import MemberSession, Recovery
from cardline.kit.actors import Actor, Kind
from cardline.kit.visibility import NOTHING, sees


@sees(MemberSession)
def _sessions(actor: Actor) -> Q | None:
    return Q(member=actor.member_id) if actor.kind == Kind.MEMBER else NOTHING


@sees(Recovery)
def _recoveries(actor: Actor) -> Q | None:
    return Q(member=actor.member_id) if actor.kind == Kind.MEMBER else NOTHING
