"""What the benchmarks share: a world of their own, a server beside them, and honest ways to measure it.

The server runs on one core and the load on the other where there are two. Ratios inside one run are what counts; the
absolute numbers belong to the machine of the day.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
HERE = Path(__file__).resolve().parent
TICKS = os.sysconf("SC_CLK_TCK")
EMBEDDED = {"CARDLINE_DATABASE_URL": "", "CARDLINE_REDIS_URL": "", "CARDLINE_DEMO": ""}
TEXT = "Hello, my card was charged twice at the bakery on Friday, 12.40 each. Can you help?"


@dataclass
class World:
    """A data folder filled with members in conversations, and a session cookie for each."""

    folder: Path
    cookies: list[str] = field(default_factory=list)
    contacts: list[int] = field(default_factory=list)
    cases: list[int] = field(default_factory=list)
    agent_cookie: str = ""


def slow_flush(folder: Path, microseconds: int) -> dict[str, str]:
    """Environment that delays each flush; empty for no delay. Raises SystemExit with a reason without a compiler."""
    if not microseconds:
        return {}
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        raise SystemExit("needs a C compiler for the delayed flush (Debian: gcc)")
    library = folder / "slow_flush.so"
    if not library.exists():
        subprocess.run(
            [compiler, "-shared", "-fPIC", "-O2", "-o", str(library), str(HERE / "slow_flush.c"), "-ldl"],
            check=True,
        )
    return {"LD_PRELOAD": str(library), "FLUSH_US": str(microseconds)}


def make_world(folder: Path, clients: int = 64, **extra: str) -> World:
    """Members, one conversation each with one agent, and sessions, written in a process of its own.

    On SQLite in the folder unless `extra` names a database (CARDLINE_DATABASE_URL).
    """
    env = {**os.environ, **EMBEDDED, "CARDLINE_DATA": str(folder), **extra}
    made = subprocess.run(
        [sys.executable, str(HERE / "fill.py"), str(clients)],
        env=env,
        check=True,
        stdout=subprocess.PIPE,
        cwd=ROOT,
    )
    facts = json.loads(made.stdout)
    return World(folder, facts["cookies"], facts["contacts"], facts["cases"], facts["agent_cookie"])


@contextmanager
def server(world: World, port: int, **extra: str) -> Iterator[subprocess.Popen[bytes]]:
    """`cardline serve` on the world, pinned to the last core; stopped at the end."""
    env = {
        **os.environ,
        **EMBEDDED,
        "CARDLINE_DATA": str(world.folder),
        "CARDLINE_LOG_LEVEL": "ERROR",
        **extra,
    }
    process = subprocess.Popen(
        [*pin(-1), sys.executable, "-m", "cardline.config.cli", "serve", "--port", str(port)],
        env=env,
        cwd=ROOT,
        stderr=(world.folder / "server.log").open("ab"),
    )
    try:
        wait_ready(port, process)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    """A port nobody uses now. Never a fixed one: something else may answer there and be taken for ours."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def pin(core: int) -> list[str]:
    """The words before a command that keep it on one core; none where there is only one."""
    count = os.cpu_count() or 1
    if count < 2 or shutil.which("taskset") is None:
        return []
    return ["taskset", "-c", str(count - 1 if core < 0 else core)]


def pin_me() -> None:
    if (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(0, {0})


def wait_ready(port: int, process: subprocess.Popen[bytes], seconds: float = 30) -> float:
    """Wait for /readyz; returns the seconds it took."""
    began = time.perf_counter()
    while time.perf_counter() - began < seconds:
        if process.poll() is not None:
            raise SystemExit(f"the server ended with {process.returncode}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1) as answer:
                if answer.status == 200:
                    return time.perf_counter() - began
        except OSError:
            time.sleep(0.005)
    raise SystemExit("the server did not get ready")


def metric(port: int, name: str) -> float:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        for line in answer.read().decode().splitlines():
            if line.startswith(name + " "):
                return float(line.split()[1])
    raise KeyError(name)


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory_mib(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise KeyError("VmRSS")


def bare_rows_per_second(folder: Path, seconds: float, env: dict[str, str]) -> float:
    """The reference: one bare row, one commit, synchronous=FULL, on the same disk with the same delay."""
    out = subprocess.run(
        [*pin(-1), sys.executable, str(HERE / "bare_row.py"), str(folder / "bare.sqlite3"), str(seconds)],
        env={**os.environ, **env},
        check=True,
        stdout=subprocess.PIPE,
    )
    return float(out.stdout)


@contextmanager
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="cardline-bench-"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def copy_database(world: World, name: str) -> None:
    """Keep the filled database, or put it back, so that each round starts alike."""
    source = sqlite3.connect(world.folder / "cardline.sqlite3")
    target = sqlite3.connect(world.folder / name)
    with target:
        source.backup(target)
    source.close()
    target.close()


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def report(title: str, rows: list[tuple[Any, ...]]) -> None:
    print(f"\n{title}")
    widths = [max(len(str(row[i])) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        print("  " + "  ".join(str(cell).ljust(width) for cell, width in zip(row, widths, strict=True)))


class Socket:
    """A client of /live with the least overhead: enough of RFC 6455 for text frames."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    @classmethod
    async def open(cls, port: int, cookie: str) -> Socket:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            (
                f"GET /live HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                f"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\nCookie: {cookie}\r\n\r\n"
            ).encode()
        )
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 101 " not in head.split(b"\r\n", 1)[0]:
            raise ConnectionError(head.split(b"\r\n", 1)[0].decode())
        return cls(reader, writer)

    def send(self, message: dict[str, Any]) -> None:
        body = json.dumps(message).encode()
        size = len(body)
        head = bytes([0x81, 0x80 | size]) if size < 126 else bytes([0x81, 0xFE, size >> 8, size & 255])
        self.writer.write(head + b"\0\0\0\0" + body)  # a zero mask is a mask

    async def receive(self) -> dict[str, Any]:
        while True:
            first, second = await self.reader.readexactly(2)
            size = second & 127
            if size == 126:
                size = int.from_bytes(await self.reader.readexactly(2))
            elif size == 127:
                size = int.from_bytes(await self.reader.readexactly(8))
            body = await self.reader.readexactly(size)
            if first & 15 == 8:
                raise ConnectionError("closed")
            if first & 15 == 9:
                self.writer.write(bytes([0x8A, 0x80 | len(body)]) + b"\0\0\0\0" + body)
            elif first & 15 == 1:
                answer: dict[str, Any] = json.loads(body)
                return answer

    def close(self) -> None:
        self.writer.close()
