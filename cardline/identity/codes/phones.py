"""The phones of a member that a code may go to, or that we may call back to know who speaks (DOMAIN 8, SR-32)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef

from cardline.identity.codes.rules import changed_lately, is_bound
from cardline.kit import plugs
from cardline.members.contactdata.queries import safe_points
from cardline.members.models import ContactPoint


def phones_that_count(member_id: int, now: datetime) -> list[ContactPoint]:
    """The preferred one first. A number that stands in somebody else's record, too, proves nothing for either; one they
    said not to use is not called (SafeContact)."""
    theirs = ContactPoint.objects.filter(member=member_id, kind=ContactPoint.Kind.PHONE)
    others = ContactPoint.objects.filter(kind=ContactPoint.Kind.PHONE, tail=OuterRef("tail"))
    alone = theirs.filter(~Exists(others.exclude(member=member_id)))
    points = safe_points(member_id, list(alone.select_related("member").order_by("-preferred", "pk")))
    return [point for point in points if is_bound(point.since, point.member.since, now)]


def phones_for_codes(member_id: int, now: datetime) -> list[ContactPoint]:
    """Those of them that take a text message (a landline can only be called), with the carrier and SIM card they were
    with: only they are a bound factor.
    """
    points = phones_that_count(member_id, now)
    return [point for point in points if point.takes_texts and not has_changed_hands(point, now)]


def phone_that_counts(member_id: int, point_id: int, now: datetime) -> ContactPoint | None:
    return next((point for point in phones_that_count(member_id, now) if point.pk == point_id), None)


def has_changed_hands(point: ContactPoint, now: datetime) -> bool:
    """Whether its number went to another carrier or SIM card in the last 30 days (DOMAIN 8, takeover 6)."""
    return changed_lately(plugs.numbers.number_changed_since(point.value), now)
