"""A sentence of the catalogue and its values, kept as JSON and made into words when somebody reads or hears it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext

from cardline.kit.dates import say_date, say_there, say_when
from cardline.kit.money import Money, format_money
from cardline.kit.reference import show_reference

Json = Any
VALUE_KINDS = ("money", "date", "moment", "there", "ref", "said", "list")


@dataclass(frozen=True, slots=True)
class Words:
    """text: a msgid with %(name)s places. values: by name, JSON: plain, or made by the functions below."""

    text: str
    values: Mapping[str, Json] = field(default_factory=dict)

    def kept(self) -> dict[str, Json]:
        """As it stands in a timeline entry."""
        return {"text": self.text, "values": dict(self.values)}


def words_kept(kept: Mapping[str, Json]) -> Words:
    return Words(str(kept["text"]), dict(kept.get("values") or {}))


def money(amount_minor: int, currency: str) -> dict[str, Json]:
    return {"money": [amount_minor, currency]}


def a_date(written: str) -> dict[str, Json]:
    """written: ISO 8601."""
    return {"date": written}


def a_moment(written: str) -> dict[str, Json]:
    """written: ISO 8601 with its offset."""
    return {"moment": written}


def a_moment_there(written: str) -> dict[str, Json]:
    """The same, said with whose time it is: for whoever may be in another zone."""
    return {"there": written}


def a_reference(ref: str) -> dict[str, Json]:
    return {"ref": ref}


def a_phrase(text: str, **values: Json) -> dict[str, Json]:
    """Words inside words: translated themselves."""
    return {"said": {"text": text, "values": values}}


def a_list(parts: Sequence[dict[str, Json]]) -> dict[str, Json]:
    """Several phrases, a comma between them."""
    return {"list": list(parts)}


@dataclass(frozen=True, slots=True)
class Reader:
    """language: "en" or "es". zone: the one times are told in."""

    language: str
    zone: ZoneInfo
    now: datetime


def say(words: Words, reader: Reader) -> str:
    """The sentence in the reader's language. A text the catalogue lacks is said as it was written."""
    with translation.override(reader.language):
        if not words.values:
            return gettext(words.text)
        return gettext(words.text) % {name: _value(value, reader) for name, value in words.values.items()}


def _value(value: Json, reader: Reader) -> str:
    if not isinstance(value, Mapping):
        return str(value)
    ((kind, inner),) = value.items()
    match kind:
        case "money":
            return format_money(Money(int(inner[0]), str(inner[1])), reader.language)
        case "date":
            return say_date(date.fromisoformat(inner), reader.language, reader.now)
        case "moment":
            return say_when(datetime.fromisoformat(inner), reader.zone, reader.language, reader.now)
        case "there":
            return say_there(datetime.fromisoformat(inner), reader.zone, reader.language, reader.now)
        case "ref":
            return show_reference(str(inner))
        case "said":
            return say(words_kept(inner), reader)
        case "list":
            return ", ".join(_value(part, reader) for part in inner)
    raise KeyError(f"a value of a sentence is none of {VALUE_KINDS}: {kind}")
