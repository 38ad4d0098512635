"""The hub by itself: nothing missed, nothing twice, nobody sees what is not theirs, slow readers cost nobody else."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from cardline.kit.news import News
from cardline.live.hub import MAX_BUFFER, PAGE, Hub, Line, Sock


class Table:
    """The entries of one case, and how slowly they are read."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.reads = 0
        self.pause: Callable[[], Awaitable[None]] = lambda: asyncio.sleep(0)

    def add(self, audience: str = "") -> News:
        n = len(self.lines) + 1
        text = json.dumps({"n": n})
        self.lines.append(Line(n, text, audience))
        return News("case:1", n, text, audience)

    async def read(self, topic: str, after: int) -> list[Line]:
        self.reads += 1
        found = [line for line in self.lines if line.n > after][:PAGE]
        await self.pause()
        return found


class Screen:
    def __init__(self, actor: str = "member:1") -> None:
        self.got: list[int] = []
        self.sock = Sock(self._receive, actor)

    async def _receive(self, text: str) -> None:
        await asyncio.sleep(0)
        self.got.append(json.loads(text)["n"])


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def run(work: Callable[[], Awaitable[Any]]) -> None:
    asyncio.run(work())  # type: ignore[arg-type]


def test_what_was_missed_comes_first_then_what_happens() -> None:
    async def story() -> None:
        table, screen = Table(), Screen()
        hub = Hub(table.read)
        for _ in range(3):
            table.add()
        assert await hub.join(screen.sock, "case:1", 1, staff=False) == 3
        hub.deliver([table.add()])
        await settle()
        assert screen.got == [2, 3, 4]

    run(story)


def test_news_during_the_reading_is_neither_lost_nor_doubled() -> None:
    async def story() -> None:
        table, screen = Table(), Screen()
        hub = Hub(table.read)
        table.add()
        gate = asyncio.Event()
        table.pause = lambda: gate.wait()  # type: ignore[assignment, return-value]
        joining = asyncio.ensure_future(hub.join(screen.sock, "case:1", 0, staff=False))
        await settle()
        hub.deliver([table.add(), table.add()])
        gate.set()
        await joining
        await settle()
        assert screen.got == [1, 2, 3]

    run(story)


def test_a_number_that_jumps_is_read_from_the_table() -> None:
    async def story() -> None:
        table, screen = Table(), Screen()
        hub = Hub(table.read)
        await hub.join(screen.sock, "case:1", 0, staff=False)
        overtaken, first = table.add(), table.add()
        hub.deliver([first])
        hub.deliver([overtaken])
        await settle()
        assert screen.got == [1, 2]

    run(story)


def test_a_member_is_not_sent_what_is_for_staff_and_misses_nothing_by_it() -> None:
    async def story() -> None:
        table, member, agent = Table(), Screen(), Screen("agent:1")
        hub = Hub(table.read)
        table.add(audience="staff")
        await hub.join(member.sock, "case:1", 0, staff=False)
        await hub.join(agent.sock, "case:1", 0, staff=True)
        hub.deliver([table.add(audience="staff"), table.add()])
        await settle()
        assert member.got == [3] and agent.got == [1, 2, 3]
        assert table.reads == 2  # a hidden number is no gap

    run(story)


def test_a_backlog_longer_than_a_page_comes_whole() -> None:
    async def story() -> None:
        table, screen = Table(), Screen()
        for _ in range(PAGE * 2 + 7):
            table.add()
        await Hub(table.read).join(screen.sock, "case:1", 0, staff=False)
        for _ in range(3 * PAGE):
            await asyncio.sleep(0)
        assert screen.got == list(range(1, PAGE * 2 + 8))

    run(story)


@pytest.mark.parametrize("seed", range(5))
def test_cuts_and_resumes_under_load(seed: int) -> None:
    async def story() -> None:
        chance, table = random.Random(seed), Table()
        got: list[int] = []
        hub = Hub(table.read)
        table.pause = lambda: asyncio.sleep(chance.uniform(0, 0.002))

        async def talk() -> None:
            for _ in range(400):
                hub.deliver([table.add()])
                await asyncio.sleep(chance.choice((0, 0, 0.001)))

        talking = asyncio.ensure_future(talk())
        while not talking.done() or len(got) < len(table.lines):
            screen = Screen()
            hub.add(screen.sock)
            await hub.join(screen.sock, "case:1", got[-1] if got else 0, staff=False)
            await asyncio.sleep(chance.uniform(0, 0.01))
            hub.remove(screen.sock)
            got += screen.got
        assert got == list(range(1, 401))

    run(story)


def test_a_reader_that_does_not_read_is_let_go() -> None:  # SR-43
    async def story() -> None:
        async def never(text: str) -> None:
            await asyncio.Event().wait()

        sock = Sock(never, "member:1")
        for _ in range(MAX_BUFFER // 1024 + 2):
            sock.put("x" * 1024)
        assert sock.closed.is_set()

    run(story)


def test_a_revoked_actor_loses_every_socket_and_nobody_else_does() -> None:  # SR-24
    async def story() -> None:
        hub = Hub(Table().read)
        theirs, also, other = Screen("agent:3"), Screen("agent:3"), Screen("agent:4")
        for screen in (theirs, also, other):
            hub.add(screen.sock)
        hub.deliver([News("revoked:agent:3", None, "{}")])
        assert theirs.sock.closed.is_set() and also.sock.closed.is_set() and not other.sock.closed.is_set()

    run(story)


def test_delivering_costs_by_followers_not_by_sockets() -> None:
    async def story() -> None:
        hub = Hub(Table().read)
        for number in range(2_000):
            idle = Screen(f"member:{number}")
            hub.add(idle.sock)
            hub.follow(idle.sock, f"idle:{number}", staff=False)
        mine = Screen("agent:1")
        looked: list[str] = []

        class Counting(dict[str, Any]):
            def get(self, key: str, default: Any = None) -> Any:
                looked.append(key)
                return super().get(key, default)

        hub._topics = Counting(hub._topics)
        hub.follow(mine.sock, "desk", staff=True)
        hub.deliver([News("desk", None, json.dumps({"n": 0}))])
        await settle()
        assert mine.got == [0] and looked == ["desk"]

    run(story)
