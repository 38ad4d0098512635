"""Grown: two web processes and two workers on PostgreSQL and Redis. What is said on one arrives on the other."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from benchmarks import bench

pytestmark = pytest.mark.postgres
FIRST, SECOND = bench.free_port(), bench.free_port()


@pytest.fixture
def database_url() -> Iterator[str]:
    """A database of this test's own on the server that bin/services started."""
    url = os.environ["CARDLINE_DATABASE_URL"]
    name = f"processes_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
    yield urlsplit(url)._replace(path=f"/{name}").geturl()
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


class Grown:
    """The processes of the test, and the environment they share."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.env = {
            **os.environ,
            "CARDLINE_DATA": str(folder),
            "CARDLINE_DATABASE_URL": database_url,
            "CARDLINE_DEMO": "",
            "CARDLINE_LOG_LEVEL": "ERROR",
            "CARDLINE_LIMIT_FACTOR": "1000",
        }
        self.folder = folder
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        log = (self.folder / f"{words[0]}.log").open("ab")
        process = subprocess.Popen(
            [sys.executable, "-m", "cardline.config.cli", *words], env=self.env, cwd=bench.ROOT, stderr=log
        )
        self.running.append(process)
        return process

    def web(self, port: int) -> subprocess.Popen[bytes]:
        process = self.start("web", "--port", str(port))
        bench.wait_ready(port, process)
        return process

    def stop(self) -> None:
        for process in self.running:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.running:
            process.wait(20)


@pytest.fixture
def grown(tmp_path: Path, database_url: str) -> Iterator[Grown]:
    processes = Grown(tmp_path, database_url)
    yield processes
    processes.stop()


async def open_and_join(port: int, cookie: str, case: int, after: int) -> bench.Socket:
    socket = await bench.Socket.open(port, cookie)
    socket.send({"join": f"case:{case}", "after": after})
    return socket


async def messages(socket: bench.Socket, count: int, seconds: float = 10) -> list[tuple[int, str]]:
    """The next `count` messages as (number, text)."""
    found: list[tuple[int, str]] = []

    async def read() -> None:
        while len(found) < count:
            frame = await socket.receive()
            if frame.get("kind") == "message":
                found.append((frame["n"], frame["text"]))

    await asyncio.wait_for(read(), seconds)
    return found


def test_what_is_said_on_one_process_arrives_on_the_other(grown: Grown, database_url: str) -> None:
    world = bench.make_world(grown.folder, 2, CARDLINE_DATABASE_URL=database_url)
    first = grown.web(FIRST)
    grown.web(SECOND)
    case, contact = world.cases[0], world.contacts[0]

    async def story() -> None:
        agent = await open_and_join(SECOND, world.agent_cookie, case, 0)
        member = await open_and_join(FIRST, world.cookies[0], case, 0)
        await messages(agent, 1)  # the first word, said when the chat began
        await asyncio.sleep(0.5)  # both are subscribed to Redis
        for number in range(50):
            member.send({"send": f"contact:{contact}", "key": f"key-{number:06}", "text": f"word {number}"})
        heard = await messages(agent, 50)
        assert sorted(text for _, text in heard) == sorted(f"word {n}" for n in range(50))
        numbers = [n for n, _ in heard]
        assert numbers == sorted(numbers) and len(set(numbers)) == 50

        first.send_signal(signal.SIGKILL)
        first.wait()
        agent.send({"send": f"contact:{contact}", "key": "from-agent-1", "text": "are you there?"})
        back = await open_and_join(SECOND, world.cookies[0], case, numbers[-1])
        assert (await messages(back, 1))[0][1] == "are you there?"
        back.send({"send": f"contact:{contact}", "key": "key-000049", "text": "word 49"})
        while (answer := await back.receive()).get("ack") != "key-000049":
            assert "nack" not in answer
        assert answer["n"] == next(n for n, text in heard if text == "word 49")

    asyncio.run(story())


def test_two_workers_escalate_each_promise_once(grown: Grown, database_url: str) -> None:  # SR-76
    world = bench.make_world(grown.folder, 1, CARDLINE_DATABASE_URL=database_url)
    script = (
        "import django; django.setup()\n"
        "from datetime import timedelta\n"
        "from cardline.kit import clock\n"
        "from cardline.kit.actors import SYSTEM\n"
        "from cardline.kit.redact import clean\n"
        "from cardline.promises.commands import make_promise\n"
        "for i in range(40):\n"
        "    now = clock.now()\n"
        f"    make_promise(by=SYSTEM, now=now, case_id={world.cases[0]}, text=clean('Write to you'),\n"
        "        due_at=now + timedelta(seconds=2), due_zone='America/New_York', source='flow')\n"
    )
    env = {**grown.env, "DJANGO_SETTINGS_MODULE": "cardline.config.settings"}
    subprocess.run([sys.executable, "-c", script], env=env, cwd=bench.ROOT, check=True)
    grown.start("worker")
    grown.start("worker")
    with psycopg.connect(database_url, autocommit=True) as database:

        def one(query: str) -> Any:
            row = database.execute(query).fetchone()
            return row[0] if row else None

        until = time.monotonic() + 30
        while one("SELECT count(*) FROM promises_promise WHERE state = 'open'") and time.monotonic() < until:
            time.sleep(0.2)
        time.sleep(1)
        assert one("SELECT count(*) FROM promises_promise WHERE state = 'missed'") == 40
        assert one("SELECT count(*) FROM promises_escalation WHERE moment = 'due'") == 40
        assert one("SELECT count(*) FROM cases_entry WHERE kind = 'promise.missed'") == 40
