"""The hub: which open sockets follow which topics, in this process.

Everything here runs on the event loop. A socket joins a topic first and holds what arrives, reads the entries it
missed, sends them, and then releases what it held above the last number sent: nothing falls between (tested with cuts
under load). Numbers of a case have no gap; when news overtakes itself between processes, a number that jumps is read
from the table.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field

from cardline.kit.news import News

MAX_BUFFER = 1 << 20  # bytes waiting for one slow reader before it is let go (SR-43)

Backlog = Callable[[str, int], Awaitable[list["Line"]]]


@dataclass(frozen=True, slots=True)
class Line:
    """One numbered line of a topic as read from the table, as the JSON that is sent."""

    n: int
    text: str
    audience: str = ""


@dataclass(slots=True, eq=False)
class Following:
    """A socket's place in one topic: the last number it has, and what it holds back while it reads its backlog."""

    last: int
    staff: bool
    held: list[News] | None = field(default_factory=list)
    numbered: bool = True


class Sock:
    """One open socket: what waits to be sent, bounded; and the topics it follows."""

    __slots__ = (
        "_draining",
        "_out",
        "_send",
        "_size",
        "actor_key",
        "closed",
        "following",
        "session",
        "valid_until",
    )

    def __init__(self, send: Callable[[str], Awaitable[None]], actor_key: str) -> None:
        self._send = send
        self._out: deque[str] = deque()
        self._size = 0
        self._draining = False
        self.actor_key = actor_key
        self.session = ""
        self.valid_until = float("inf")
        self.following: dict[str, Following] = {}
        self.closed = asyncio.Event()

    def put(self, text: str) -> None:
        """Queue a frame. A reader that does not read is let go, so that it costs nobody else anything."""
        if self.closed.is_set():
            return
        self._size += len(text)
        if self._size > MAX_BUFFER:
            self._out.clear()
            self.closed.set()
            return
        self._out.append(text)
        if not self._draining:
            self._draining = True
            asyncio.get_running_loop().create_task(self._drain())

    async def _drain(self) -> None:
        try:
            while self._out:
                text = self._out.popleft()
                await self._send(text)
                self._size -= len(text)
        except Exception:  # noqa: BLE001 - the other end may vanish in any way
            self.closed.set()  # the other end went away; its reader task cleans up
        finally:
            self._draining = False


class Hub:
    """Topic → sockets. `backlog(topic, after)` reads the numbered lines after a number, staff lines marked."""

    def __init__(self, backlog: Backlog) -> None:
        self._backlog = backlog
        self._topics: dict[str, set[Sock]] = {}
        self._by_actor: dict[str, set[Sock]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._catching_up: set[asyncio.Task[None]] = set()

    def attach(self, loop: asyncio.AbstractEventLoop | None) -> None:
        self._loop = loop

    def publish_from_thread(self, news: Sequence[News]) -> None:
        """The publisher of kit/news.py: one hop to the loop for a whole batch."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self.deliver, news)

    def sockets(self) -> int:
        return sum(len(socks) for socks in self._by_actor.values())

    def add(self, sock: Sock) -> None:
        self._by_actor.setdefault(sock.actor_key, set()).add(sock)

    def remove(self, sock: Sock) -> None:
        sock.closed.set()
        for topic in list(sock.following):
            self.leave(sock, topic)
        socks = self._by_actor.get(sock.actor_key)
        if socks is not None:
            socks.discard(sock)
            if not socks:
                del self._by_actor[sock.actor_key]

    def is_here(self, actor_key: str) -> bool:
        return actor_key in self._by_actor

    def revoke(self, actor_key: str) -> None:
        """Close every socket of an actor whose rights changed; what they may still see they get by reconnecting."""
        for sock in self._by_actor.get(actor_key, ()):
            sock.closed.set()

    async def join(self, sock: Sock, topic: str, after: int, *, staff: bool) -> int:
        """Follow a topic from entry `after` on. Returns the last number sent or counted."""
        place = Following(last=after, staff=staff)
        sock.following[topic] = place
        self._topics.setdefault(topic, set()).add(sock)
        await self._read(sock, topic, place)
        return place.last

    def follow(self, sock: Sock, topic: str, *, staff: bool) -> None:
        """Follow a topic whose news is only of the moment: no numbers, no backlog."""
        sock.following[topic] = Following(last=0, staff=staff, held=None, numbered=False)
        self._topics.setdefault(topic, set()).add(sock)

    def leave(self, sock: Sock, topic: str) -> None:
        sock.following.pop(topic, None)
        followers = self._topics.get(topic)
        if followers is not None:
            followers.discard(sock)
            if not followers:
                del self._topics[topic]

    def deliver(self, news: Iterable[News]) -> None:
        """Send committed news to whoever follows. Runs on the loop."""
        for item in news:
            if item.topic.startswith("revoked:"):
                self.revoke(item.topic.removeprefix("revoked:"))
                continue
            for sock in tuple(self._topics.get(item.topic, ())):
                place = sock.following.get(item.topic)
                if place is not None:
                    self._give(sock, item, place)

    def catch_up_all(self) -> None:
        """Read again for everybody: news may have been lost on the way between processes."""
        for topic, socks in self._topics.items():
            for sock in socks:
                place = sock.following[topic]
                if place.held is None and place.numbered:
                    self._catch_up(sock, topic, place, [])

    def _catch_up(self, sock: Sock, topic: str, place: Following, held: list[News]) -> None:
        place.held = held
        task = asyncio.get_running_loop().create_task(self._read(sock, topic, place))
        self._catching_up.add(task)
        task.add_done_callback(self._catching_up.discard)

    def _give(self, sock: Sock, item: News, place: Following) -> None:
        may_see = place.staff or item.audience != "staff"
        if item.n is None:
            if may_see:
                sock.put(item.text)
        elif place.held is not None:
            place.held.append(item)
        elif item.n == place.last + 1:
            place.last = item.n
            if may_see:
                sock.put(item.text)
        elif item.n > place.last:
            self._catch_up(sock, item.topic, place, [item])

    async def _read(self, sock: Sock, topic: str, place: Following) -> None:
        """Send what the table has after `last`, then what was held meanwhile."""
        while True:
            lines = await self._backlog(topic, place.last)
            for line in lines:
                place.last = line.n
                if place.staff or line.audience != "staff":
                    sock.put(line.text)
            if len(lines) < PAGE:
                break
        held, place.held = place.held or [], None
        for item in held:
            if item.n is not None and item.n > place.last:
                self._give(sock, item, place)


PAGE = 500  # lines read from the table at once; a shorter answer is the last
