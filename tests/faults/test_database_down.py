"""The database out of reach, at start and during a chat: 503 with Retry-After, what was typed kept, back by itself."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from email.message import Message
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from benchmarks import bench
from tests.faults.test_processes import Grown, database_url  # noqa: F401 - a fixture used by name

pytestmark = pytest.mark.postgres
PORT = bench.free_port()


class Wire:
    """A wire to the database that can be cut: new connections are refused and open ones reset."""

    def __init__(self, host: str, port: int) -> None:
        self.target = (host, port)
        self.cut = threading.Event()
        self.pairs: list[tuple[socket.socket, socket.socket]] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            if self.cut.is_set():
                near.close()
                continue
            far = socket.create_connection(self.target)
            self.pairs.append((near, far))
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._pump, args=(one, other), daemon=True).start()

    def _pump(self, one: socket.socket, other: socket.socket) -> None:
        try:
            while data := one.recv(65_536):
                other.sendall(data)
        except OSError:
            return
        finally:
            for end in (one, other):
                end.close()

    def break_off(self) -> None:
        self.cut.set()
        for pair in self.pairs:
            for end in pair:
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue

    def mend(self) -> None:
        self.cut.clear()


@pytest.fixture
def wire(database_url: str) -> Iterator[Wire]:  # noqa: F811 - the fixture above
    parts = urlsplit(database_url)
    made = Wire(parts.hostname or "127.0.0.1", parts.port or 5432)
    yield made
    made.listener.close()


def ask(path: str, cookie: str = "", form: dict[str, str] | None = None) -> tuple[int, dict[str, str], str]:
    request = urllib.request.Request(
        f"http://127.0.0.1:{PORT}{path}",
        data=urllib.parse.urlencode(form).encode() if form is not None else None,
        headers={"Cookie": cookie},
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, _lower(answer.headers), answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, _lower(refused.headers), refused.read().decode()


def _lower(headers: Message) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def through(wire: Wire, url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=f"{parts.username}:{parts.password}@127.0.0.1:{wire.port}").geturl()


def test_unreachable_at_start_says_so_and_recovers(tmp_path: Path, wire: Wire, database_url: str) -> None:  # noqa: F811
    world = bench.make_world(tmp_path, 1, CARDLINE_DATABASE_URL=database_url)
    wire.break_off()
    grown = Grown(tmp_path, through(wire, database_url))
    try:
        process = grown.start("web", "--port", str(PORT))
        wait_for(lambda: ask("/readyz")[0] == 503)
        assert process.poll() is None
        status, headers, body = ask("/contacts", world.cookies[0])
        assert status == 503 and headers["retry-after"] and "Traceback" not in body
        wire.mend()
        wait_for(lambda: ask("/readyz")[0] == 200)
        assert ask("/contacts", world.cookies[0])[0] == 200
    finally:
        grown.stop()


def test_cut_off_during_a_chat_loses_nothing(tmp_path: Path, wire: Wire, database_url: str) -> None:  # noqa: F811
    world = bench.make_world(tmp_path, 1, CARDLINE_DATABASE_URL=database_url)
    grown = Grown(tmp_path, through(wire, database_url))

    async def say(member: bench.Socket, key: str, text: str) -> dict[str, object]:
        member.send({"send": f"contact:{world.contacts[0]}", "key": key, "text": text})
        while True:
            frame = await asyncio.wait_for(member.receive(), 30)
            if key in (frame.get("ack"), frame.get("nack")):
                return frame

    async def story() -> None:
        member = await bench.Socket.open(PORT, world.cookies[0])
        member.send({"join": f"case:{world.cases[0]}", "after": 0})
        assert "ack" in await say(member, "key-before", "before the cut")
        wire.break_off()
        refused = await say(member, "key-during", "during the cut")
        assert refused["status"] == 503 and refused["retry_after"]
        wire.mend()
        for _ in range(40):
            answer = await say(member, "key-during", "during the cut")
            if "ack" in answer:
                break
            await asyncio.sleep(0.25)
        assert "ack" in answer
        assert (await say(member, "key-during", "during the cut"))["n"] == answer["n"]

    try:
        grown.web(PORT)
        asyncio.run(story())
    finally:
        grown.stop()


def wait_for(true: Callable[[], bool], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if true():
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise AssertionError("it did not come true in time")
