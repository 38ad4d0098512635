"""kill -9 while 32 clients write and retry: nothing acknowledged is lost, nothing is there twice (SR-65, SR-68).

10 kills in the short form, 100 in the long one. It does not show a power cut: synchronous=FULL does that.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks import bench

PORT = bench.free_port()
CLIENTS = 32
KILLS = 100 if os.environ.get("CARDLINE_LONG") else 10

pytestmark = pytest.mark.fault


class Clients:
    """32 writers that go on with the same key until they hear an answer."""

    def __init__(self, world: bench.World) -> None:
        self.world = world
        self.acknowledged: dict[str, tuple[int, int]] = {}  # text → (case, n)
        self.tried: dict[str, int] = {}
        self.stop = False

    async def run(self, place: int) -> None:
        socket: bench.Socket | None = None
        number = 0
        while not self.stop:
            number += 1
            text, key = f"message {place}/{number}", f"key-{place}-{number:06}"
            self.tried[text] = 0
            while not (self.stop and self.tried[text]):
                self.tried[text] += 1
                try:
                    if socket is None:
                        socket = await asyncio.wait_for(bench.Socket.open(PORT, self.world.cookies[place]), 5)
                    socket.send({"send": f"contact:{self.world.contacts[place]}", "key": key, "text": text})
                    n = await asyncio.wait_for(self.answer(socket, key), 5)
                except (OSError, TimeoutError, asyncio.IncompleteReadError, ConnectionError):
                    if socket is not None:
                        socket.close()
                    socket = None
                    await asyncio.sleep(0.02)
                else:
                    self.acknowledged[text] = (self.world.cases[place], n)
                    break

    async def answer(self, socket: bench.Socket, key: str) -> int:
        while True:
            frame = await socket.receive()
            if frame.get("ack") == key:
                return int(frame["n"])
            if frame.get("nack") == key:
                raise ConnectionError(frame["detail"])


def start(world: bench.World) -> subprocess.Popen[bytes]:
    env = {
        **os.environ,
        "CARDLINE_DATA": str(world.folder),
        "CARDLINE_LOG_LEVEL": "ERROR",
        "CARDLINE_LIMIT_FACTOR": "1000",
        **bench.EMBEDDED,
    }
    log = (world.folder / "server.log").open("ab")
    return subprocess.Popen(
        [sys.executable, "-m", "cardline.config.cli", "serve", "--port", str(PORT)],
        env=env,
        cwd=bench.ROOT,
        stderr=log,
    )


async def story(world: bench.World) -> tuple[Clients, list[float]]:
    chance = random.Random(7)
    clients, back = Clients(world), []
    process = start(world)
    await asyncio.to_thread(bench.wait_ready, PORT, process)
    running = [asyncio.ensure_future(clients.run(place)) for place in range(CLIENTS)]
    for _ in range(KILLS):
        await asyncio.sleep(chance.uniform(0.15, 0.5))
        process.send_signal(signal.SIGKILL)
        process.wait()
        began = time.perf_counter()
        process = start(world)
        await asyncio.to_thread(bench.wait_ready, PORT, process)
        back.append(time.perf_counter() - began)
    await asyncio.sleep(0.5)
    clients.stop = True
    await asyncio.wait(running, timeout=15)
    process.send_signal(signal.SIGTERM)
    await asyncio.to_thread(process.wait, 15)
    return clients, back


def test_kill_9_loses_nothing_acknowledged_and_doubles_nothing(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    world = bench.make_world(tmp_path, CLIENTS)
    clients, back = asyncio.run(story(world))
    database = sqlite3.connect(world.folder / "cardline.sqlite3")

    def one(query: str) -> int:
        return int(database.execute(query).fetchone()[0])

    stored: dict[str, list[tuple[int, int]]] = {}
    for case, n, text in database.execute(
        "SELECT case_id, n, text FROM cases_entry WHERE text LIKE 'message %/%'"
    ):
        stored.setdefault(text, []).append((case, n))
    assert clients.acknowledged, "nothing was written at all"
    assert any(times > 1 for times in clients.tried.values()), "no kill ever hit a request"
    lost = [text for text, place in clients.acknowledged.items() if place not in stored.get(text, [])]
    assert lost == []
    assert [text for text, places in stored.items() if len(places) > 1] == []
    gaps = one(
        "SELECT count(*) FROM (SELECT case_id, count(*) c, max(n) m FROM cases_entry GROUP BY 1) WHERE c <> m"
    )
    assert gaps == 0
    assert one("SELECT sum(last_entry) FROM cases_case") == one("SELECT count(*) FROM cases_entry")
    messages = len(stored)
    assert one(
        "SELECT count(*) FROM audit_auditevent WHERE name = 'message.send' AND detail LIKE '%text_length%'"
    ) == (one("SELECT count(*) FROM cases_entry WHERE kind = 'message'"))
    watched = one("SELECT count(*) FROM contact_contact WHERE watched_until IS NOT NULL")
    looks = one(
        "SELECT count(*) FROM contact_contact c JOIN kit_outboxitem o ON o.kind = 'message.unread'"
        " AND o.due_at = c.watched_until AND json_extract(o.payload, '$.contact') = c.id"
    )
    assert watched == looks > 0
    assert one("SELECT count(*) FROM kit_idempotencykey WHERE key LIKE 'key-%' AND answer <> ''") == messages
    assert database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    record_property(
        "figures",
        f"kills {KILLS}, acknowledged {len(clients.acknowledged)},"
        f" retried {sum(times > 1 for times in clients.tried.values())}, slowest start {max(back):.2f} s",
    )
