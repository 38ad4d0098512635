"""What silence alone ends: sessions in which nobody did anything for too long, or that are too old (SR-37).

Requests find such a session ended without this; the sweep is for open screens, which would go on showing what comes.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from cardline.kit import clock
from cardline.kit.actors import SYSTEM
from cardline.kit.refusals import NotThere
from cardline.staff.models import StaffSession
from cardline.staff.rules import IDLE_AFTER, SESSION_LASTS
from cardline.staff.sessions import end_session


def end_silent_sessions(at: datetime) -> int:
    """Returns how many ended. at: machine time."""
    ended = 0
    silent = StaffSession.objects.filter(Q(seen_at__lte=at - IDLE_AFTER) | Q(since__lte=at - SESSION_LASTS))
    for session_id in silent.values_list("pk", flat=True):
        try:
            end_session(by=SYSTEM, now=clock.now(), session_id=session_id)
        except NotThere:
            continue  # they signed out meanwhile, or another worker was quicker
        ended += 1
    return ended
