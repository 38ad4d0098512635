"""The sockets in kit's wall: what the command hall needs from apps it must not import.

`cardline/config/plugs.py` fills them at start. Each is a small protocol; tests may plug in their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from cardline.kit.actors import Actor, Standing
from cardline.kit.secret import Secret


class Authority(Protocol):
    """Who may run what: the party, the capacity and the level, or a refusal."""

    def standing(
        self, actor: Actor, level: str, arguments: dict[str, Any], now: datetime, command: str
    ) -> Standing:
        """`level` is the rule a command names: "" for none, "V2", or "family:action" of the profile's matrix.
        command: its name.

        Raises LevelTooLow or NotPermitted.
        """


class Audit(Protocol):
    """The log of what was done: one event for each command that changed something."""

    def write(self, *, by: Standing, name: str, about: str, detail: str, at: datetime) -> None: ...


class Sight(Protocol):
    """Whose record a colleague may open: a lower folder knows members, an upper one the cases they come through."""

    def may_open(self, actor: Actor, member_id: int) -> bool: ...


class Papers(Protocol):
    """Files as documents: a lower folder knows who may act for whom, an upper one the files members gave us."""

    def owner_of(self, actor: Actor, file_id: int) -> int:
        """The member who gave a file that was checked and that this actor may open; 0 for any other."""


@dataclass(frozen=True, slots=True)
class CodeFor:
    """What a one-time code approves. language: the member's. shown: in words, exactly. action: of the level matrix,
    without its family; "" for none. spoken: it is to be told in a conversation of theirs with us, not typed on a page.
    """

    language: str
    shown: str
    action: str = ""
    spoken: bool = False


class CodeSender(Protocol):
    """The way a one-time code takes to a phone (SR-35). Never e-mail, which many can read."""

    @property
    def is_there(self) -> bool:
        """Whether this installation has one. Without it no page offers a code."""

    def send(self, *, member_id: int, to: str, now: datetime, code: Secret, code_for: CodeFor) -> None:
        """In the running transaction: one text to the number `to`, saying the code and what it is for."""


class NumberChanges(Protocol):
    """Who knows when a telephone number last went to another carrier or SIM card (DOMAIN 8, number-change signal).

    Asked inside commands, so it answers from what it holds; one that asks another house goes through kit/outside.py.
    """

    def number_changed_since(self, number: str) -> datetime | None:
        """When the number, as it stands on file, last changed hands or chips; None where nobody says that it did."""


class _OpenAuthority:
    """Before anything is plugged in: nobody is known, and rules are not looked at. Commands without one still run."""

    def standing(
        self, actor: Actor, level: str, arguments: dict[str, Any], now: datetime, command: str
    ) -> Standing:
        if level:
            raise RuntimeError("no authority is plugged in; call cardline.config.plugs.plug_in() first")
        return Standing(actor, party=actor.member_id)


class _NoAudit:
    def write(self, *, by: Standing, name: str, about: str, detail: str, at: datetime) -> None:
        raise RuntimeError("no audit log is plugged in; call cardline.config.plugs.plug_in() first")


class _NoSight:
    def may_open(self, actor: Actor, member_id: int) -> bool:
        return False


class _NoPapers:
    def owner_of(self, actor: Actor, file_id: int) -> int:
        return 0


class _NoCodes:
    is_there = False

    def send(self, *, member_id: int, to: str, now: datetime, code: Secret, code_for: CodeFor) -> None:
        raise RuntimeError("no way to a phone is plugged in; see cardline/config/plugs.py")


class NothingKnown:
    """No carrier tells this installation anything: every number is as it was."""

    def number_changed_since(self, number: str) -> datetime | None:
        return None


authority: Authority = _OpenAuthority()
audit: Audit = _NoAudit()
sight: Sight = _NoSight()
papers: Papers = _NoPapers()
codes: CodeSender = _NoCodes()
numbers: NumberChanges = NothingKnown()
