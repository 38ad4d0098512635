"""What a letter may be filled with: each kind of fact is checked and said in one way. Pure.

Unlike a message (notify/values.py) a letter may say what it is about: it lies in an envelope with the member's name, or
on their pages behind their sign-in. What people wrote still passes the redactor: no card number gets into one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from cardline.kit.dates import say_full_date, say_fully
from cardline.kit.money import Money, format_money
from cardline.kit.redact import clean
from cardline.kit.reference import BadReference, parse_reference, show_reference
from cardline.kit.safe_text import one_line
from cardline.notify import values

LONGEST_WORDS = 400
MOST_LINES = 40

_LAST4 = re.compile(r"[0-9]{4}")


class WrongFact(ValueError):
    """A fact that is not of its kind: a mistake in the code that called. Never holds the value."""


@dataclass(frozen=True, slots=True)
class Speech:
    """How values are said: in which language, by whose clock; the words for choices and for an empty list, by fact."""

    language: str
    zone: ZoneInfo
    choices: Mapping[str, Mapping[str, str]]
    none: Mapping[str, str]


def is_told(kind: str, name: str, value: Any, none: Mapping[str, str]) -> bool:
    """Whether there is anything to say. An empty list is told where the letter has words for it: "none at all"."""
    if value is None or value == "":
        return False
    return bool(value) or name in none if kind == "lines" else True


def say(kind: str, name: str, value: Any, speech: Speech) -> str:
    """The fact as the letter says it, one line each. Raises WrongFact."""
    try:
        return _SAY[kind](name, value, speech)
    except (ValueError, TypeError, KeyError, AttributeError, BadReference) as wrong:
        raise WrongFact(f"{name} is no {kind}") from wrong


def money(amount: Money) -> dict[str, Any]:
    """An amount as a fact: arguments of commands are plain values."""
    return {"amount_minor": amount.amount_minor, "currency": amount.currency}


def _day(name: str, value: Any, speech: Speech) -> str:
    return say_full_date(date.fromisoformat(value), speech.language)


def _moment(name: str, value: Any, speech: Speech) -> str:
    return say_fully(datetime.fromisoformat(value), speech.zone, speech.language)


def _money(name: str, value: Mapping[str, Any], speech: Speech) -> str:
    return format_money(Money(value["amount_minor"], value["currency"]), speech.language)


def _words(name: str, value: Any, speech: Speech) -> str:
    """What a person wrote, or a name of the core's: one line without a number that is kept nowhere."""
    said = clean(one_line(value))
    if not said or len(said) > LONGEST_WORDS:
        raise ValueError(name)
    return said


def _lines(name: str, value: Sequence[str], speech: Speech) -> str:
    if isinstance(value, str) or len(value) > MOST_LINES:
        raise ValueError(name)
    if not value:
        return speech.none[name]
    return "\n".join(f"– {_words(name, line, speech)}" for line in value)


def _last4(name: str, value: Any, speech: Speech) -> str:
    if not _LAST4.fullmatch(value):
        raise ValueError(name)
    return str(value)


def _reference(name: str, value: Any, speech: Speech) -> str:
    return show_reference(parse_reference(value))


def _link(name: str, value: Any, speech: Speech) -> str:
    """A page of ours, as somebody types it from the sheet."""
    if values.problem_with("link", value, {}):
        raise ValueError(name)
    return values.said("link", value, speech.language)


def _choice(name: str, value: Any, speech: Speech) -> str:
    return speech.choices[name][value]


_SAY: Mapping[str, Callable[[str, Any, Speech], str]] = {
    "day": _day,  # "2026-12-11"
    "moment": _moment,  # "2026-11-23T17:00:00+00:00": said by the issuer's clock
    "money": _money,  # {"amount_minor": 4820, "currency": "USD"}
    "words": _words,
    "lines": _lines,  # one in each line
    "last4": _last4,
    "reference": _reference,
    "link": _link,  # a path of ours
    "choice": _choice,  # a word of ours, which the letter's text lists in each language
}
KINDS = frozenset(_SAY)
