"""How often is too often (SR-44). Counters live in the cache, which processes share when there are several.

A counter that gets lost lets somebody try once more; nothing else depends on it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.core.cache import cache

from cardline.kit.refusals import TooMany


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
TRIAGE = Limit("triage", 120, 60)
API_CALLS = Limit("api_calls", 3_000, 60)


def count(limit: Limit, who: str) -> None:
    """Count one more of it for `who` (an actor's key, an address, or "all"). Raises TooMany above the limit."""
    window = int(time.time()) // limit.seconds
    key = f"limit:{limit.name}:{who}:{window}"
    cache.add(key, 0, timeout=limit.seconds + 5)
    try:
        counted = cache.incr(key)
    except ValueError:  # it ran out between the two calls
        return
    if counted > limit.most:
        refusal = TooMany()
        refusal.retry_after = limit.seconds - int(time.time()) % limit.seconds
        raise refusal
