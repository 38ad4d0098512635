"""Who sees where a member is signed in, and how they get back in: that member alone, whoever they act for."""

from __future__ import annotations

from django.db.models import Q

from cardline.identity.models import MemberSession, PasskeyChallenge, PasskeyOffer, Recovery
from cardline.kit.actors import Actor, Kind
from cardline.kit.visibility import NOTHING, sees


@sees(MemberSession, without_sight=True)
def _sessions(actor: Actor) -> Q | None:
    return _own(actor)


@sees(Recovery, without_sight=True)
def _recoveries(actor: Actor) -> Q | None:
    return _own(actor)


@sees(PasskeyOffer, without_sight=True)
def _offers(actor: Actor) -> Q | None:
    return _own(actor)


@sees(PasskeyChallenge, without_sight=True)
def _challenges(actor: Actor) -> Q | None:
    """Where they were asked for, and nowhere else."""
    own = _own(actor)
    return own if own is None else own & Q(session=actor.session)


def _own(actor: Actor) -> Q | None:
    return Q(member=actor.person_id) if actor.kind == Kind.MEMBER else NOTHING
