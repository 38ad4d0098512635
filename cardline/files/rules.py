"""Pure decisions about files."""

from __future__ import annotations

from datetime import timedelta

# Machine time before a file is looked at again after the scanner gave no answer.
_PAUSES = (5, 15, 60, 300, 600)  # seconds; then ten minutes each time, for as long as it takes
LEASE = timedelta(minutes=3)  # longer than a check takes when everything in it is slow


def next_try(tries: int) -> timedelta:
    """How long a file waits after its try number `tries` (from 1). It is never given up: somebody sent it."""
    return timedelta(seconds=_PAUSES[min(tries, len(_PAUSES)) - 1])
