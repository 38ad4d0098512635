"""Who sees where a member is signed in, what they are asked, what they left with us and how they get back in: that
member alone, whoever they act for. Whose exception waits, supervisors see, who decide about it.
"""

from __future__ import annotations

from django.db.models import Q

from cardline.identity.models import (
    Ask,
    EmergencyContact,
    Exceptional,
    MemberSession,
    Passcode,
    PasskeyChallenge,
    PasskeyOffer,
    Recovery,
    SignInChange,
)
from cardline.kit.actors import Actor, Kind
from cardline.kit.visibility import NOTHING, sees


@sees(Ask, without_sight=True)
@sees(EmergencyContact, without_sight=True)
@sees(MemberSession, without_sight=True)
@sees(Passcode, without_sight=True)
@sees(PasskeyOffer, without_sight=True)
@sees(Recovery, without_sight=True)
@sees(SignInChange, without_sight=True)
def _own(actor: Actor) -> Q | None:
    return Q(member=actor.person_id) if actor.kind == Kind.MEMBER else NOTHING


@sees(PasskeyChallenge, without_sight=True)
def _challenges(actor: Actor) -> Q | None:
    """Where they were asked for, and nowhere else."""
    own = _own(actor)
    return own if own is None else own & Q(session=actor.session)


@sees(Exceptional)
def _exceptions(actor: Actor) -> Q | None:
    return Q() if actor.is_supervisor else NOTHING
