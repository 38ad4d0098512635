"""The catalogue of needs: every reason to get in touch, in the member's words, in every language of the product.

The data stands in `data/catalogue.toml` and `data/details.toml`; queue, priority, channels and levels are the
issuer's to decide and stand in the profile's families.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"

OUT_OF_SCOPE = "other.out_of_scope"


class UnknownNeed(LookupError):
    """No need has this id. The catalogue lists those there are."""


class Urgency(StrEnum):
    NOW = "now"  # protect first: freeze before anything is proved
    SOON = "soon"  # the same day
    ROUTINE = "routine"


@dataclass(frozen=True)
class Words:
    """One text in the languages of the product."""

    en: str
    es: str

    def in_language(self, language: str) -> str:
        """English for every language we have no words in."""
        return self.es if language.startswith("es") else self.en


@dataclass(frozen=True)
class Detail:
    """Something worth having at hand before a contact.

    held_by names the fact of `plan.Held` that already answers it; empty when we can never know it beforehand.
    never_told marks a secret: we explain it, and never ask for it.
    """

    id: str
    label: Words
    text: Words
    held_by: str
    never_told: bool


@dataclass(frozen=True)
class Wanted:
    """A detail on one need's list. Optional: "only if you have one"."""

    detail: Detail
    optional: bool


@dataclass(frozen=True)
class Need:
    """A reason to get in touch. Its id is family.action and never changes once it was used."""

    id: str
    group: str
    name: Words
    urgency: Urgency
    ready: tuple[Wanted, ...]
    icon: str
    unauthorised: bool  # somebody else used the card: the family's priority_if_unauthorised holds

    @property
    def family(self) -> str:
        return self.id.partition(".")[0]


@dataclass(frozen=True)
class Group:
    """A group of needs on the home page: the guide's eight ("1" to "8"), card in hand ("1b"), contact ("0")."""

    id: str
    name: Words
    line: Words
    icon: str
    needs: tuple[Need, ...]


def need(need_id: str) -> Need:
    """Raises UnknownNeed."""
    try:
        return needs()[need_id]
    except KeyError:
        raise UnknownNeed(need_id) from None


@cache
def needs() -> Mapping[str, Need]:
    """Every need by id, group by group."""
    return {one.id: one for group in groups() for one in group.needs}


@cache
def groups() -> tuple[Group, ...]:
    """In the order the home page shows them."""
    data = _read("catalogue.toml")
    return tuple(_group(entry, data["needs"]) for entry in data["groups"])


@cache
def details() -> Mapping[str, Detail]:
    """Everything a need may ask to have ready, by id."""
    return {
        detail_id: Detail(
            id=detail_id,
            label=Words(**entry["label"]),
            text=Words(**entry["text"]),
            held_by=entry.get("held_by", ""),
            never_told=entry.get("never_told", False),
        )
        for detail_id, entry in _read("details.toml").items()
    }


def _group(entry: Mapping[str, Any], families: Mapping[str, Any]) -> Group:
    return Group(
        id=entry["id"],
        name=Words(**entry["name"]),
        line=Words(**entry["line"]),
        icon=entry["icon"],
        needs=tuple(
            _need(f"{family}.{action}", entry["id"], facts)
            for family in entry["families"]
            for action, facts in families[family].items()
        ),
    )


def _need(need_id: str, group: str, facts: Mapping[str, Any]) -> Need:
    return Need(
        id=need_id,
        group=group,
        name=Words(**facts["name"]),
        urgency=Urgency(facts["urgency"]),
        ready=tuple(_wanted(written) for written in facts["ready"]),
        icon=facts["icon"],
        unauthorised=facts.get("unauthorised", False),
    )


def _wanted(written: str) -> Wanted:
    return Wanted(detail=details()[written.removesuffix("?")], optional=written.endswith("?"))


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))
