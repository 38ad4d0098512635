"""What starts legal clocks, by jurisdiction, and what a member reads of each (`events.toml`, `says.toml`)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from cardline.clocks.rules import BrokenRule, rule_ids

JURISDICTIONS = ("US", "GB", "CA", "AU", "IN")
LANGUAGES = ("en", "es")
LONGEST = 240  # characters of a promise


class RuleMissing(KeyError):
    """An event has no rule in a jurisdiction, and nobody said that it needs none."""

    def __init__(self, event: str, jurisdiction: str) -> None:
        self.event, self.jurisdiction = event, jurisdiction
        super().__init__(event, jurisdiction)

    def __str__(self) -> str:
        return f"no rule says which clock {self.event} starts in {self.jurisdiction}"


@dataclass(frozen=True, slots=True)
class Event:
    """happens: by language. rules: of each jurisdiction that is known; none of them where it starts no clock."""

    id: str
    happens: Mapping[str, str]
    rules: Mapping[str, tuple[str, ...]]


def event_ids() -> list[str]:
    """All of them, in the order of the file."""
    return list(_events())


def event_called(event_id: str) -> Event:
    """Raises KeyError."""
    return _events()[event_id]


def rules_started_by(event_id: str, jurisdiction: str) -> tuple[str, ...]:
    """The rules whose clocks start. Raises KeyError for an unknown event, RuleMissing where none is told."""
    event = event_called(event_id)
    if jurisdiction not in event.rules:
        raise RuleMissing(event_id, jurisdiction)
    return event.rules[jurisdiction]


def missing_rules(jurisdiction: str) -> list[RuleMissing]:
    """Each event that has no rule there: an issuer under that law would let a clock go by unseen."""
    return [
        RuleMissing(event.id, jurisdiction) for event in _events().values() if jurisdiction not in event.rules
    ]


def said_to_members(rule_id: str, language: str) -> str:
    """Completes "We will …", or "You can … until" of the member's own window; "" for what colleagues alone are told."""
    words = _says().get(rule_id)
    return words.get(language, words["en"]) if words else ""


def check_files() -> None:
    """Read every file of legal clocks. Raises BrokenRule, naming the rule or event and what is wrong with it."""
    rule_ids()
    _events()
    _says()


@cache
def _events() -> dict[str, Event]:
    return read_events(_table("events.toml"), rule_ids())


@cache
def _says() -> dict[str, dict[str, str]]:
    return read_says(_table("says.toml"), rule_ids())


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(files("cardline.clocks").joinpath(name).read_text("utf-8"))


def read_events(table: Mapping[str, Any], known: list[str]) -> dict[str, Event]:
    """known: the rules there are. Raises BrokenRule."""
    return {event_id: _event(event_id, dict(entry), known) for event_id, entry in table.items()}


def _event(event_id: str, left: dict[str, Any], known: list[str]) -> Event:
    happens = left.pop("happens", {})
    if sorted(happens) != sorted(LANGUAGES):
        raise BrokenRule(f"event {event_id}: happens needs {' and '.join(LANGUAGES)}")
    rules: dict[str, tuple[str, ...]] = dict.fromkeys(left.pop("none", []), ())
    for where, started in left.items():
        if where in rules or not started:
            raise BrokenRule(f"event {event_id}: {where} has rules, or stands in none, not both")
        rules[where] = tuple(started)
    for where, started in rules.items():
        if where not in JURISDICTIONS:
            raise BrokenRule(
                f"event {event_id}: {where!r} is no jurisdiction; known: {', '.join(JURISDICTIONS)}"
            )
        if unknown := [rule for rule in started if rule not in known]:
            raise BrokenRule(f"event {event_id}: the rule {unknown[0]} is missing for {where}")
    return Event(event_id, happens, rules)


def read_says(table: Mapping[str, Any], known: list[str]) -> dict[str, dict[str, str]]:
    """known: the rules there are. Raises BrokenRule."""
    for rule_id, words in table.items():
        if rule_id not in known:
            raise BrokenRule(f"says.toml: the rule {rule_id} is missing")
        if sorted(words) != sorted(LANGUAGES) or not all(0 < len(text) <= LONGEST for text in words.values()):
            raise BrokenRule(
                f"says.toml: {rule_id} needs {' and '.join(LANGUAGES)}, at most {LONGEST} characters"
            )
    return dict(table)
