"""What a restriction held back goes when the restriction is over, if its reader still has use for it.

A message says no more than that there is news, and the news stands on their pages. So one that waited for long is
dropped, and so is one whose place is theirs no more: nobody wants to hear in spring of a chat in autumn.
"""

from __future__ import annotations

from datetime import datetime

from cardline.kit import clock
from cardline.kit.actors import Kind, Standing
from cardline.kit.commands import command
from cardline.members.restrictions.queries import may_send
from cardline.members.restrictions.rules import Allow
from cardline.notify.models import Outgoing
from cardline.notify.outgoing import look_at
from cardline.notify.reach import ways_to
from cardline.notify.sending.commands import HELD_LOOK, RESTRICTED
from cardline.notify.wording import template

STALE = "stale"
AT_ONCE = 100

State = Outgoing.State


def held_to_look_at(most: int = AT_ONCE) -> list[int]:
    """Held messages that it is time to look at, by number; by the machine's clock."""
    held = Outgoing.objects.filter(state=State.REFUSED, problem=RESTRICTED)
    due = held.filter(next_try_at__lte=clock.machine_now()).order_by("next_try_at", "id")
    return list(due.values_list("pk", flat=True)[:most])


@command("notify.look_at_held", by=[Kind.SYSTEM], housekeeping=True)
def look_at_held(*, by: Standing, now: datetime, outgoing_id: int) -> None:
    """Send it after all, drop it, or look again later. Nothing where somebody was quicker."""
    held = Outgoing.objects.filter(pk=outgoing_id, state=State.REFUSED, problem=RESTRICTED)
    row = held.select_related("member").first()
    if row is None:
        return
    if _is_stale(row, now):
        drop_held(by=by, now=now, outgoing_id=outgoing_id)
    elif isinstance(may_send(row.member_id, f"message:{row.template}", now), Allow):
        send_held(by=by, now=now, outgoing_id=outgoing_id)
    else:
        held.update(next_try_at=clock.machine_now() + HELD_LOOK)


@command("notify.send_held", by=[Kind.SYSTEM], about="outgoing:{outgoing_id}")
def send_held(*, by: Standing, now: datetime, outgoing_id: int) -> bool:
    """No restriction stands in its way any more: it goes like one that is new. False: somebody was quicker."""
    held = Outgoing.objects.filter(pk=outgoing_id, state=State.REFUSED, problem=RESTRICTED)
    if not held.update(state=State.QUEUED, problem="", tries=0, next_try_at=None):
        return False
    look_at(Outgoing.objects.get(pk=outgoing_id), clock.machine_now())
    return True


@command("notify.drop_held", by=[Kind.SYSTEM], about="outgoing:{outgoing_id}")
def drop_held(*, by: Standing, now: datetime, outgoing_id: int) -> bool:
    """It is of no use any more, and stays unsent; colleagues read so. False: somebody was quicker."""
    held = Outgoing.objects.filter(pk=outgoing_id, state=State.REFUSED, problem=RESTRICTED)
    return bool(held.update(problem=STALE, next_try_at=None))


def _is_stale(row: Outgoing, now: datetime) -> bool:
    known = template(row.template)
    if row.secret or now - row.asked_at >= known.useful:
        return True
    return (row.channel, row.to) not in ways_to(row.member, (row.channel,))
