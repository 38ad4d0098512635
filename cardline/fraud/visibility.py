"""Who sees that a charge was suspected: its member, colleagues by its case, and the system that told of it."""

from __future__ import annotations

from django.db.models import Q

from cardline.cases.visibility import case_rule
from cardline.fraud.models import FraudAlert
from cardline.kit.actors import Actor, Kind
from cardline.kit.visibility import NOTHING, sees


def source_of(actor: Actor) -> str:
    """Who tells of a charge, as `FraudAlert.source` has it."""
    return actor.key


@sees(FraudAlert, without_sight=True)
def _alerts(actor: Actor) -> Q | None:
    """Whoever acts for a member sees them without sight of anything else: saying no to a thief protects (SR-39)."""
    if actor.kind == Kind.SYSTEM:
        return Q()
    if actor.kind == Kind.API:
        return Q(source=source_of(actor)) if not actor.on_behalf_of else NOTHING
    if actor.member_id:
        return Q(member=actor.member_id)
    return case_rule(actor, "case__") if actor.is_staff else NOTHING
