"""Whose cards and charges an actor may see: the one door to the card core's data (SR-20)."""

from __future__ import annotations

from django.db.models import Q

from cardline.cards.models import EmergencyCard, Freeze, FreezeWish
from cardline.cases.models import Case
from cardline.kit.actors import Actor, Kind
from cardline.kit.refusals import NotThere
from cardline.kit.visibility import NOTHING, sees, visible
from cardline.members.models import Member


@sees(EmergencyCard)
@sees(Freeze)
@sees(FreezeWish)
def _freezes(actor: Actor) -> Q | None:
    if actor.kind == Kind.SYSTEM:
        return Q()
    return Q(member=actor.member_id) if actor.member_id else NOTHING


def member_seen_by(actor: Actor, member_id: int | None = None) -> Member:
    """The member whose cards and charges `actor` may see: themselves; for a colleague one of whom they see a case
    (SR-25). What of the accounts that member may see is the core's to say. Raises NotThere.
    """
    wanted = actor.member_id if member_id is None else member_id
    allowed = bool(wanted) and (
        actor.kind == Kind.SYSTEM
        or wanted == actor.member_id
        or (actor.is_staff and visible(Case, actor).filter(member=wanted).exists())
    )
    member = Member.objects.filter(pk=wanted).first() if allowed else None
    if member is None:
        raise NotThere()
    return member
