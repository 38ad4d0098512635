"""What the model sees of a sentence: its words and pairs, and runs of two to five letters, each as a 32-bit hash.

Accents, case, and anything a screen cannot show are dropped first, so that "alguien usó" and "alguien uso" are
one sentence. Training and answering share this module: a change here means training the model again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple
from zlib import crc32

# Nobody needs more to say why they came; it also bounds the time any input can take.
LONGEST = 1_000

_QUOTES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'"})
_WORD = re.compile(r"[\w']+")


class Features(NamedTuple):
    """Distinct hashes of one text; the two kinds are weighed apart so that long words do not drown short ones."""

    words: frozenset[int]
    letters: frozenset[int]


def plain(text: str) -> str:
    """The first LONGEST characters in lower case, without accents, control or format characters, single-spaced."""
    decomposed = unicodedata.normalize("NFKD", text[:LONGEST].translate(_QUOTES))
    kept = "".join(_shown(character) for character in decomposed[:LONGEST])
    return " ".join(kept.casefold().split())


def words_of(plain_text: str) -> list[str]:
    return _WORD.findall(plain_text)


def features(plain_text: str) -> Features:
    words = words_of(plain_text)
    return Features(
        words=frozenset(crc32(gram.encode()) for gram in _word_grams(words)),
        letters=frozenset(crc32(gram.encode()) for word in words for gram in _letter_grams(word)),
    )


def _shown(character: str) -> str:
    category = unicodedata.category(character)
    if category[0] == "M" or category == "Cf":  # accents; marks that only steer direction or joining
        return ""
    return " " if category[0] in "CZ" else character


def _word_grams(words: list[str]) -> Iterator[str]:
    yield from words
    for first, second in pairwise(words):
        yield f"{first} {second}"


def _letter_grams(word: str) -> Iterator[str]:
    """Runs of letters inside one word, its edges marked by a blank; the marker `#` keeps them apart from words."""
    padded = f" {word} "
    for length in range(2, 6):
        for start in range(max(1, len(padded) - length + 1)):
            yield "#" + padded[start : start + length]
