"""Reference numbers: `7K4-29QM` for a case, `7K4-29QM-1` for the first contact under it (DESIGN 3).

Seven symbols of 32 (digits, and letters without I, L, O and U, which are misread or make words). The last one
checks the others. A reference holds a letter, so it is never taken for a card number, and 30 bits are chance,
so it opens nothing by itself: whoever looks one up shows a second fact, or is signed in (SR-18).

The check: symbols are the elements of the field GF(32) = GF(2)[x] / (x⁵ + x² + 1), read as bits. A reference
is a polynomial over that field, first symbol foremost, and valid where it is zero at the element x² + 1.
Symbol n places from the end thus weighs (x² + 1)ⁿ. No weight is zero, so no single wrong symbol passes; the
weights differ, so no swap of two different symbols passes, neighbours or not. Of the elements that give this,
x² + 1 is the one for which the example of the design, 7K4-29QM, is valid.
"""

from __future__ import annotations

import random
import re
import secrets
from typing import Literal

from cardline.kit.languages import spoken

Problem = Literal["length", "symbol", "no_letter", "check"]

SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 7
EXAMPLE = "7K4-29QM"

_VALUES = {symbol: value for value, symbol in enumerate(SYMBOLS)}
_FIELD = 0b100101  # x⁵ + x² + 1
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
_BETWEEN = re.compile(r"[\s\u00ad\u200b-\u200f\u2060\ufeff‐‑‒–—−-]+")
_LONGEST_TYPED = 100
_CONTACT_NUMBER = re.compile(r"[0-9]{1,4}")


class BadReference(ValueError):
    """What was typed is no reference. `kind` says why; `explain(kind, language)` tells the person."""

    def __init__(self, kind: Problem) -> None:
        super().__init__(kind)
        self.kind: Problem = kind


def new_reference(rng: random.Random | None = None) -> str:
    """Seven symbols by chance, as they are stored. Whether they are given out already is the caller's to ask.

    rng: the system's secure one unless a test brings its own.
    """
    draw = rng or secrets.SystemRandom()
    while True:
        body = "".join(draw.choices(SYMBOLS, k=LENGTH - 1))
        reference = body + _check_symbol(body)
        if not reference.isdigit():
            return reference


def parse_reference(typed: str) -> str:
    """The stored form of what a person typed. Lower case, spaces, dashes, and O, I, L for 0, 1, 1 are fine.

    Raises BadReference.
    """
    symbols = _symbols(typed)
    if len(symbols) != LENGTH:
        raise BadReference("length")
    return _checked(symbols)


def show_reference(reference: str) -> str:
    return f"{reference[:3]}-{reference[3:]}"


def contact_reference(reference: str, number: int) -> str:
    """What the `number`th contact of a case is called, counted from 1."""
    if not 1 <= number <= 9999:
        raise ValueError(f"contacts are numbered from 1 to 9999, not {number}")
    return f"{show_reference(reference)}-{number}"


def parse_contact_reference(typed: str) -> tuple[str, int]:
    """Case and number of the contact of what a person typed. The check symbol is for the case only.

    Raises BadReference, also where the number is missing.
    """
    symbols = _symbols(typed)
    number = _CONTACT_NUMBER.fullmatch(symbols, LENGTH)
    if number is None or not int(number[0]):
        raise BadReference("length")
    return _checked(symbols[:LENGTH]), int(number[0])


def spell_reference(reference: str, language: str) -> str:
    """For reading aloud on the phone: "seven, kilo, four, two, nine, quebec, mike"."""
    digits = _DIGIT_WORDS[spoken(language)]
    return ", ".join(
        digits[int(symbol)] if symbol.isdigit() else _LETTER_WORDS[symbol] for symbol in reference
    )


def explain(kind: Problem, language: str) -> str:
    """What we say to a person whose reference was refused."""
    return _SENTENCES[spoken(language)][kind].format(example=EXAMPLE)


def _symbols(typed: str) -> str:
    if len(typed) > _LONGEST_TYPED:
        raise BadReference("length")
    symbols = _BETWEEN.sub("", typed).upper().translate(_READ_AS)
    if not all(symbol in _VALUES for symbol in symbols):
        raise BadReference("symbol")
    return symbols


def _checked(symbols: str) -> str:
    if symbols.isdigit():
        raise BadReference("no_letter")
    if _value(symbols) != 0:
        raise BadReference("check")
    return symbols


def _check_symbol(body: str) -> str:
    return SYMBOLS[_weighed(_value(body))]


def _value(symbols: str) -> int:
    """The polynomial of these symbols at x² + 1, by Horner's rule. Adding in the field is exclusive or."""
    value = 0
    for symbol in symbols:
        value = _weighed(value) ^ _VALUES[symbol]
    return value


def _weighed(value: int) -> int:
    """`value` times x² + 1: twice times x, and once itself."""
    return _times_x(_times_x(value)) ^ value


def _times_x(value: int) -> int:
    value <<= 1
    return value ^ _FIELD if value > 31 else value


_DIGIT_WORDS = {
    "en": ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
    "es": ["cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"],
}
# The spelling words of the International Civil Aviation Organization, the same in both languages.
_SPELLING = (
    "alfa bravo charlie delta echo foxtrot golf hotel juliett kilo mike november papa quebec romeo sierra"
    " tango victor whiskey x-ray yankee zulu"
)
_LETTER_WORDS = {word[0].upper(): word for word in _SPELLING.split()}
_SENTENCES: dict[str, dict[Problem, str]] = {
    "en": {
        "length": "We can't find that reference. It has 7 letters and numbers, like {example}.",
        "symbol": "We can't find that reference. It has only letters and numbers, like {example}.",
        "no_letter": (
            "We can't find that reference. It has 7 letters and numbers, at least one of them a letter,"
            " like {example}."
        ),
        "check": (
            "We can't find that reference. It has 7 letters and numbers, like {example}. Check for 0 and 8."
        ),
    },
    "es": {
        "length": "No encontramos esa referencia. Tiene 7 letras y números, como {example}.",
        "symbol": "No encontramos esa referencia. Solo tiene letras y números, como {example}.",
        "no_letter": (
            "No encontramos esa referencia. Tiene 7 letras y números, al menos una letra entre ellos,"
            " como {example}."
        ),
        "check": (
            "No encontramos esa referencia. Tiene 7 letras y números, como {example}. Revise el 0 y el 8."
        ),
    },
}
