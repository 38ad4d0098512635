"""What the law lets a member bear of what others bought with their card, as data: `liability.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from cardline.clocks.rules import BrokenRule, rule_ids, rule_named

DEBIT_KINDS = ("debit", "prepaid")
KINDS = ("credit", "charge", *DEBIT_KINDS)


@dataclass(frozen=True, slots=True)
class LiabilityLaw:
    """most_minor: at most so much of what was charged before the member told us, in the smallest unit of `currency`.

    in_time: the clock up to whose end that holds, "" where no day counts; late_most_minor: what holds after it.
    statement_days: within so many days after a statement was sent a charge on it has to be told, else those that follow
    have no limit; None where no law says so. not_if_unnoticed: nothing where the loss could not be noticed before.
    """

    law: str
    source: str
    effective: date
    currency: str
    most_minor: int
    in_time: str = ""
    late_most_minor: int | None = None
    statement_days: int | None = None
    not_if_unnoticed: bool = False


def liability_law(jurisdiction: str, kind: str) -> LiabilityLaw | None:
    """kind: of the card's product, "debit". None where we know no such law: then nobody makes one up."""
    return _laws().get((jurisdiction, kind))


@cache
def _laws() -> dict[tuple[str, str], LiabilityLaw]:
    text = files("cardline.clocks").joinpath("liability.toml").read_text("utf-8")
    return read_laws(tomllib.loads(text))


def read_laws(table: dict[str, Any]) -> dict[tuple[str, str], LiabilityLaw]:
    """By country and kind. Raises BrokenRule, naming the entry and what is wrong with it."""
    found: dict[tuple[str, str], LiabilityLaw] = {}
    for entry_id, entry in table.items():
        left = dict(entry)
        try:
            kinds, law = left.pop("kinds"), _law(left)
        except (KeyError, TypeError) as wrong:
            raise BrokenRule(f"liability.toml: {entry_id}: {wrong}") from wrong
        for kind in kinds:
            where = (entry_id.partition(".")[0], kind)
            if kind not in KINDS or where in found:
                raise BrokenRule(
                    f"liability.toml: {entry_id}: {kind} is no kind of card, or stands there twice"
                )
            found[where] = law
    return found


def _law(left: dict[str, Any]) -> LiabilityLaw:
    """Raises KeyError and TypeError, with what is missing or too much."""
    on_statement = left.pop("on_statement", "")
    days = rule_named(on_statement).spans[0].count if on_statement else None
    law = LiabilityLaw(**left, statement_days=days)
    if law.most_minor < 0 or (law.in_time and law.in_time not in rule_ids()):
        raise KeyError("most_minor is at least 0, and in_time a rule of rules.toml")
    if bool(law.in_time) != (law.late_most_minor is not None):
        raise KeyError("in_time and late_most_minor stand together")
    return law
