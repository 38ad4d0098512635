"""How often is too often (SR-44). Counters live in Redis when there are several processes, else in memory.

A counter that gets lost lets somebody try once more; nothing else depends on it. While Redis does not answer, each
process counts for itself: no freeze waits for a counter (SR-77).
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache

from cardline.kit import outside
from cardline.kit.refusals import TooMany

log = logging.getLogger("cardline.limits")


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` in `seconds`, counted in fixed windows of that length."""

    name: str
    most: int
    seconds: int


CHAT_STARTS = Limit("chat_starts", 6, 600)
MESSAGES = Limit("messages", 120, 60)
LOOK_UPS = Limit("look_ups", 10, 600)
LOOK_UPS_IN_ALL = Limit("look_ups_in_all", 600, 60)
FREEZES = Limit("freezes", 10, 3_600)
CARD_CHANGES = Limit("card_changes", 10, 3_600)
TRIAGE = Limit("triage", 120, 60)
DOWNLOADS = Limit("downloads", 20, 600)  # each may read 10,000 rows
API_CALLS = Limit("api_calls", 3_000, 60)
API_CALLS_IN_ALL = Limit("api_calls_in_all", 12_000, 60)


def count(limit: Limit, who: str) -> None:
    """Count one more of it for `who` (an actor's key, an address, or "all"). Raises TooMany above the limit.

    A command that is begun anew (kit/outside.py) counts once.
    """
    if not outside.first_time(f"limit:{limit.name}:{who}"):
        return
    seconds = int(time.time())
    window = seconds // limit.seconds
    key = f"limit:{limit.name}:{who}:{window}"
    shared = _count_shared(key, limit) if settings.CARDLINE_REDIS_URL else None
    counted = _count_here(key, window, limit) if shared is None else shared
    if counted > limit.most * settings.CARDLINE_LIMIT_FACTOR:
        refusal = TooMany()
        refusal.retry_after = limit.seconds - seconds % limit.seconds
        raise refusal


def _count_shared(key: str, limit: Limit) -> int | None:
    """In Redis, for all processes; None while Redis does not answer."""
    from redis import RedisError  # a quarter of a second at start, for installations that have no Redis

    try:
        cache.add(key, 0, timeout=limit.seconds + 5)
        return int(cache.incr(key))
    except ValueError:  # it ran out between the two calls
        return 1
    except RedisError:
        log.warning("limits.counted_here")
        return None


# One process counts for itself: Django's local cache pickles each value, which cost a tenth of a chat message.
_here: dict[str, dict[str, int]] = {}
_windows: dict[str, int] = {}
_lock = threading.Lock()


def _count_here(key: str, window: int, limit: Limit) -> int:
    with _lock:
        if _windows.get(limit.name) != window:
            _windows[limit.name] = window
            _here[limit.name] = {}
        counters = _here[limit.name]
        counters[key] = counters.get(key, 0) + 1
        return counters[key]


def forget() -> None:
    """Start counting anew; for tests."""
    with _lock:
        _here.clear()
        _windows.clear()
