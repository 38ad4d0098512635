"""The one redactor: text from people and outside systems passes here before it leaves memory (SR-3).

What is found is replaced by what a reader needs to know: `[card ••1005]`, `[security code]`, `[PIN]`; nothing
else in the text changes (SR-10), except that `tidy` takes out characters no person types. No clock, no file,
no socket, and work that grows with the length of the text and no faster (SR-14). How long a text may be is
for the caller to say.

Found so far: card numbers in digits, in any grouping and in any script's digits; security codes and PINs that
their words give away. Spoken digits, letters in place of digits, numbers split over messages, passwords, one-
time codes and identity data are not looked for yet, so `mode="wide"` still finds the same as `mode="narrow"`.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, Never, Self

from cardline.kit.redact.cards import find_cards
from cardline.kit.redact.codes import code_places
from cardline.kit.redact.digits import read_runs
from cardline.kit.redact.tidying import kept_places, tidy

__all__ = ["Clean", "Label", "Mode", "Span", "clean", "find", "is_blank", "tidy"]

Mode = Literal["narrow", "wide"]
Label = Literal["PAN", "CSC", "PIN"]

_MODES = frozenset({"narrow", "wide"})
_WORDS = {"CSC": "[security code]", "PIN": "[PIN]"}


class Span(NamedTuple):
    """Where something forbidden stands: code points `start` to before `end`."""

    start: int
    end: int
    label: Label


class Clean(str):
    """Text that has passed the redactor. Text fields take only this; the type checker finds what goes round.

    Everything made from it (slices, sums, a copy from a queue or a pickle) is ordinary text again, and passes
    anew.
    """

    __slots__ = ()

    def __new__(cls, made_only_by_clean: Never) -> Self:
        raise TypeError("only cardline.kit.redact.clean() makes Clean text")

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        return str, (str(self),)


def clean(text: str, mode: Mode = "narrow") -> Clean:
    """The text as it may be kept and shown. Doing it twice changes nothing more."""
    if mode not in _MODES:
        raise ValueError(f"mode is {mode!r}; it can be 'narrow' or 'wide'")
    if type(text) is Clean:
        return text
    tidied = tidy(text)
    hidden = _look(tidied)
    return str.__new__(Clean, _replace(tidied, hidden) if hidden else tidied)


def is_blank(text: str) -> bool:
    """Whether nobody would see anything in it: spaces, line breaks, and marks without a shape."""
    return not any(sign.isprintable() and not sign.isspace() for sign in text)


def find(text: str) -> list[Span]:
    """What `clean` would replace, in order and without overlap; places are those of `text` as given."""
    tidied = tidy(text)
    spans = [span for span, _ in _look(tidied)]
    if not spans or tidied == text:
        return spans
    kept = kept_places(text)
    return [Span(kept[span.start], kept[span.end - 1] + 1, span.label) for span in spans]


def _look(tidied: str) -> list[tuple[Span, str]]:
    """What has to go, in order, each with what stands in its place."""
    runs = read_runs(tidied)
    if not runs:
        return []
    cards = find_cards(tidied, runs)
    hidden = [(Span(card.start, card.end, "PAN"), f"[card ••{card.last_four}]") for card in cards]
    hidden += [(Span(*place), _WORDS[place[2]]) for place in code_places(tidied, runs, cards)]
    return sorted(hidden)


def _replace(text: str, hidden: list[tuple[Span, str]]) -> str:
    parts: list[str] = []
    done = 0
    for span, instead in hidden:
        parts += text[done : span.start], instead
        done = span.end
    parts.append(text[done:])
    return "".join(parts)
