"""How many text messages one text takes. Pure.

A phone network carries 140 bytes a message. Letters of its own alphabet take seven bits each, so 160 fit; one letter
outside it, as á in Spanish, and all of the text takes sixteen bits a letter, so 70 fit. A longer text is parted, and
each part gives up some room for its number (3GPP TS 23.038 and 23.040).
"""

from __future__ import annotations

MOST_SEGMENTS = 2

_ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_TWICE = frozenset("^{}\\[~]|€\f")  # letters of the extension table, behind an escape


def segments(text: str) -> int:
    """How many messages `text` takes; 0 for none at all."""
    if all(sign in _ALPHABET or sign in _TWICE for sign in text):
        return _parts(sum(2 if sign in _TWICE else 1 for sign in text), 160, 153)
    return _parts(len(text.encode("utf-16-be")) // 2, 70, 67)


def _parts(length: int, alone: int, of_several: int) -> int:
    if length <= alone:
        return 1 if length else 0
    return -(-length // of_several)
