"""What time alone makes happen to conversations: what the card core never confirmed is put before a person."""

from __future__ import annotations

from datetime import datetime, timedelta

from cardline.flows.commands import call_a_person
from cardline.flows.models import FlowRun
from cardline.kit.actors import SYSTEM

CALL_AFTER = timedelta(minutes=2)
AT_ONCE = 100


def sweep(now: datetime) -> int:
    """Returns for how many conversations a person was called."""
    waiting = FlowRun.objects.filter(
        state=FlowRun.State.OPEN, called_at=None, silent_since__lte=now - CALL_AFTER
    )
    runs = waiting.order_by("silent_since", "id").values_list("pk", flat=True)[:AT_ONCE]
    return sum(call_a_person(by=SYSTEM, now=now, run_id=run) for run in runs)
