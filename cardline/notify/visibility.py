"""Who sees what was chosen and what was sent: the member themselves. Colleagues come to it through a case."""

from __future__ import annotations

from django.db.models import Q

from cardline.kit.actors import Actor, Kind
from cardline.kit.refusals import NotThere
from cardline.kit.visibility import NOTHING, sees
from cardline.members.authorities.door import check_sight
from cardline.members.models import Member
from cardline.notify.models import Delivery, Outgoing, Preference, QuietHours


@sees(Preference)
def _preferences(actor: Actor) -> Q | None:
    return _own(actor)


@sees(QuietHours)
def _quiet_hours(actor: Actor) -> Q | None:
    return _own(actor)


@sees(Delivery)
def _deliveries(actor: Actor) -> Q | None:
    return _own(actor)


@sees(Outgoing)
def _outgoing(actor: Actor) -> Q | None:
    return _own(actor)


def member_told(actor: Actor) -> Member:
    """The member whose alerts these are: whoever asks. Raises NotThere for everybody who is none, and CapacityMissing
    for whoever acts for them and may not see what is theirs.
    """
    check_sight(actor)
    member = Member.objects.filter(pk=actor.member_id).first() if actor.member_id else None
    if member is None:
        raise NotThere()
    return member


def _own(actor: Actor) -> Q | None:
    if actor.kind == Kind.SYSTEM:
        return Q()
    return Q(member=actor.member_id) if actor.member_id else NOTHING
