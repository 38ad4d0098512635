"""Who sees where a member is signed in, what they are asked, and what they left with us: that member alone. Whose
exception waits, supervisors see, who decide about it."""

from __future__ import annotations

from django.db.models import Q

from cardline.identity.models import Ask, EmergencyContact, Exceptional, MemberSession, Passcode
from cardline.kit.actors import Actor, Kind
from cardline.kit.visibility import NOTHING, sees


@sees(MemberSession)
@sees(Ask)
@sees(Passcode)
@sees(EmergencyContact)
def _own(actor: Actor) -> Q | None:
    return Q(member=actor.member_id) if actor.kind == Kind.MEMBER else NOTHING


@sees(Exceptional)
def _exceptions(actor: Actor) -> Q | None:
    return Q() if actor.is_supervisor else NOTHING
