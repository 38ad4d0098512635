"""Who sees which promise: those of the cases they see; a member those that were made to them."""

from __future__ import annotations

from django.db.models import Q

from cardline.cases.visibility import case_rule, queues_of
from cardline.kit.actors import Actor, Kind
from cardline.kit.visibility import NOTHING, sees
from cardline.promises.models import ClockChange, LegalClock, Promise


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


@sees(LegalClock, without_sight=True)
def _clocks(actor: Actor) -> Q | None:
    """As the promise it is; a window by its case. A member: what was promised to them, and their own windows."""
    return _of_clock(actor, "")


@sees(ClockChange, without_sight=True)
def _changes(actor: Actor) -> Q | None:
    """Who changed a date, and why, is for colleagues; the member reads in the timeline that it moved."""
    return _of_clock(actor, "clock__") if actor.is_staff or actor.kind == Kind.SYSTEM else NOTHING


def _of_clock(actor: Actor, path: str) -> Q | None:
    rule = case_rule(actor, f"{path}case__")
    if rule is None or actor.is_staff or actor.kind == Kind.SYSTEM:
        return rule
    told = Q(**{f"{path}promise": None}) | Q(**{f"{path}promise__audience": Promise.Audience.MEMBER})
    return rule & told
