"""The table of authorities, read from `table.toml` and checked: what each kind may, and what a command takes."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from typing import Any

PLACE = "cardline/members/authorities/table.toml"


class AuthorityKind(StrEnum):
    """As what somebody acts for another. The words stand in rows, and in the audit log as the capacity."""

    JOINT_OWNER = "joint_owner"
    ADDITIONAL_CARD_MEMBER = "additional_card_member"
    MANAGER_LIMITED = "account_manager_limited"
    MANAGER_FULL = "account_manager_full"
    POWER_OF_ATTORNEY = "power_of_attorney"
    EXECUTOR = "executor"
    GUARDIAN = "guardian"
    PROGRAM_ADMINISTRATOR = "program_administrator"
    ATTORNEY = "attorney"


class Scope(StrEnum):
    """What an authority may let somebody do."""

    SEE = "see"
    PAY = "pay"
    DISPUTE = "dispute"
    REPLACE = "replace"
    REDEEM = "redeem"
    ADD_CARDS = "add_cards"
    CLOSE = "close"


class Takes(StrEnum):
    """What a command takes where it is no scope."""

    PROTECT = "protect"  # any valid authority
    SPEAKER = "speaker"  # none: it is about the person who sits there
    ONESELF = "oneself"  # nobody does it for another


class Death(StrEnum):
    """What the principal's death does to an authority."""

    NOTHING = ""
    ENDS = "ends"
    BEGINS = "begins"


class TableError(ValueError):
    """The table cannot be used. The text says what is wrong and where to mend it."""


@dataclass(frozen=True, slots=True)
class KindRule:
    """may: the most it can give. papers, confirmed: what it needs before it is worth anything."""

    may: frozenset[Scope]
    papers: bool
    confirmed: bool
    death: Death


class Table:
    """Raises TableError."""

    def __init__(self, written: Mapping[str, Any]) -> None:
        if set(written["kinds"]) != set(AuthorityKind):
            raise TableError(f"{PLACE}: its kinds and those of AuthorityKind differ")
        if set(written["commands"]) != {*Scope, *Takes}:
            raise TableError(f"{PLACE}: what commands take is one of {', '.join((*Scope, *Takes))}")
        self.kinds = {kind: _kind(written["kinds"][kind]) for kind in AuthorityKind}
        self._takes = _by_command(written["commands"])

    def takes(self, command: str) -> Scope | Takes:
        """What it takes to run a command for somebody else; one nobody thought of is done by oneself alone."""
        return self._takes.get(command, Takes.ONESELF)

    def missing(self, commands: Iterable[str]) -> list[str]:
        """A line for each command the table says nothing of, with where to add it."""
        return [
            f"{one} stands nowhere: say in {PLACE} what it takes to run it for somebody else"
            for one in sorted(set(commands) - self._takes.keys())
        ]

    def named(self) -> frozenset[str]:
        return frozenset(self._takes)


def _kind(written: Mapping[str, Any]) -> KindRule:
    may = frozenset(Scope(one) for one in written["may"])
    return KindRule(may, written["papers"], written["confirmed"], Death(written["death"]))


def _by_command(written: Mapping[str, list[str]]) -> dict[str, Scope | Takes]:
    found: dict[str, Scope | Takes] = {}
    for word, commands in written.items():
        takes = Takes(word) if word in set(Takes) else Scope(word)
        for command in commands:
            if command in found:
                raise TableError(f"{PLACE}: {command} takes both {found[command]} and {takes}")
            found[command] = takes
    return found


def _load() -> Table:
    text = files("cardline.members.authorities").joinpath("table.toml").read_text("utf-8")
    return Table(tomllib.loads(text))


TABLE = _load()
