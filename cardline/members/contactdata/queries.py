"""What lower and other folders ask: is a change still in doubt, how long do points wait, may somebody be reached there?

None of it is shown to anybody; each decides for whoever acts, or for what is about to be sent.
"""

from __future__ import annotations

from datetime import datetime

from cardline.issuer.profile import current_profile
from cardline.members.contactdata.models import ContactChange, SafeContact
from cardline.members.contactdata.rules import (
    EMAIL,
    NAME,
    PHONE,
    POINTS_WAIT,
    POST,
    is_within_doubt,
    same_point,
)
from cardline.members.models import ContactPoint, Member

State = ContactChange.State
CHANGED_SOMETHING = (State.DONE, State.TAKEN_BACK)
CARRIED_BY_A_CARD = (POST, NAME)  # where it goes, and whose name it bears


def change_in_doubt(
    member_id: int, now: datetime, kinds: tuple[str, ...] = CARRIED_BY_A_CARD
) -> ContactChange | None:
    """The newest change of the address or the name that nobody was sure of yet, while no card goes out (SR-33).

    One that was taken back is in doubt like the change itself: who said so has not been checked.
    """
    rows = ContactChange.objects.filter(
        member=member_id, kind__in=kinds, state__in=CHANGED_SOMETHING, validated_at=None
    )
    zone = current_profile().zone
    for row in rows.order_by("-asked_at", "-pk")[:20]:
        since = row.ended_at or row.done_at
        if since is not None and is_within_doubt(since, now, zone):
            return row
    return None


def is_disputed(member_id: int) -> bool:
    """Somebody said "not me", and no person has settled it: what is asked until then waits for one."""
    rows = ContactChange.objects.filter(member=member_id, state=State.TAKEN_BACK, validated_at=None)
    return rows.exists()


def points_stay_until(member_id: int, now: datetime) -> datetime | None:
    """Until when points go nowhere but to the account itself, because the e-mail was changed; None when they may."""
    rows = ContactChange.objects.filter(
        member=member_id, kind=EMAIL, state__in=CHANGED_SOMETHING, done_at__gt=now - POINTS_WAIT
    )
    newest = rows.order_by("-done_at").first()
    return newest.done_at + POINTS_WAIT if newest and newest.done_at else None


def postal_code_that_counts(member: Member, now: datetime) -> str:
    """The postal code, as far as knowing it says anything: one that was changed is no fact for 30 days (SR-32)."""
    return "" if change_in_doubt(member.pk, now, (POST,)) else member.postal_code


def may_be_reached(member_id: int, kind: str, value: str) -> bool:
    """Whether the member said nothing against this place. kind: of ContactPoint."""
    return _allows(_safe_contact(member_id), kind, value)


def safe_points(member_id: int, points: list[ContactPoint]) -> list[ContactPoint]:
    """Those of a member's points that they may safely be reached by, in the same order."""
    safe = _safe_contact(member_id)
    return [point for point in points if _allows(safe, point.kind, point.value)]


def _safe_contact(member_id: int) -> SafeContact | None:
    return SafeContact.objects.select_related("only").filter(member=member_id).first()


def _allows(safe: SafeContact | None, kind: str, value: str) -> bool:
    if safe is None:
        return True
    if kind == POST and safe.no_post:
        return False
    return safe.only is None or (kind == PHONE and same_point(PHONE, safe.only.value, value))
