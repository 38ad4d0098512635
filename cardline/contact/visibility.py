"""Who sees which contact: those of the cases they see, by the case it belongs to now or the one it began in."""

from __future__ import annotations

from django.db.models import Q

from cardline.cases.visibility import case_rule, queues_of
from cardline.contact.models import Contact
from cardline.kit.actors import Actor, Kind
from cardline.kit.visibility import sees


@sees(Contact, without_sight=True)
def _contacts(actor: Actor) -> Q | None:
    if actor.kind == Kind.AGENT and not actor.is_supervisor:
        return Q(queue__in=queues_of(actor)) | Q(agent=actor.agent_id)
    return case_rule(actor, "case__")
