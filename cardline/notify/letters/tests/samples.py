"""Facts that make each kind of letter whole."""

from __future__ import annotations

from typing import Any

from cardline.kit.money import Money
from cardline.notify.letters.facts import money
from cardline.notify.letters.table import letter_kind

_BY_SORT: dict[str, Any] = {
    "reference": "7K429QM",
    "day": "2026-12-11",
    "moment": "2026-11-23T17:00:00+00:00",
    "money": money(Money(48_20, "USD")),
    "words": "The bakery charged me twice.",
    "lines": ["Nov 20, Alder Pharmacy, $48.20"],
    "last4": "4471",
    "link": "/not-me/7.abcdef",
}


def facts_of(kind: str) -> dict[str, Any]:
    """One value for each fact the kind takes."""
    of = letter_kind(kind)
    choices = of.in_("en").choices
    return {
        name: next(iter(choices[name])) if sort == "choice" else _BY_SORT[sort]
        for name, sort in of.facts.items()
    }
