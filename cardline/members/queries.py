"""Questions about members."""

from __future__ import annotations

from cardline.members.models import Member


def member_by_number(core_customer: str) -> Member | None:
    """The member the card core knows by this number. For finding out who is spoken for; shows nothing to anybody."""
    return Member.objects.filter(core_customer=core_customer).first()
