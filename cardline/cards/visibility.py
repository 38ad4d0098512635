"""Whose cards and charges an actor may see: the one door to the card core's data (SR-20)."""

from __future__ import annotations

from django.db.models import Q

from cardline.cards.models import EmergencyCard, Freeze, FreezeWish, Hold, Report, Shipment, StrangersWord
from cardline.cases.models import Case
from cardline.cases.visibility import case_rule
from cardline.kit.actors import Actor, Kind, Standing
from cardline.kit.refusals import NotThere
from cardline.kit.visibility import NOTHING, sees, visible
from cardline.members.authorities.door import check_scope, check_sight
from cardline.members.authorities.table import Scope
from cardline.members.models import Member

LARGEST = 2**63 - 1  # that a database holds as a number; an address may say a larger one


@sees(EmergencyCard)
@sees(Freeze)
@sees(FreezeWish)
@sees(Hold)
@sees(Shipment)
def _freezes(actor: Actor) -> Q | None:
    if actor.kind == Kind.SYSTEM:
        return Q()
    return Q(member=actor.member_id) if actor.member_id else NOTHING


@sees(Report)
def _reports(actor: Actor) -> Q | None:
    """Whose card it is, and colleagues through the case. Who acts for a member without seeing what is theirs, does
    not.
    """
    if actor.kind == Kind.SYSTEM:
        return Q()
    if actor.is_staff:
        return case_rule(actor, "case__")
    return Q(member=actor.member_id) if actor.member_id else NOTHING


@sees(StrangersWord)
def _words(actor: Actor) -> Q | None:
    """Colleagues alone: whoever said it is told nothing of what came of it (SR-34)."""
    if actor.kind == Kind.SYSTEM:
        return Q()
    return case_rule(actor, "case__") if actor.is_staff else NOTHING


def member_seen_by(actor: Actor, member_id: int | None = None) -> Member:
    """The member whose cards and charges `actor` may see: themselves; for a colleague one of whom they see a case
    (SR-25). What of the accounts that member may see is the core's to say. Raises NotThere, and CapacityMissing for
    somebody who acts for them and may not see.
    """
    check_sight(actor)
    return _member(actor, member_id)


def member_paid_for_by(actor: Actor) -> Member:
    """The member whose bill `actor` may pay, which takes no sight of what is owed. Raises NotThere, CapacityMissing."""
    check_scope(actor, Scope.PAY)
    return _member(actor, None)


def member_protected_by(actor: Actor) -> Member:
    """The member whose cards `actor` may freeze, which takes no sight of anything else. Raises NotThere."""
    return _member(actor, None)


def member_spoken_for(by: Standing) -> Member:
    """The member a command is done for: the command path has looked whether this speaker may. Raises NotThere."""
    return _member(by.actor, None)


def _member(actor: Actor, member_id: int | None) -> Member:
    wanted = actor.member_id if member_id is None else member_id
    allowed = 0 < wanted <= LARGEST and (
        actor.kind == Kind.SYSTEM
        or wanted == actor.member_id
        or (actor.is_staff and visible(Case, actor).filter(member=wanted).exists())
    )
    member = Member.objects.filter(pk=wanted).first() if allowed else None
    if member is None:
        raise NotThere()
    return member
