"""Is somebody there? Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

LOST_AFTER = timedelta(seconds=45)  # the desk gives a sign of life every 25 s


def presence_of(state: str, seen_at: datetime, now: datetime) -> str:
    """available, busy, away or lost. Lost: they never said goodbye, but their screen is silent. Machine time."""
    if state != "away" and now - seen_at > LOST_AFTER:
        return "lost"
    return state
