"""What the socket endpoint needs from the rest: filled in by `config`, so that `live` imports no domain."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Protocol

from cardline.kit.actors import Actor
from cardline.kit.redact import Clean


class Doors(Protocol):
    """Everything that may block runs through kit.bridge; the sync methods here are called on its threads."""

    def who(self, cookies: dict[str, str]) -> tuple[Actor, float] | None:
        """The actor of a session and until when (machine time, epoch seconds) it is valid; None when unknown."""

    def newest(self, actor: Actor, topic: str) -> int | None:
        """The newest number of a topic this actor may follow (0 where news has no numbers); None when they may not."""

    def is_numbered(self, topic: str) -> bool:
        """Whether a topic's news carries entry numbers that can be read again."""

    async def send(self, actor: Actor, contact_id: int, text: Clean, key: str) -> dict[str, Any]: ...

    async def typing(self, actor: Actor, topic: str) -> None: ...

    async def came(self, actor: Actor) -> None: ...

    async def seen(self, actor: Actor, topics: Collection[str] = ()) -> bool:
        """A page that follows these is open. False: its session is over, and it has to go."""

    async def went(self, actor: Actor, closed_at: datetime) -> None:
        """The last socket of this actor in this process closed, at that machine time. Others may still be open."""
