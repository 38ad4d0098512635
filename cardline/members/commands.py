"""Changes to a member's own record."""

from __future__ import annotations

from datetime import datetime

from cardline.kit import clock
from cardline.kit.actors import Kind, Standing
from cardline.kit.commands import command
from cardline.kit.news import tell
from cardline.kit.refusals import NotThere
from cardline.members.models import Member


@command("member.lock_sign_in", by=[Kind.SYSTEM], about="member:{member_id}")
def lock_sign_in(*, by: Standing, now: datetime, member_id: int, locked: bool) -> None:
    """Lock or open a member's sign-in. Counts at their next request; their open screens close at once (SR-24).

    A lock stops guessing. It never stops protection: freezing a card, calling, writing as a guest (SR-31).
    """
    if not Member.objects.filter(pk=member_id).update(locked_at=clock.machine_now() if locked else None):
        raise NotThere()
    tell(f"revoked:member:{member_id}", None, {})
