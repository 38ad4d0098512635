"""A chat message posted by a Django page: our thread pool beside Django's stock ASGI handler, interleaved rounds.

Usage: python -m benchmarks.pages [ROUNDS] [SECONDS]
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

from benchmarks import bench

PORT = bench.free_port()
CLIENTS = 32


@contextmanager
def server_of(app: str, world: bench.World) -> Iterator[subprocess.Popen[bytes]]:
    env = {
        **os.environ,
        "CARDLINE_DATA": str(world.folder),
        "CARDLINE_LOG_LEVEL": "ERROR",
        "CARDLINE_LIMIT_FACTOR": "1000",
        "PYTHONPATH": str(bench.ROOT),
    }
    process = subprocess.Popen(
        [*bench.pin(-1), sys.executable, "-m", "uvicorn", app, "--port", str(PORT), "--log-level", "error",
         "--no-access-log", "--lifespan", "on"],
        env=env, cwd=bench.ROOT, stderr=(world.folder / "server.log").open("ab"),
    )  # fmt: skip
    try:
        bench.wait_ready(PORT, process)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(15)


class Browser:
    """One keep-alive connection that posts the chat's form."""

    def __init__(self, cookie: str, path: str) -> None:
        self.cookie, self.path = cookie, path

    async def open(self) -> Browser:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", PORT)
        status, head, body = await self.ask("GET", self.path, "")
        if status != 200:
            raise SystemExit(f"GET {self.path}: {status}")
        token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', body)
        cookie = re.search(rb"set-cookie: (cardline_csrf=[^;]+)", head, re.IGNORECASE)
        if token is None or cookie is None:
            raise SystemExit("the chat page has no form to post")
        self.token, self.cookie = token[1].decode(), f"{self.cookie}; {cookie[1].decode()}"
        return self

    async def post(self) -> None:
        form = {"csrfmiddlewaretoken": self.token, "key": uuid.uuid4().hex, "text": bench.TEXT}
        status, _, body = await self.ask("POST", self.path + "/messages", urlencode(form))
        if status != 201 or "n" not in json.loads(body):
            raise SystemExit(f"POST {self.path}: {status} {body[:200]!r}")

    async def ask(self, method: str, path: str, body: str) -> tuple[int, bytes, bytes]:
        self.writer.write(
            (
                f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\nCookie: {self.cookie}\r\n"
                "Accept: application/json\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                f"Content-Length: {len(body)}\r\n\r\n{body}"
            ).encode()
        )
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        if length is None:
            raise SystemExit("an answer without its length")
        return int(head.split()[1]), head, await self.reader.readexactly(int(length[1]))


async def drive(world: bench.World, paths: list[str], seconds: float) -> tuple[int, float]:
    browsers = [await Browser(c, p).open() for c, p in zip(world.cookies[:CLIENTS], paths, strict=False)]
    stop, done = time.perf_counter() + seconds, 0

    async def client(browser: Browser) -> None:
        nonlocal done
        while time.perf_counter() < stop:
            await browser.post()
            done += 1

    began = time.perf_counter()
    await asyncio.gather(*map(client, browsers))
    took = time.perf_counter() - began
    for browser in browsers:
        browser.writer.close()
    return done, took


def main(rounds: int = 3, seconds: float = 3) -> None:
    bench.pin_me()
    found: dict[str, list[tuple[float, float]]] = {}
    with bench.folder() as folder:
        world = bench.make_world(folder, CLIENTS)
        paths = chat_paths(world)
        for _ in range(rounds):
            for name, app in (
                ("stock ASGI handler", "benchmarks.stock_app:application"),
                ("our thread pool", "cardline.config.asgi:application"),
            ):
                with server_of(app, world) as process:
                    asyncio.run(drive(world, paths, 0.5))
                    cpu = bench.cpu_seconds(process.pid)
                    done, took = asyncio.run(drive(world, paths, seconds))
                    cpu = bench.cpu_seconds(process.pid) - cpu
                found.setdefault(name, []).append((done / took, cpu / done * 1e3))
    rows: list[tuple[object, ...]] = [("what", "messages/s", "CPU ms", "rounds")]
    rows += [
        (name, round(statistics.median(r for r, _ in results)), f"{statistics.median(c for _, c in results):.2f}",
         [round(r) for r, _ in results])
        for name, results in found.items()
    ]  # fmt: skip
    bench.report(f"Messages posted by a page, {CLIENTS} clients", rows)
    ratio = statistics.median(
        ours[0] / stock[0]
        for ours, stock in zip(found["our thread pool"], found["stock ASGI handler"], strict=True)
    )
    print(f"\n  × stock handler: {ratio:.1f} (reach 2.5)")


def chat_paths(world: bench.World) -> list[str]:
    """The address of each client's chat page, read from the database."""
    import sqlite3

    database = sqlite3.connect(world.folder / "cardline.sqlite3")
    refs = dict(
        database.execute(
            "SELECT c.id, k.ref FROM contact_contact c JOIN cases_case k ON k.id = c.home_case_id"
        )
    )
    return [f"/chat/{refs[c][:3]}-{refs[c][3:]}-1" for c in world.contacts]


if __name__ == "__main__":
    main(*(float(a) if "." in a else int(a) for a in sys.argv[1:]))
