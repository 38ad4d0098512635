"""What may stand on a card: the member's own name, in the letters a card can carry. Pure."""

from __future__ import annotations

import re
import unicodedata

from cardline.members.contactdata.rules import LONGEST_EMBOSSED

_PRINTED = re.compile(r"[A-Z](?:[A-Z '.-]*[A-Z.])?")


def embossed(typed: str) -> str:
    """As a card carries it: capitals without marks, single spaces. "" for what no card can carry."""
    bare = unicodedata.normalize("NFKD", typed.replace("’", "'"))
    plain = "".join(sign for sign in bare if not unicodedata.combining(sign))
    name = " ".join(plain.upper().split())
    return name if len(name) <= LONGEST_EMBOSSED and _PRINTED.fullmatch(name) else ""


def is_theirs(name: str, given: str, family: str, preferred: str) -> bool:
    """Whether every word of an embossed name is a word of theirs or its first letter, the family name among them.

    Where the family name is too long for a card, or in letters no card has, nothing of it can be asked for.
    """
    said = _words(name)
    own = _words(f"{given} {family} {preferred}")
    initials = {word[0] for word in own}
    fits = all(word in own or (len(word) == 1 and word in initials) for word in said)
    return bool(said) and fits and (set(_words(family)) <= set(said) or not _words(family))


def on_the_card(given: str, family: str, chosen: str) -> str:
    """What the next card carries: what they chose, else the legal name, else as much of it as fits."""
    whole = f"{given} {family}"
    return chosen or (whole if len(whole) <= LONGEST_EMBOSSED else f"{given[:1]} {family}"[:LONGEST_EMBOSSED])


def _words(name: str) -> list[str]:
    bare = unicodedata.normalize("NFKD", name)
    plain = "".join(sign if sign.isalpha() else " " for sign in bare if not unicodedata.combining(sign))
    return [word for word in plain.upper().split() if word.isascii()]
