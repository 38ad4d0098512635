"""Whether what a caller says about themselves is in the record (DOMAIN 8: it identifies, and verifies nobody). Pure."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.crypto import constant_time_compare

from cardline.members.rules import plain

LONGEST_FACT = 40


def is_a_fact_of_theirs(said: str, known: Iterable[str]) -> bool:
    """Each is compared, so that the time it takes tells nothing about which one it was."""
    given = _joined(said)
    matches = [constant_time_compare(given, _joined(fact)) for fact in known if _joined(fact)]
    return bool(given) and any(matches)


def _joined(text: str) -> str:
    return plain(text[:LONGEST_FACT]).replace(" ", "")
