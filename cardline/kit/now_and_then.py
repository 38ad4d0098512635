"""Things worth doing only now and then: at most once in a while for each name, in this process.

For signs of life that every request would give. It costs a look into a dictionary, no cache and no database; with
several processes each counts for itself.
"""

from __future__ import annotations

import time
from datetime import timedelta

MOST_NAMES = 20_000  # then all are forgotten, and each is due once more


class NowAndThen:
    def __init__(self, every: timedelta) -> None:
        self._every = every.total_seconds()
        self._last: dict[str, float] = {}

    def is_due(self, name: str) -> bool:
        """Whether it is time again for this name; from now on it is not, for `every`."""
        now = time.monotonic()
        if now - self._last.get(name, -self._every) < self._every:
            return False
        if len(self._last) >= MOST_NAMES:
            self._last.clear()
        self._last[name] = now
        return True

    def forget(self) -> None:
        """Everything is due again; for tests."""
        self._last.clear()
