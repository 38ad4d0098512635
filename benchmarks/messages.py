"""Durable chat messages through the whole command path by socket: 64 clients, SQLite at synchronous=FULL.

Reference at a 4 ms flush: one bare row, one commit. Reference without delay: the same command committed alone
(CARDLINE_MAX_BATCH=1). Rounds are interleaved. Usage: python -m benchmarks.messages [ROUNDS] [SECONDS]
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
import uuid

from benchmarks import bench

CLIENTS = 64
PORT = bench.free_port()


async def drive(world: bench.World, port: int, seconds: float) -> tuple[int, float]:
    """Each client sends its next message when the last was acknowledged. Returns messages and seconds."""
    sockets = [await bench.Socket.open(port, cookie) for cookie in world.cookies]
    stop = time.perf_counter() + seconds
    done = 0

    async def client(socket: bench.Socket, contact: int, case: int) -> None:
        nonlocal done
        socket.send({"join": f"case:{case}", "after": 1_000_000_000})
        while time.perf_counter() < stop:
            key = uuid.uuid4().hex
            socket.send({"send": f"contact:{contact}", "key": key, "text": bench.TEXT})
            while True:
                answer = await socket.receive()
                if answer.get("ack") == key:
                    done += 1
                    break
                if answer.get("nack") == key:
                    raise SystemExit(f"refused: {answer}")

    began = time.perf_counter()
    await asyncio.gather(*map(client, sockets, world.contacts, world.cases))
    took = time.perf_counter() - began
    for socket in sockets:
        socket.close()
    return done, took


def one_round(world: bench.World, port: int, seconds: float, env: dict[str, str]) -> dict[str, float]:
    with bench.server(world, port, **env) as process:
        asyncio.run(drive(world, port, 0.5))  # warm
        cpu, jobs, commits = bench.cpu_seconds(process.pid), *_counts(port)
        messages, took = asyncio.run(drive(world, port, seconds))
        cpu = bench.cpu_seconds(process.pid) - cpu
        jobs_after, commits_after = _counts(port)
    return {
        "rate": messages / took,
        "cpu_us": cpu / messages * 1e6,
        "per_flush": (jobs_after - jobs) / max(commits_after - commits, 1),
    }


def _counts(port: int) -> tuple[float, float]:
    return bench.metric(port, "cardline_writer_jobs_total"), bench.metric(
        port, "cardline_writer_commits_total"
    )


def main(rounds: int = 3, seconds: float = 3) -> None:
    bench.pin_me()
    found: dict[str, list[dict[str, float]]] = {}
    with bench.folder() as folder:
        world = bench.make_world(folder, CLIENTS)
        slow = bench.slow_flush(folder, 4_000)
        unlimited = {"CARDLINE_LIMIT_FACTOR": "1000"}
        for _ in range(rounds):
            for name, env in (("4 ms", slow), ("as it is", {})):
                bare = bench.bare_rows_per_second(folder, 1.5, env)
                found.setdefault(f"bare row, one commit, flush {name}", []).append({"rate": bare})
                for batch, words in ((1, "command committed alone"), (256, "command by socket")):
                    result = one_round(
                        world, PORT, seconds, {**env, **unlimited, "CARDLINE_MAX_BATCH": str(batch)}
                    )
                    found.setdefault(f"{words}, flush {name}", []).append(result)
    rows: list[tuple[object, ...]] = [("what", "messages/s", "CPU µs", "per flush", "rounds")]
    middle = {name: statistics.median(r["rate"] for r in results) for name, results in found.items()}
    for name, results in found.items():
        rows.append(
            (
                name,
                round(middle[name]),
                *(
                    round(statistics.median(r.get(k, 0) for r in results), 1) or "-"
                    for k in ("cpu_us", "per_flush")
                ),
                [round(r["rate"]) for r in results],
            )
        )
    bench.report("Durable chat messages by socket, 64 clients", rows)
    bare = middle["command by socket, flush 4 ms"] / middle["bare row, one commit, flush 4 ms"]
    print(f"\n  × bare row at 4 ms: {bare:.1f} (reach 8)")
    alone = middle["command by socket, flush as it is"] / middle["command committed alone, flush as it is"]
    print(f"  × committed alone:  {alone:.1f} (reach 1.8)")


if __name__ == "__main__":
    main(*(float(a) if "." in a else int(a) for a in sys.argv[1:]))
