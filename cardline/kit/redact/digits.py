"""Runs of digits in a text, in any script, and what may stand between two runs of one number."""

from __future__ import annotations

import re
import string
import unicodedata
from typing import NamedTuple

# Decimal digits of every script are `\d`. The decorated ones are their own kind of run: a footnote mark after
# a number must not make the number longer.
_DECORATED = "⁰¹²³⁴-⁹₀-₉①-⑨⓪❶-❾⓿➀-➈➊-➒⓵-⓽⑴-⑼⒈-⒐"
_RUN = re.compile(rf"\d+|[{_DECORATED}]+")
_ANY = re.compile(rf"[\d{_DECORATED}]")
# Only these make identifiers: in a script without word spaces a digit always has a letter beside it. What
# stands for a line break or tab inside JSON is no letter.
_LETTERS = frozenset(string.ascii_letters)
_ESCAPES = frozenset({"\\n", "\\r", "\\t"})
_MASKS = frozenset("•●█*")


class Run(NamedTuple):
    """Neighbouring digits: `digits` in ASCII, standing at code points `start` to before `end`.

    touches_left, touches_right: a Latin letter stands directly beside it, so it is likely in an identifier.
    """

    start: int
    end: int
    digits: str
    touches_left: bool
    touches_right: bool

    @property
    def stands_alone(self) -> bool:
        return not (self.touches_left or self.touches_right)


def read_runs(text: str) -> list[Run]:
    if not _ANY.search(text):
        return []
    runs = []
    for match in _RUN.finditer(text):
        start, end = match.span()
        found = match[0]
        runs.append(
            Run(
                start,
                end,
                found if found.isascii() else _in_ascii(found),
                start > 0 and text[start - 1] in _LETTERS and text[start - 2 : start] not in _ESCAPES,
                end < len(text) and text[end] in _LETTERS,
            )
        )
    return runs


def _in_ascii(digits: str) -> str:
    return "".join(str(unicodedata.digit(digit)) for digit in digits)


def is_masked(text: str, run: Run) -> bool:
    """Whether this is what a masked number lets be seen, as in `••1005`."""
    return run.start > 0 and text[run.start - 1] in _MASKS


# Not seen on the page: zero-width and direction marks, soft hyphen, variation selectors, the keycap.
_UNSEEN = "\u00ad\u034f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff\u20e3"
_DASHES = "‐‑‒–—―−﹣－-"
_DOTS = ".·․．。"
_GAP = re.compile(rf"[\s{_UNSEEN}{_DOTS}/_|,+{_DASHES}]*")
_LONGEST_GAP = 8
_UNSEEN_SIGN = re.compile(rf"[{_UNSEEN}]")
_PLAIN = str.maketrans({**dict.fromkeys(_DASHES, "-"), **dict.fromkeys(_DOTS, ".")})


def joins(text: str, left: Run, right: Run) -> bool:
    """Whether the two could be groups of one written number."""
    begin, end = left.end, right.start
    return end - begin <= _LONGEST_GAP and _GAP.fullmatch(text, begin, end) is not None


def separator(text: str, left: Run, right: Run) -> str:
    """How two joined runs are set apart: nothing, a space, a line break, or the sign used."""
    gap = _UNSEEN_SIGN.sub("", text[left.end : right.start])
    if "\n" in gap:
        return "\n"
    sign = gap.strip().translate(_PLAIN)
    return sign or (" " if gap else "")
