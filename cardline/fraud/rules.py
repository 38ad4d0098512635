"""What a word means, and what an answer does. Pure.

A no protects, so it counts whenever and wherever it comes. A yes gives a card back into use: by text it counts while
the question is fresh, and never against a no.
"""

from __future__ import annotations

from enum import StrEnum

from cardline.fraud.models import FraudAlert
from cardline.notify.rules import words_of

State = FraudAlert.State


class Word(StrEnum):
    """What a reply by text says, as far as a machine may read it. What ends texts was heard before
    (notify/inbound.py)."""

    YES = "yes"
    NO = "no"
    OTHER = "other"


_YES = frozenset({"yes", "y", "yeah", "yep", "si", "sí"})
_NO = frozenset({"no", "n", "nope"})


def read_word(text: str) -> Word:
    """One word, in either language, with whatever stands around it. "No idea" is no "no": a person reads that."""
    said = words_of(text)
    if said in _YES:
        return Word.YES
    return Word.NO if said in _NO else Word.OTHER


class Effect(StrEnum):
    """LIFT: purchases go on. FREEZE: the card is frozen and the report begins. SAME: said before. AGAINST: a yes after
    a no. LATE: a yes nobody waits for any more.
    """

    LIFT = "lift"
    FREEZE = "freeze"
    SAME = "same"
    AGAINST = "against"
    LATE = "late"


def effect_of(state: str, *, mine: bool, by_text: bool, is_fresh: bool) -> Effect:
    """is_fresh: within the days in which a reply by text counts."""
    if not mine:
        return Effect.SAME if state == State.NO else Effect.FREEZE
    if state == State.YES:
        return Effect.SAME
    if not by_text:
        return Effect.LIFT
    if state == State.NO:
        return Effect.AGAINST
    return Effect.LIFT if is_fresh else Effect.LATE
