"""The sockets in kit's wall: what the command hall needs from apps it must not import.

`cardline/config/plugs.py` fills them at start. Each is a small protocol; tests may plug in their own.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from cardline.kit.actors import Actor, Standing


class Authority(Protocol):
    """Who may run what: the party, the capacity and the level, or a refusal."""

    def standing(self, actor: Actor, level: str, arguments: dict[str, Any], now: datetime) -> Standing:
        """`level` is the rule a command names: "" for none, "V2", or "family:action" of the profile's matrix.

        Raises LevelTooLow or NotPermitted.
        """


class Audit(Protocol):
    """The log of what was done: one event for each command that changed something."""

    def write(self, *, by: Standing, name: str, about: str, detail: str, at: datetime) -> None: ...


class Sight(Protocol):
    """Whose record a colleague may open: a lower folder knows members, an upper one the cases they come through."""

    def may_open(self, actor: Actor, member_id: int) -> bool: ...


class _OpenAuthority:
    """Before anything is plugged in: nobody is known, and rules are not looked at. Commands without one still run."""

    def standing(self, actor: Actor, level: str, arguments: dict[str, Any], now: datetime) -> Standing:
        if level:
            raise RuntimeError("no authority is plugged in; call cardline.config.plugs.plug_in() first")
        return Standing(actor, party=actor.member_id)


class _NoAudit:
    def write(self, *, by: Standing, name: str, about: str, detail: str, at: datetime) -> None:
        raise RuntimeError("no audit log is plugged in; call cardline.config.plugs.plug_in() first")


class _NoSight:
    def may_open(self, actor: Actor, member_id: int) -> bool:
        return False


authority: Authority = _OpenAuthority()
audit: Audit = _NoAudit()
sight: Sight = _NoSight()
