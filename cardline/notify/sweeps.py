"""What time alone makes happen: what waited for the end of quiet hours or of a restriction goes on its way, and the
mails of alerts are gathered as they fall due, one member a step.

The rows come from a partial index, so that a look at nothing is short. Two workers meet in the conditional updates of
the command, and one of them finds nothing to do; a member whose step raises is looked at again later.
"""

from __future__ import annotations

import logging
from datetime import datetime

from cardline.kit.actors import SYSTEM
from cardline.notify.bounces import inbox
from cardline.notify.commands import gather_mail, push_aside
from cardline.notify.letters import sweeps as letters
from cardline.notify.models import Delivery, Outgoing
from cardline.notify.sending.commands import release_waiting
from cardline.notify.sending.held import held_to_look_at, look_at_held

log = logging.getLogger("cardline.notify")

AT_ONCE = 100


def members_due(now: datetime, most: int = AT_ONCE) -> list[int]:
    """Members for whom something is due, the longest waiting first; of so many deliveries."""
    due = Delivery.objects.filter(state=Delivery.State.WAITING, due_at__lte=now)
    return list(dict.fromkeys(due.order_by("due_at", "id").values_list("member_id", flat=True)[:most]))


def sweep(now: datetime) -> int:
    """Gather alerts that are due, let go what waited for the end of quiet hours, look at what a restriction held back,
    at what mail came back, and at letters that may need paper. Returns how much moved.
    """
    return _gather(now) + _release(now) + _look_at_held(now) + inbox.sweep(now) + letters.sweep(now)


def _release(now: datetime) -> int:
    """A look at nothing is one short query, and no command."""
    if not Outgoing.objects.filter(state=Outgoing.State.WAITING, due_at__lte=now).exists():
        return 0
    return release_waiting(by=SYSTEM, now=now)


def _look_at_held(now: datetime) -> int:
    held = held_to_look_at()
    for outgoing_id in held:
        look_at_held(by=SYSTEM, now=now, outgoing_id=outgoing_id)
    return len(held)


def _gather(now: datetime) -> int:
    moved = 0
    while members := members_due(now):
        before = moved
        for member_id in members:
            try:
                moved += gather_mail(by=SYSTEM, now=now, member_id=member_id)
            except Exception:
                log.exception("notify.stumbled", extra={"member": member_id})
                push_aside(by=SYSTEM, now=now, member_id=member_id)
        if moved == before:
            break  # others are at the same rows, or they stumbled; come back next time
    return moved
