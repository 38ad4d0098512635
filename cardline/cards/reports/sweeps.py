"""What time alone makes happen to reports: the way of a new card is asked for, and nothing is ever closed by it."""

from __future__ import annotations

import logging
from datetime import datetime

from cardline.cards.models import Report
from cardline.cards.reports.following import follow
from cardline.cards.reports.queries import ways_still_to_come
from cardline.kit.actors import SYSTEM

log = logging.getLogger("cardline.reports")

AT_ONCE = 100


def sweep(now: datetime) -> int:
    """Returns how many reports moved on."""
    return sum(_follow(report, now) for report in ways_still_to_come(now, AT_ONCE))


def _follow(report: Report, now: datetime) -> bool:
    try:
        return follow(by=SYSTEM, now=now, report_id=report.pk)
    except Exception:
        log.exception("report.stumbled", extra={"report": report.pk})
        return False
