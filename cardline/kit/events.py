"""Other apps' business: a lower app says what happened, a higher one's `reactions.py` answers, in the same transaction.

Named, listed in config/plugs.py, and found by searching for the event's name: no hidden path (STYLE 6).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Reaction = Callable[..., None]

_reactions: dict[str, list[Reaction]] = {}


def reacts_to(event: str) -> Callable[[Reaction], Reaction]:
    """Declare a reaction. It runs inside the command that made the event happen: keep it as short as a command."""

    def declare(reaction: Reaction) -> Reaction:
        known = _reactions.setdefault(event, [])
        if reaction not in known:
            known.append(reaction)
        return reaction

    return declare


def happened(event: str, **facts: Any) -> None:
    """Say what happened (noun and past participle), with plain values."""
    for reaction in _reactions.get(event, ()):
        reaction(**facts)
