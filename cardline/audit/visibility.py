"""Who sees who looked: supervisors everything, a member the looks at their own data; alarms no member ever."""

from __future__ import annotations

from django.db.models import Q

from cardline.audit.models import Alarm, Reason, View, Watched
from cardline.audit.rules import Why
from cardline.kit.actors import Actor, Kind
from cardline.kit.visibility import NOTHING, sees


@sees(View)
def _views(actor: Actor) -> Q | None:
    """A member is not shown what they read themselves by way of a system of the issuer's."""
    if actor.is_supervisor:
        return Q()
    return Q(member=actor.member_id) & ~Q(why=Why.MEMBER) if actor.kind == Kind.MEMBER else NOTHING


@sees(Reason)
def _reasons(actor: Actor) -> Q | None:
    return Q(agent=actor.agent_id) if actor.kind == Kind.AGENT else NOTHING


@sees(Alarm)
@sees(Watched)
def _for_supervisors(actor: Actor) -> Q | None:
    return Q() if actor.is_supervisor else NOTHING
