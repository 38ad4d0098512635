"""The table restriction × action, read from `table.toml` and checked: no empty cell, no answer without its source."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from typing import Any

PLACE = "cardline/members/restrictions/table.toml"
PROTECTION = "protect"  # the group of what no restriction may stop (SR-39)


class RestrictionKind(StrEnum):
    """Why something is not as usual for a member. Their order is whose answer counts first where several say no."""

    DECEASED = "deceased"
    BANKRUPTCY = "bankruptcy"
    REPRESENTED = "represented"
    CEASE_CONTACT = "cease_contact"
    IDENTITY_THEFT_BLOCK = "identity_theft_block"
    FRAUD_LOCK = "fraud_lock"
    LEGAL_HOLD = "legal_hold"
    CHARGED_OFF = "charged_off"
    MILITARY_CAP = "military_cap"
    DISASTER_RELIEF = "disaster_relief"


class Answer(StrEnum):
    ALLOW = "allow"
    REFUSE = "refuse"
    REDIRECT = "redirect"


class Hand(StrEnum):
    """Whose hand it takes: every agent's, or a supervisor's."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"


class TableError(ValueError):
    """The table cannot be used. The text says what is wrong and where to mend it."""


class UnknownAction(LookupError):
    """Something is about to be done or sent of which the table says nothing."""

    def __init__(self, action: str) -> None:
        super().__init__(f"{action} stands in no group: add it to `actions` of one in {PLACE}")


@dataclass(frozen=True, slots=True)
class Cell:
    """answer, and the law or rule it rests on; "" only for allow."""

    answer: Answer
    source: str = ""


@dataclass(frozen=True, slots=True)
class KindRule:
    """place, lift: who may. represented: whether a row of this kind may name a representative; speakers: the kinds of
    authority (members/authorities) such a representative acts by.
    """

    place: Hand
    lift: Hand
    represented: bool
    speakers: tuple[str, ...]
    cells: Mapping[str, Cell]


class Table:
    """groups: the actions of each group. kinds: what each restriction answers to each group. Raises TableError."""

    def __init__(self, written: Mapping[str, Any]) -> None:
        self.groups = {name: tuple(group["actions"]) for name, group in written["groups"].items()}
        self._group_of = _by_action(self.groups)
        self._personal = {name for name, group in written["groups"].items() if group.get("personal")}
        if set(written["kinds"]) != set(RestrictionKind):
            raise TableError(f"{PLACE}: its kinds and those of RestrictionKind differ")
        self.kinds = {kind: _kind(kind, written["kinds"][kind], set(self.groups)) for kind in RestrictionKind}

    def group_of(self, action: str) -> str:
        """Raises UnknownAction."""
        try:
            return self._group_of[action]
        except KeyError:
            raise UnknownAction(action) from None

    def answer(self, kind: RestrictionKind, group: str) -> Answer:
        return self.kinds[kind].cells[group].answer

    def is_personal(self, group: str) -> bool:
        """Whether it is about one person, so that somebody else's restriction on a shared account leaves it alone."""
        return group in self._personal

    def order(self, kind: RestrictionKind) -> int:
        return list(RestrictionKind).index(kind)

    def protects(self, action: str) -> bool:
        """Whether no restriction may stop it. Raises UnknownAction."""
        return self.group_of(action) == PROTECTION

    def refused_by(self, kind: RestrictionKind) -> list[str]:
        """The groups this kind refuses or redirects, in the order of the table."""
        return [group for group in self.groups if self.answer(kind, group) is not Answer.ALLOW]

    def missing(self, actions: Iterable[str]) -> list[str]:
        """A line for each action the table says nothing of, with where to add it."""
        return [str(UnknownAction(action)) for action in sorted(set(actions) - self._group_of.keys())]


def _by_action(groups: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for group, actions in groups.items():
        for action in actions:
            if action in found:
                raise TableError(f"{PLACE}: {action} stands in {found[action]} and in {group}")
            found[action] = group
    return found


def _kind(kind: RestrictionKind, written: Mapping[str, Any], groups: set[str]) -> KindRule:
    cells = {group: Cell(Answer.ALLOW) for group in written["allows"]}
    for group, cell in written["answers"].items():
        if group in cells:
            raise TableError(f"{PLACE}: {kind} answers twice to {group}")
        cells[group] = Cell(Answer(cell["answer"]), cell["source"].strip())
        if not cells[group].source:
            raise TableError(f"{PLACE}: {kind} names no source for {group}")
    if cells.keys() != groups:
        raise TableError(
            f"{PLACE}: {kind} and the groups differ in {', '.join(sorted(cells.keys() ^ groups))}"
        )
    if cells[PROTECTION].answer is not Answer.ALLOW:
        raise TableError(f"{PLACE}: {kind} stops what protects the member (SR-39)")
    speakers = tuple(written.get("speakers", ()))
    return KindRule(Hand(written["place"]), Hand(written["lift"]), written["represented"], speakers, cells)


def _load() -> Table:
    return Table(
        tomllib.loads(files("cardline.members.restrictions").joinpath("table.toml").read_text("utf-8"))
    )


TABLE = _load()
