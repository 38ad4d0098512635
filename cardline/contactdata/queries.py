"""Questions about changes of contact data, from whoever may see them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from cardline.cases.models import Case
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor
from cardline.kit.visibility import visible
from cardline.members.contactdata.rules import LINK_LASTS, doubt_ends
from cardline.members.models import ChangeNotice, ContactChange, FormerName, Member, SafeContact

State, Why = ContactChange.State, ContactChange.Why
SHOWN = 20


def waiting_of(actor: Actor, now: datetime) -> list[ContactChange]:
    """What a member asked for and was not done yet, the newest first; a link that ran out waits for nobody."""
    rows = visible(ContactChange, actor).filter(member=actor.member_id, state=State.WAITING)
    lasting = rows.exclude(Q(why_waits=Why.LINK) & Q(asked_at__lte=now - LINK_LASTS))
    return list(lasting.order_by("-asked_at", "-pk")[:SHOWN])


def settled_lately(actor: Actor, now: datetime) -> list[ContactChange]:
    """What became of their wishes in the days in which it may still matter, the newest first."""
    ended = (State.REFUSED, State.TAKEN_BACK)
    rows = visible(ContactChange, actor).filter(
        member=actor.member_id, state__in=ended, ended_at__isnull=False
    )
    zone = current_profile().zone
    newest = rows.order_by("-ended_at", "-pk")[:SHOWN]
    return [row for row in newest if row.ended_at and now < doubt_ends(row.ended_at, zone)]


def safe_contact_of(actor: Actor) -> SafeContact | None:
    rows = visible(SafeContact, actor).select_related("only")
    return rows.filter(member=actor.member_id).first()


def former_names_of(actor: Actor) -> list[FormerName]:
    """The newest first."""
    return list(visible(FormerName, actor).filter(member=actor.member_id).order_by("-until", "-pk"))


# ------------------------------------------------------------------------------- for colleagues, by a case of theirs


def changes_of(actor: Actor, member: Member) -> list[ContactChange]:
    """Of a member the page let the actor in to, the newest first."""
    if not _sees_a_case_of(actor, member.pk):
        return []
    return list(ContactChange.objects.filter(member=member).order_by("-asked_at", "-pk")[: 2 * SHOWN])


def former_names_of_member(actor: Actor, member: Member) -> list[FormerName]:
    """The newest first."""
    if not _sees_a_case_of(actor, member.pk):
        return []
    return list(FormerName.objects.filter(member=member).order_by("-until", "-pk")[:SHOWN])


def notices_of(actor: Actor, change: ContactChange) -> list[ChangeNotice]:
    if not _sees_a_case_of(actor, change.member_id):
        return []
    return list(ChangeNotice.objects.filter(change=change).order_by("pk"))


def safe_contact_of_member(actor: Actor, member: Member) -> SafeContact | None:
    if not _sees_a_case_of(actor, member.pk):
        return None
    return SafeContact.objects.select_related("only").filter(member=member).first()


def _sees_a_case_of(actor: Actor, member_id: int) -> bool:
    return visible(Case, actor).filter(member=member_id).exists()
