"""What time alone makes happen to the question whether a charge was theirs: the next way of asking, or silence."""

from __future__ import annotations

import logging
from datetime import datetime

from cardline.fraud.commands import step_alert
from cardline.fraud.models import FraudAlert
from cardline.kit.actors import SYSTEM

log = logging.getLogger("cardline.fraud")

AT_ONCE = 100


def sweep(now: datetime) -> int:
    """Returns how many took a step."""
    due = FraudAlert.objects.filter(next_step_at__lte=now).order_by("next_step_at", "id")
    stepped = 0
    for alert_id in due.values_list("pk", flat=True)[:AT_ONCE]:
        try:
            stepped += step_alert(by=SYSTEM, now=now, alert_id=alert_id)
        except Exception:
            log.exception("fraud.stumbled", extra={"alert": alert_id})
    return stepped
