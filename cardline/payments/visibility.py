"""Whose payments an actor may follow. Everything else about payments is the core's, behind `member_seen_by`."""

from __future__ import annotations

from django.db.models import Q

from cardline.kit.actors import Actor, Kind
from cardline.kit.visibility import NOTHING, sees
from cardline.payments.models import FollowedAutopay, FollowedPayment


@sees(FollowedAutopay)
@sees(FollowedPayment)
def _followed(actor: Actor) -> Q | None:
    if actor.kind == Kind.SYSTEM:
        return Q()
    return Q(member=actor.member_id) if actor.member_id else NOTHING
