"""What time alone makes happen to promises, in small steps that can be taken up again.

The rows that are due come from a partial index. Each is its own command; one that raises is pushed aside, so it cannot
block the others; two workers meet in the conditional update of the command, and one of them finds nothing to do.
"""

from __future__ import annotations

import logging
from datetime import datetime

from cardline.kit.actors import SYSTEM
from cardline.promises.commands import push_aside, step_promise
from cardline.promises.models import Promise

log = logging.getLogger("cardline.promises")

AT_ONCE = 100


def due_steps(now: datetime, most: int = AT_ONCE) -> list[int]:
    """Promises whose ladder must act, soonest due first."""
    return list(
        Promise.objects.filter(next_step_at__lte=now)
        .order_by("next_step_at", "id")
        .values_list("pk", flat=True)[:most]
    )


def sweep(now: datetime) -> int:
    """Let every due ladder act. Returns how many steps were taken; each rung of a promise is one."""
    taken = 0
    while ids := due_steps(now):
        moved = 0
        for promise_id in ids:
            try:
                moved += bool(step_promise(by=SYSTEM, now=now, promise_id=promise_id))
            except Exception as error:
                log.exception("promise.stumbled", extra={"promise": promise_id})
                push_aside(by=SYSTEM, now=now, promise_id=promise_id, error=type(error).__name__)
        taken += moved
        if not moved:
            break  # others are at the same rows, or they stumbled; come back next time
    return taken
