"""How often somebody may guess before an account is locked to guessing (SR-31). Pure. Machine time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

MOST_WRONG = 5
LOCKED_FOR = timedelta(minutes=30)
FORGOTTEN_AFTER = timedelta(hours=24)  # a slip of yesterday takes nobody's tries of today


@dataclass(frozen=True, slots=True)
class Tally:
    """wrong: how many guesses went wrong since the last lock, the last right one or a quiet day."""

    wrong: int = 0
    last_at: datetime | None = None
    locked_until: datetime | None = None


def after_wrong(tally: Tally, at: datetime) -> Tally:
    """The tally with one more wrong guess; the fifth locks and begins to count anew."""
    wrong = _counting(tally, at) + 1
    if wrong < MOST_WRONG:
        return Tally(wrong, at)
    return Tally(0, at, at + LOCKED_FOR)


def is_locked(tally: Tally, at: datetime) -> bool:
    return tally.locked_until is not None and at < tally.locked_until


def tries_left(tally: Tally, at: datetime) -> int:
    """How many guesses may still go wrong; 0 while locked."""
    return 0 if is_locked(tally, at) else MOST_WRONG - _counting(tally, at)


def wrong_so_far(tally: Tally, at: datetime) -> int:
    return _counting(tally, at)


def _counting(tally: Tally, at: datetime) -> int:
    quiet = tally.last_at is None or at - tally.last_at >= FORGOTTEN_AFTER
    return 0 if quiet else tally.wrong
