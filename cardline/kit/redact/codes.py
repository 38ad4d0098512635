"""Security codes and PINs: short numbers that the words around them give away (SR-6).

The words are read from the number outwards, so that a text about codes, or a number beside such a text, stays
(SR-9).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import Literal

from cardline.kit.redact.cards import Card
from cardline.kit.redact.digits import Run, is_masked

Secret = Literal["CSC", "PIN"]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_CODE_LABELS = """
    cvv|cvv2|cvvs|cvc|cvc2|cvn|cvd|cid|csc|cav2|securitycode|security code|security number|security digits
    |card security code|card verification code|card verification number|card verification value
    |codigo de seguridad|codigo seguridad|clave de seguridad|numero de seguridad
    |codigo de verificacion de la tarjeta
"""
_PIN_LABELS = "pin|pincode|nip|numero secreto|clave del cajero"
_LABELS: dict[tuple[str, ...], Secret] = {
    **{tuple(label.split()): "CSC" for label in _CODE_LABELS.split("|")},
    **{tuple(label.split()): "PIN" for label in _PIN_LABELS.split("|")},
}
_LABEL_SIZES = sorted({len(label) for label in _LABELS})
_LAST_WORDS = frozenset(label[-1] for label in _LABELS)
# Every label has one of these; most texts have none, and are done with after this look.
_TELLING = _words(
    "cvv cvc cvn cvd cid csc cav2 security verification pin nip seguridad verificacion secreto cajero"
)
_SIZES: dict[Secret, range] = {"CSC": range(3, 5), "PIN": range(4, 7)}

# "my PIN *is* 8350", "the CVV on the *back* 462": words that hand the label on to the number after them ...
_HANDS_ON = _words(
    "is was are s to now equals number no num nr code value back front"
    " es era son ahora numero codigo valor reverso atras detras frente"
)
# ... and words that may stand between the label and those.
_BETWEEN = _HANDS_ON | _words(
    "a the my your his her our their this that on of for card new old current reverse side debit credit"
    " amex visa mastercard el la mi su tu de del en por tarjeta nueva nuevo actual debito credito"
)
# "837 *is my* CVV"
_IS = _words("is was es era")
_OWNS = _words("a the my your his her our their amex visa mastercard el la mi su tu")

_WORD = re.compile(r"[^\W_]+|[?!;\[\]]|\.\s")
_WORD_OR_COMMA = re.compile(r"[^\W_]+|[?!;:,.\[\]]")
_ACCENTS = str.maketrans("áéíóúü", "aeiouu")
_REACH = 64  # code points looked at on each side
_MOST_BETWEEN = 9  # words, the label's last with them
# "4242… 12/27 837": after a card number and its last month no word is needed.
_LAST_MONTH_THEN_CODE = re.compile(
    r"[\s,;:|/.-]{1,6}(?:exp[a-z]{0,6}[\s.:]{1,3})?(?:0?[1-9]|1[0-2])[\s/-]{0,3}(?:20)?\d\d[\s,;:|/.-]{1,6}"
    r"(?P<code>\d{3,4})(?!\w)",
    re.IGNORECASE,
)


def code_places(text: str, runs: list[Run], cards: list[Card]) -> Iterator[tuple[int, int, Secret]]:
    """Start, end and kind of each code outside the card numbers. In no order."""
    beside_card = {
        match.span("code") for card in cards if (match := _LAST_MONTH_THEN_CODE.match(text, card.end))
    }
    folded = _folded(text)
    if not (beside_card or any(word in folded for word in _TELLING)):
        return
    loose = _outside(runs, cards)
    before = 0
    for run, following in zip_longest(loose, loose[1:]):
        if (run.start, run.end) in beside_card:
            yield run.start, run.end, "CSC"
        elif 3 <= len(run.digits) <= 6 and not (
            run.touches_right or is_masked(text, run) or _begins_date(text, run, following)
        ):
            after = following.start if following else len(text)
            secret = _said_before(text, run, before) or _said_after(text, run, after)
            if secret and len(run.digits) in _SIZES[secret]:
                yield run.start, run.end, secret
        if run.stands_alone:
            before = run.end


def _outside(runs: list[Run], cards: list[Card]) -> list[Run]:
    """The runs that are not part of a card number. Both lists are in order."""
    loose = []
    ahead = iter(cards)
    card = next(ahead, None)
    for run in runs:
        while card and card.end <= run.start:
            card = next(ahead, None)
        if not (card and card.start <= run.start):
            loose.append(run)
    return loose


def _begins_date(text: str, run: Run, following: Run | None) -> bool:
    """Whether this is the year in 2026-11-21."""
    return (
        run.digits[:2] in ("19", "20")
        and following is not None
        and len(following.digits) <= 2
        and following.start == run.end + 1
        and text[run.end] in "-/."
    )


def _said_before(text: str, run: Run, since: int) -> Secret | None:
    begin = max(since, run.start - _REACH)
    words = _WORD.findall(_folded(text[begin : run.start]))
    if begin > since and words and text[begin - 1].isalnum():
        del words[0]  # cut in two by the reach
    if run.touches_left:
        return _LABELS.get(tuple(words[-1:]))  # "CVV837"
    for end in range(len(words), max(len(words) - _MOST_BETWEEN, 0), -1):
        word = words[end - 1]
        if word in _LAST_WORDS and (
            secret := _label(words[max(end - size, 0) : end] for size in _LABEL_SIZES)
        ):
            return secret
        if word not in (_HANDS_ON if end == len(words) else _BETWEEN):
            return None
    return None


def _said_after(text: str, run: Run, until: int) -> Secret | None:
    end = min(until, run.end + _REACH)
    after = _folded(text[run.end : end])
    words = _WORD_OR_COMMA.findall(after)
    if end < until and words and text[end].isalnum():
        words.pop()
    if run.touches_left or not words:
        return None
    begin = 0
    if words[0] in _IS:
        begin = next((place for place, word in enumerate(words[1:], 1) if word not in _OWNS), len(words))
    elif not after.lstrip().startswith("("):
        return None
    return _label(words[begin : begin + size] for size in _LABEL_SIZES)


def _label(readings: Iterable[list[str]]) -> Secret | None:
    """What the first of the readings that is a label stands for."""
    return next((secret for words in readings if (secret := _LABELS.get(tuple(words)))), None)


def _folded(text: str) -> str:
    lower = text.lower()
    return lower if lower.isascii() else lower.translate(_ACCENTS)
