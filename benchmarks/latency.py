"""From the member's key press to the agent's screen: 100 messages a second beside 100 and 5,000 idle sockets.

Reference: one flush of the same run. Usage: python -m benchmarks.latency [MESSAGES]
"""

from __future__ import annotations

import asyncio
import contextlib
import resource
import sys
import time
import uuid

from benchmarks import bench

PORT = bench.free_port()
RATE = 100


async def idle_sockets(world: bench.World, count: int) -> list[bench.Socket]:
    opened: list[bench.Socket] = []
    for start in range(0, count, 50):
        batch = range(start, min(start + 50, count))
        opened += await asyncio.gather(
            *[bench.Socket.open(PORT, world.cookies[1 + i % (len(world.cookies) - 1)]) for i in batch]
        )
    for number, socket in enumerate(opened):
        place = 1 + number % (len(world.cookies) - 1)
        socket.send({"join": f"case:{world.cases[place]}", "after": 1_000_000_000})
    return opened


async def measure(world: bench.World, messages: int) -> tuple[list[float], int]:
    """Latencies in ms of what arrived at the agent, and how many did not."""
    case, contact = world.cases[0], world.contacts[0]
    agent = await bench.Socket.open(PORT, world.agent_cookie)
    agent.send({"join": f"case:{case}", "after": 0})
    while (await agent.receive()).get("joined") is None:
        pass
    member = await bench.Socket.open(PORT, world.cookies[0])
    sent: dict[str, float] = {}
    seen: dict[str, float] = {}

    async def watch() -> None:
        while len(seen) < messages:
            frame = await agent.receive()
            if frame.get("kind") == "message" and frame["text"] in sent:
                seen[frame["text"]] = time.perf_counter()

    async def drain() -> None:
        while True:
            await member.receive()

    watching, draining = asyncio.ensure_future(watch()), asyncio.ensure_future(drain())
    began = time.perf_counter()
    for number in range(messages):
        await asyncio.sleep(max(0.0, began + number / RATE - time.perf_counter()))
        text = f"message {uuid.uuid4()}"
        sent[text] = time.perf_counter()
        member.send({"send": f"contact:{contact}", "key": uuid.uuid4().hex, "text": text})
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(watching, 10)
    draining.cancel()
    member.close()
    agent.close()
    return [(seen[t] - sent[t]) * 1e3 for t in seen], messages - len(seen)


def main(messages: int = 400) -> None:
    bench.pin_me()
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    rows: list[tuple[object, ...]] = [
        ("flush", "idle", "p50 ms", "p99 ms", "lost", "one flush ms", "KiB a socket")
    ]
    middles: dict[tuple[str, int], float] = {}
    with bench.folder() as folder:
        world = bench.make_world(folder, 64)
        for name, delay in (("as it is", 0), ("4 ms", 4_000)):
            env = bench.slow_flush(folder, delay)
            flush = 1e3 / bench.bare_rows_per_second(folder, 1, env)
            for idle in (100, 5_000):
                with bench.server(world, PORT, **env, CARDLINE_LIMIT_FACTOR="1000") as process:
                    found, lost, grown = asyncio.run(one(world, process.pid, idle, messages))
                middles[name, idle] = bench.percentile(found, 0.5)
                rows.append(
                    (
                        name,
                        idle,
                        f"{middles[name, idle]:.2f}",
                        f"{bench.percentile(found, 0.99):.2f}",
                        lost,
                        f"{flush:.2f}",
                        f"{grown * 1024 / idle:.0f}",
                    )
                )
    bench.report("Member → agent by socket, 100 messages a second", rows)
    for name in ("as it is", "4 ms"):
        print(
            f"  5,000 idle against 100, flush {name}: {middles[name, 5_000] / middles[name, 100]:.2f} (reach 1.5)"
        )


async def one(world: bench.World, pid: int, idle: int, messages: int) -> tuple[list[float], int, float]:
    before = bench.memory_mib(pid)
    opened = await idle_sockets(world, idle)
    await asyncio.sleep(1)
    grown = bench.memory_mib(pid) - before
    await measure(world, 50)
    found, lost = await measure(world, messages)
    for socket in opened:
        socket.close()
    return found, lost, grown


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
