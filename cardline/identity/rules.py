"""Levels V0–V3 from evidence (DOMAIN 8). Pure: values and `now` in, a level out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

SESSION_LASTS = timedelta(hours=12)  # SR-37
SEEN_EVERY = timedelta(minutes=5)  # how often "last seen" is written down

# What each kind of evidence is worth by itself, while it is fresh.
WORTH = {"signed_in_session": 2}


def level_from(kinds: Iterable[str]) -> int:
    """The level that fresh evidence of these kinds adds up to; 0 with none."""
    return max((WORTH.get(kind, 0) for kind in kinds), default=0)


def level_number(word: str) -> int:
    """2 for "V2". Raises ValueError for anything that is not V0 to V3."""
    if len(word) == 2 and word[0] == "V" and word[1] in "0123":
        return int(word[1])
    raise ValueError(f"{word!r} is no level; levels are V0, V1, V2, V3")
