"""What time alone makes happen to letters: one on their pages whose announcement failed goes on paper while that is in
time; one that was held goes when nothing is in its way any more.
"""

from __future__ import annotations

import logging
from datetime import datetime

from cardline.issuer.profile import current_profile
from cardline.kit.actors import SYSTEM, Kind, Standing
from cardline.kit.commands import command
from cardline.notify.letters import rules
from cardline.notify.letters.commands import fall_to_paper, free, way_on_paper
from cardline.notify.letters.models import Letter
from cardline.notify.letters.rules import HELD_LOOK, look_at_shown, needs_paper
from cardline.notify.queries import how_it_went

log = logging.getLogger("cardline.notify")

AT_ONCE = 100
State = Letter.State


def due_letters(now: datetime, most: int = AT_ONCE) -> list[int]:
    """Letters that it is time to look at, the longest waiting first."""
    due = Letter.objects.filter(look_at__lte=now).order_by("look_at", "id")
    return list(due.values_list("pk", flat=True)[:most])


def sweep(now: datetime) -> int:
    """Look at what is due. Returns how many letters moved."""
    moved = 0
    for letter_id in due_letters(now):
        try:
            moved += look_at_letter(by=SYSTEM, now=now, letter_id=letter_id)
        except Exception:
            log.exception("letter.stumbled", extra={"letter": letter_id})
            push_letter_aside(by=SYSTEM, now=now, letter_id=letter_id)
    return moved


@command("letter.look", by=[Kind.SYSTEM], housekeeping=True)
def look_at_letter(*, by: Standing, now: datetime, letter_id: int) -> bool:
    """Move a letter that needs it, else say when to look again. False: it stays, or somebody was quicker."""
    row = Letter.objects.select_related("member").filter(pk=letter_id, look_at__lte=now).first()
    if row is None:
        return False
    if row.state == State.HELD:
        return _look_at_held(row, now)
    return _look_at_shown(row, now)


@command("letter.stumble", by=[Kind.SYSTEM], housekeeping=True)
def push_letter_aside(*, by: Standing, now: datetime, letter_id: int) -> None:
    """A letter whose look raised is looked at again later, so that it holds up no other."""
    Letter.objects.filter(pk=letter_id, look_at__isnull=False).update(look_at=now + HELD_LOOK)


def _look_at_held(row: Letter, now: datetime) -> bool:
    way = way_on_paper(row, now)
    if not way.is_held:
        return free(row, way, now)
    Letter.objects.filter(pk=row.pk, state=State.HELD).update(look_at=now + HELD_LOOK, why=way.why)
    return False


def _look_at_shown(row: Letter, now: datetime) -> bool:
    """What was read has arrived, whatever became of the e-mail."""
    zone = current_profile().zone
    assert row.announced_id is not None
    went = how_it_went(row.announced_id)
    if row.read_at is None and needs_paper(went.gone, went.over, now, row.act_by, zone):
        return fall_to_paper(row, rules.BOUNCED, now)
    again = None if row.read_at else look_at_shown(now, row.act_by, zone)
    Letter.objects.filter(pk=row.pk, state=State.SHOWN).update(look_at=again)
    return False
