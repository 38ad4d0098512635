"""Who sees which promise: those of the cases they see; a member those that were made to them."""

from __future__ import annotations

from django.db.models import Q

from cardline.cases.visibility import case_rule, queues_of
from cardline.kit.actors import Actor, Kind
from cardline.kit.visibility import sees
from cardline.promises.models import Promise


@sees(Promise, without_sight=True)
def _promises(actor: Actor) -> Q | None:
    rule = case_rule(actor, "case__")
    if rule is None:
        return None
    if actor.kind == Kind.SYSTEM:
        return rule  # it keeps promises that are ours alone, too
    if actor.kind == Kind.AGENT:
        return rule if actor.is_supervisor else rule | Q(owner=actor.agent_id) | Q(queue__in=queues_of(actor))
    return rule & Q(audience=Promise.Audience.MEMBER)
