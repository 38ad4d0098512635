"""What a member needs, from what they say: keyword routes first, then the model; two needs in one sentence give both.

Pure and quick (about a millisecond); the text is only read, never kept. Input of any length or content is answered.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cardline.kit.redact import clean
from cardline.needs.catalogue import OUT_OF_SCOPE, Urgency, need
from cardline.needs.model import model
from cardline.needs.routes import COMPROMISED, REPORT, denied, route
from cardline.needs.text import LONGEST, plain, words_of

ALTERNATIVES = 3

# Keyword routes are right about this often on the public sentences they match (docs/needs.md).
ROUTE_CONFIDENCE = 0.95

# A part of a sentence has lost its context: only a very sure second need is worth mentioning.
ALSO_CONFIDENCE = 0.8
SHORTEST_PART = 3  # words
MOST_PARTS = 6
_NEVER_ALSO = frozenset({OUT_OF_SCOPE, "contact.chitchat"})
# "I used my card" is half of many sentences: in a part, only the keywords of these count.
_BY_KEYWORD_ONLY = frozenset({REPORT, COMPROMISED})
_BETWEEN_PARTS = re.compile(
    r"[.;!?,]+ | - |(?:^| )(?:and|also|plus|another thing|by the way|y|ademas|tambien|otra cosa)(?= )"
)


@dataclass(frozen=True, slots=True)
class Guess:
    """confidence: how often such a guess is right, 0 to 1."""

    need: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text says its writer needs.

    alternatives: the next best needs, best first. also: further needs the same text names.
    sure: whether to act on it; when not, ask one question with `choices`.
    """

    need: str
    confidence: float
    alternatives: tuple[Guess, ...] = ()
    also: tuple[str, ...] = ()
    sure: bool = False

    @property
    def choices(self) -> tuple[str, ...]:
        """The best three needs, to ask which one it is."""
        return (self.need, *(guess.need for guess in self.alternatives))[:3]


def triage(text: str) -> Reading:
    """The need a text names. A text without words is out of scope with confidence 0."""
    plain_text = plain(clean(text[:LONGEST]))  # a card number typed into the sentence goes no further
    if not words_of(plain_text):
        return Reading(OUT_OF_SCOPE, 0.0)
    guesses, routed = _read(plain_text)
    parts = _clear_parts(plain_text)
    best = guesses[0]
    if best.confidence < model().sure and parts:
        # Two needs at once blur the whole; the parts are clear. The most urgent of them leads.
        best = min(parts, key=lambda part: _urgency(part.need))
    others = dict.fromkeys((*routed, *(part.need for part in parts)))
    return Reading(
        need=best.need,
        confidence=best.confidence,
        alternatives=tuple(guess for guess in guesses if guess.need != best.need)[:ALTERNATIVES],
        also=tuple(other for other in others if other != best.need),
        sure=best.confidence >= model().sure,
    )


def _read(plain_text: str) -> tuple[list[Guess], tuple[str, ...]]:
    """Every need, likeliest first, and the needs that a keyword route brings along."""
    likely = model().probabilities(plain_text)
    if excluded := denied(plain_text):
        remaining = {name: share for name, share in likely.items() if name not in excluded}
        total = sum(remaining.values())
        likely = dict.fromkeys(excluded, 0.0) | {name: share / total for name, share in remaining.items()}
    routed = route(plain_text)
    if routed:
        likely[routed.need] = max(likely[routed.need], ROUTE_CONFIDENCE)
    ranked = sorted(likely.items(), key=lambda item: (routed is None or item[0] != routed.need, -item[1]))
    return [Guess(name, round(share, 4)) for name, share in ranked], routed.also if routed else ()


def _clear_parts(plain_text: str) -> list[Guess]:
    """What single parts of the text name very clearly; the part that gives the whole its need among them."""
    parts = [part.strip() for part in _BETWEEN_PARTS.split(plain_text)]
    parts = [part for part in parts if len(words_of(part)) >= SHORTEST_PART][:MOST_PARTS]
    if len(parts) < 2:
        return []
    return [guess for part in parts if _is_clear(guess := _read(part)[0][0], part)]


def _is_clear(guess: Guess, part: str) -> bool:
    if guess.confidence < ALSO_CONFIDENCE or guess.need in _NEVER_ALSO:
        return False
    return guess.need not in _BY_KEYWORD_ONLY or route(part) is not None


def _urgency(need_id: str) -> int:
    return list(Urgency).index(need(need_id).urgency)
