"""Who sees which case."""

from __future__ import annotations

from django.db.models import Q

from cardline.cases.models import Case, Entry
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor, Kind
from cardline.kit.visibility import NOTHING, sees


def queues_of(actor: Actor) -> list[str]:
    """The queues an agent works: those of their team. A supervisor's team has the queue escalations go to."""
    return [queue.id for queue in current_profile().queues.values() if queue.team == actor.team]


@sees(Case)
def _cases(actor: Actor) -> Q | None:
    return case_rule(actor, "")


@sees(Entry)
def _entries(actor: Actor) -> Q | None:
    rule = case_rule(actor, "case__")
    return rule if rule is None or actor.is_staff or _is_issuers_system(actor) else rule & Q(visible=True)


def _is_issuers_system(actor: Actor) -> bool:
    """A key of the issuer's that speaks for no member. It sees every entry; notes it can never reach."""
    return actor.kind == Kind.API and not actor.on_behalf_of


def case_rule(actor: Actor, path: str) -> Q | None:
    """Members see their own, a guest the ones of their token, an agent those of their team's queues or in their hands,
    a supervisor all; the issuer's own system all, or one member's when it acts for one.
    """
    if actor.kind == Kind.SYSTEM or actor.is_supervisor:
        return Q()
    if actor.kind == Kind.AGENT:
        return Q(**{f"{path}queue__in": queues_of(actor)}) | Q(**{f"{path}owner": actor.agent_id})
    if actor.member_id:
        return Q(**{f"{path}member": actor.member_id})
    if actor.kind == Kind.API:
        return Q()
    if actor.kind == Kind.GUEST and actor.id != "nobody":
        return Q(**{f"{path}guest_key": actor.id})
    return NOTHING
