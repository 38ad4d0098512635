"""What time alone makes of changes that wait: on the promised day they are made, unless somebody said no.

The rows that are due come from a partial index; each is a command of its own, whose conditional update lets two workers
meet.
"""

from __future__ import annotations

import logging
from datetime import datetime

from cardline.contactdata.changes.commands import do_due_change, put_off_change
from cardline.kit.actors import SYSTEM
from cardline.members.models import ContactChange

log = logging.getLogger("cardline.contactdata")

AT_ONCE = 100


def sweep(now: datetime) -> int:
    """Returns how many changes were made."""
    due = ContactChange.objects.filter(state=ContactChange.State.WAITING, due_at__lte=now)
    done = 0
    for change_id in due.order_by("due_at", "pk").values_list("pk", flat=True)[:AT_ONCE]:
        try:
            done += do_due_change(by=SYSTEM, now=now, change_id=change_id)
        except Exception:
            log.exception("contact_change.stumbled", extra={"change": change_id})
            put_off_change(by=SYSTEM, now=now, change_id=change_id)
    return done
