"""Whether what a caller says about themselves is in the record (DOMAIN 8: it identifies, and verifies nobody). Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from django.utils.crypto import constant_time_compare

LONGEST_FACT = 40


def is_their_name(said: str, given: str, family: str) -> bool:
    """Both names in either order, however written: accents, case, hyphens and middle names do not matter."""
    words = set(_plain(said).split())
    return bool(words) and set(_plain(f"{given} {family}").split()) <= words


def is_a_fact_of_theirs(said: str, known: Iterable[str]) -> bool:
    """Each is compared, so that the time it takes tells nothing about which one it was."""
    given = _joined(said)
    matches = [constant_time_compare(given, _joined(fact)) for fact in known if _joined(fact)]
    return bool(given) and any(matches)


def _plain(text: str) -> str:
    """Lower case without marks; anything but letters and digits parts words."""
    bare = unicodedata.normalize("NFKD", text).casefold()
    unmarked = (sign for sign in bare if not unicodedata.combining(sign))
    return "".join(sign if sign.isalnum() else " " for sign in unmarked)


def _joined(text: str) -> str:
    return _plain(text[:LONGEST_FACT]).replace(" ", "")
