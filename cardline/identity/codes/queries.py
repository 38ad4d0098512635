"""Whether a code is on its way."""

from __future__ import annotations

from cardline.identity.models import Challenge
from cardline.kit import clock


def is_code_under_way(contact_id: int) -> bool:
    """Of a contact the caller has already seen: one was sent there that still counts."""
    sent = Challenge.objects.filter(contact=contact_id, used_at=None, expires_at__gt=clock.machine_now())
    return sent.exists()


def contacts_with_a_code(member_id: int) -> list[int]:
    """Numbers of the contacts in which a code was sent to this member that still counts; theirs to be narrowed down."""
    sent = Challenge.objects.filter(member=member_id, used_at=None, expires_at__gt=clock.machine_now())
    return [contact for contact in sent.values_list("contact", flat=True).distinct() if contact is not None]
