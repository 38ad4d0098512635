"""What time alone makes happen to conversations.

What the card core never confirmed is put before a person; what was told for one command alone is forgotten where nobody
went on.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from cardline.flows.commands import call_a_person, forget_told
from cardline.flows.models import FlowRun
from cardline.kit.actors import SYSTEM

CALL_AFTER = timedelta(minutes=2)
FORGET_AFTER = timedelta(hours=1)
AT_ONCE = 100


def sweep(now: datetime) -> int:
    """Returns for how many conversations something was done."""
    return _call(now) + _forget(now)


def _call(now: datetime) -> int:
    waiting = FlowRun.objects.filter(
        state=FlowRun.State.OPEN, called_at=None, silent_since__lte=now - CALL_AFTER
    )
    runs = waiting.order_by("silent_since", "id").values_list("pk", flat=True)[:AT_ONCE]
    return sum(call_a_person(by=SYSTEM, now=now, run_id=run) for run in runs)


def _forget(now: datetime) -> int:
    told = FlowRun.objects.filter(private_since__lte=now - FORGET_AFTER).order_by("private_since", "id")
    return sum(
        forget_told(by=SYSTEM, now=now, run_id=run) for run in told.values_list("pk", flat=True)[:AT_ONCE]
    )
