"""What may happen to a legal date that is worked out anew. Pure."""

from __future__ import annotations

from datetime import date
from enum import StrEnum


class Move(StrEnum):
    SAME = "same"
    EARLIER = "earlier"
    LATER = "later"


def move_of(before: date, after: date) -> Move:
    if after == before:
        return Move.SAME
    return Move.LATER if after > before else Move.EARLIER


def may_move(move: Move, *, is_window: bool, is_person: bool, has_reason: bool) -> bool:
    """A date comes earlier by itself, and later only with a named person and a reason. A window is never shortened."""
    if move == Move.LATER:
        return is_person and has_reason
    return not (is_window and move == Move.EARLIER)
