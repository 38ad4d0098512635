"""The legal clocks as data (DOMAIN 2): `rules.toml`, read and checked once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

UNITS = ("calendar", "business", "weeks", "months", "business_before", "cycles")
DUTIES = ("issuer", "member", "merchant", "estate")


class UnknownRule(KeyError):
    """No rule has this id. Its words say which ids are near."""

    def __str__(self) -> str:
        wanted = str(self.args[0])
        near = [rule for rule in rule_ids() if rule.partition(".")[0] == wanted.partition(".")[0]]
        return f"unknown rule {wanted!r}; known: {', '.join(near or rule_ids())}"


class BrokenRule(ValueError):
    """`rules.toml` says something that no clock can follow."""


@dataclass(frozen=True, slots=True)
class Span:
    """How long a clock runs: `count` of `unit`; with `at_most`, no longer than so many calendar days.

    if_any: facts of which one has to be true for this span; empty for the ordinary one.
    """

    unit: str
    count: int
    at_most: int | None = None
    if_any: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One legal clock. spans: the ordinary one first, then those that facts put in its place, in order.

    at_least: the parameter that names a number of calendar days before which it does not end; "" for none.
    settled_by: the rule that makes this one needless once it is done; "" for none. same_day_as: the rule whose own,
    shorter time is this one's too; "" for none.
    has_act_by: whether it is a task of the issuer's, to be done on a day when somebody is there.
    """

    id: str
    does: str
    start: str
    duty: str
    source: str
    effective: date | None
    is_checked: bool
    has_act_by: bool
    spans: tuple[Span, ...]
    at_least: str = ""
    settled_by: str = ""
    same_day_as: str = ""

    @property
    def can_be_shorter(self) -> bool:
        """Whether an issuer may give itself less: for a task of its own that is counted in one unit. A window of
        somebody else, or what we have to respect until then, is never shortened (DOMAIN 1).
        """
        return (
            self.has_act_by
            and not self.at_least
            and self.spans[0].unit in ("calendar", "business", "weeks", "months")
        )

    @property
    def longest_own(self) -> int:
        """The most an issuer may give itself: the shortest that the law gives in any case."""
        return min(span.count for span in self.spans)

    def shortened(self, own: Mapping[str, int]) -> Rule:
        """As the issuer has it. own: by rule, how much of its unit it gives itself ([[clocks]] of its profile)."""
        count = own.get(self.id, own.get(self.same_day_as))
        if count is None:
            return self
        return replace(self, spans=tuple(replace(span, count=min(count, span.count)) for span in self.spans))

    def span_for(self, facts: dict[str, Any]) -> Span:
        """The span that these facts choose; a fact that is not told is not so."""
        for span in self.spans[1:]:
            if any(facts.get(name) for name in span.if_any):
                return span
        return self.spans[0]


def rule_named(rule_id: str) -> Rule:
    """Raises UnknownRule."""
    try:
        return _rules()[rule_id]
    except KeyError as unknown:
        raise UnknownRule(rule_id) from unknown


def rule_ids() -> list[str]:
    """All of them, in the order of the file."""
    return list(_rules())


@cache
def counted_from_now() -> tuple[str, ...]:
    """The issuer's tasks whose date needs nothing but the start: what may be promised before anything else is known."""
    return tuple(
        rule.id
        for rule in _rules().values()
        if rule.has_act_by and not rule.at_least and rule.spans[0].unit != "cycles"
    )


@cache
def settled_with(rule_id: str) -> tuple[str, ...]:
    """The rules that need nothing more once this one is done."""
    return tuple(rule.id for rule in _rules().values() if rule.settled_by == rule_id)


@cache
def facts_known() -> frozenset[str]:
    """The names of all facts that any rule asks for: true or false."""
    return frozenset(name for rule in _rules().values() for span in rule.spans for name in span.if_any)


@cache
def _rules() -> dict[str, Rule]:
    text = files("cardline.clocks").joinpath("rules.toml").read_text("utf-8")
    return {rule_id: read_rule(rule_id, entry) for rule_id, entry in tomllib.loads(text).items()}


def read_rule(rule_id: str, entry: dict[str, Any]) -> Rule:
    """A rule from its table. Raises BrokenRule, naming the rule and what is wrong."""
    left = dict(entry)
    try:
        duty = left.pop("duty")
        alternatives = left.pop("when", [])
        rule = Rule(
            id=rule_id,
            does=left.pop("does"),
            start=left.pop("start"),
            duty=duty,
            source=left.pop("source"),
            effective=left.pop("effective", None),
            is_checked=left.pop("checked", True),
            has_act_by=left.pop("act_by", duty == "issuer"),
            at_least=left.pop("at_least", ""),
            settled_by=left.pop("settled_by", ""),
            same_day_as=left.pop("same_day_as", ""),
            spans=(_span(left), *(_span(one, one["any"]) for one in alternatives)),
        )
    except KeyError as missing:
        raise BrokenRule(f"rule {rule_id}: {missing.args[0]!r} is missing") from missing
    except BrokenRule as wrong:
        raise BrokenRule(f"rule {rule_id}: {wrong}") from wrong
    if duty not in DUTIES:
        raise BrokenRule(f"rule {rule_id}: nobody is called {duty!r}; known: {', '.join(DUTIES)}")
    if rule.has_act_by and duty != "issuer":
        raise BrokenRule(f"rule {rule_id}: only an issuer's task has an act-by date")
    return rule


def _span(entry: dict[str, Any], if_any: list[str] | None = None) -> Span:
    units = {name: value for name, value in entry.items() if name != "any"}
    at_most = units.pop("calendar") if "cycles" in units and "calendar" in units else None
    if len(units) != 1 or not set(units) <= set(UNITS):
        raise BrokenRule(f"one span of {', '.join(UNITS)}, not {', '.join(units) or 'none'}")
    [(unit, count)] = units.items()
    if not (isinstance(count, int) and count > 0 and (at_most is None or at_most > 0)):
        raise BrokenRule(f"{unit} is a number above 0, not {count!r}")
    return Span(unit, count, at_most, tuple(if_any or ()))
