"""Who sees where a member is signed in: that member alone, whoever they act for."""

from __future__ import annotations

from django.db.models import Q

from cardline.identity.models import MemberSession
from cardline.kit.actors import Actor, Kind
from cardline.kit.visibility import NOTHING, sees


@sees(MemberSession, without_sight=True)
def _sessions(actor: Actor) -> Q | None:
    return Q(member=actor.person_id) if actor.kind == Kind.MEMBER else NOTHING
