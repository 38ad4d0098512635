"""Who sees which conversation: whose it is, and colleagues through its contact or case."""

from __future__ import annotations

from django.db.models import Q

from cardline.cases.visibility import case_rule
from cardline.flows.models import FlowRun
from cardline.kit.actors import Actor, Kind
from cardline.kit.visibility import NOTHING, sees


@sees(FlowRun, without_sight=True)
def _runs(actor: Actor) -> Q | None:
    if actor.kind == Kind.SYSTEM:
        return Q()
    if actor.kind == Kind.GUEST:
        return Q(guest_key=actor.id, member=None) if actor.id else NOTHING
    if actor.member_id:
        theirs = Q(member=actor.member_id)
        # Whoever acts for them and may not see what is theirs still goes on with what they began.
        return theirs if actor.may_see else theirs & Q(began_by=actor.key)
    return case_rule(actor, "case__")
