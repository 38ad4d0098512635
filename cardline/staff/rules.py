"""Is somebody there, how long may they stay, and where do they sit? Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

LOST_AFTER = timedelta(seconds=45)  # the desk gives a sign of life every 25 s
SIGN_EVERY = timedelta(seconds=20)  # how often one given by a plain request is written down

IDLE_AFTER = timedelta(minutes=15)  # SR-37
SESSION_LASTS = timedelta(hours=12)  # SR-37
SEEN_EVERY = timedelta(seconds=60)  # how often "last seen" is written down

# The first that is found counts: Edge calls itself Chrome too, Chrome calls itself Safari, Android Linux.
_BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def presence_of(state: str, seen_at: datetime, now: datetime) -> str:
    """available, busy, away or lost. Lost: they never said goodbye, but their screen is silent. Machine time."""
    if state != "away" and now - seen_at > LOST_AFTER:
        return "lost"
    return state


def device_of(user_agent: str) -> str:
    """ "Firefox, Windows": enough for somebody to know their own devices; "" when it says nothing we know."""
    found = (
        next((name for mark, name in known if mark in user_agent), "") for known in (_BROWSERS, _SYSTEMS)
    )
    return ", ".join(filter(None, found))
