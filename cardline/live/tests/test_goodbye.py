"""Turning a page is no goodbye: between two pages of an agent nobody is sent elsewhere."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

from cardline.kit import clock
from cardline.kit.actors import Actor, Kind
from cardline.live.endpoint import _goodbye
from cardline.live.hub import Hub, Sock

DANA = Actor(Kind.AGENT, "1", name="Dana Whitfield")


class Doors:
    def __init__(self) -> None:
        self.gone: list[str] = []

    async def went(self, actor: Actor, closed_at: datetime) -> None:
        assert closed_at <= clock.machine_now()
        self.gone.append(actor.key)


async def nobody_reads(text: str) -> None: ...


def leave(*, comes_back: bool) -> list[str]:
    async def story() -> list[str]:
        hub, doors = Hub(None), Doors()  # type: ignore[arg-type]
        leaving: Any = asyncio.create_task(_goodbye(hub, doors, DANA, pause=0.01))  # type: ignore[arg-type]
        await asyncio.sleep(0)
        if comes_back:
            hub.add(Sock(nobody_reads, DANA.key))
        await leaving
        return doors.gone

    return asyncio.run(story())


def test_whoever_closes_their_last_screen_is_gone() -> None:
    assert leave(comes_back=False) == [DANA.key]


def test_whoever_opens_the_next_page_was_never_gone() -> None:
    assert leave(comes_back=True) == []
