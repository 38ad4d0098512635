"""Ledger postings, many in a transaction, beside one bare row, one commit; every one of them balanced at the end.

A posting is what a purchase writes: the posting, a line on the account's receivable, a line on the merchants' book, and
the account's new balance. Batched, a command books 256 of them; alone, 64 clients each send commands of one, and the
writer joins their commits. SQLite at synchronous=FULL, rounds by turns.

Usage: python -m benchmarks.ledger [ROUNDS] [SECONDS]
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from benchmarks import bench

ACCOUNTS = 200
IN_A_COMMAND = 256
CLIENTS = 64
WAYS = {"together": "256 a command", "alone": "one a command, 64 clients"}

Send = Callable[[int], Awaitable[Any]]


def measure(way: str, seconds: float) -> None:
    """Runs in a process whose CARDLINE_DATA is the benchmark's folder. Prints what it did as JSON."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cardline.config.settings")
    from cardline.config.serve import data_folder, make_secret_key

    make_secret_key(data_folder())
    import django

    django.setup()
    from django.core.management import call_command
    from django.db.models import Count, Sum

    from cardline.issuer.embedded.ledger import Draft, move, post_all, receivable, wrong_books, wrong_postings
    from cardline.issuer.embedded.models import Line, Posting
    from cardline.kit import clock
    from cardline.kit.actors import SYSTEM, Kind, Standing
    from cardline.kit.commands import command
    from cardline.kit.writer import start_writer, stop_writer

    call_command("migrate", verbosity=0, interactive=False)
    now = clock.now()
    already = Posting.objects.count()
    numbers = itertools.count(already)

    @command("bench.post", by=[Kind.SYSTEM], housekeeping=True)
    def post_some(*, by: Standing, now: Any, count: int) -> int:
        drafts = []
        for number in itertools.islice(numbers, count):
            entries = move(receivable(number % ACCOUNTS), "merchants", 100 + number % 9_900, "USD")
            drafts.append(Draft("purchase", entries, now, f"txn:{number}"))
        return len(post_all(drafts))

    async def drive(clients: int, count: int) -> float:
        stop = time.perf_counter() + seconds

        async def client() -> None:
            while time.perf_counter() < stop:
                await post_some.soon(by=SYSTEM, now=now, count=count)

        began = time.perf_counter()
        await asyncio.gather(*(client() for _ in range(clients)))
        return time.perf_counter() - began

    start_writer()
    took = asyncio.run(drive(2, IN_A_COMMAND) if way == "together" else drive(CLIENTS, 1))
    stop_writer()

    # The proof, from the rows: each posting has its two lines, and nothing is left over anywhere.
    posted = Posting.objects.count()
    two_lines = Posting.objects.annotate(count=Count("lines")).filter(count=2).count()
    left_over = Line.objects.aggregate(total=Sum("amount_minor", default=0))["total"]
    if wrong_postings() or wrong_books() or left_over or two_lines != posted:
        raise SystemExit("a posting does not balance")
    print(json.dumps({"rate": (posted - already) / took, "balanced": posted}))


def run(folder: Path, way: str, seconds: float, env: dict[str, str]) -> dict[str, float]:
    """This module in a process of its own, pinned like the reference, on the database in the folder."""
    call = [*bench.pin(-1), sys.executable, "-m", "benchmarks.ledger", way, str(seconds)]
    env = {**os.environ, **bench.EMBEDDED, "CARDLINE_DATA": str(folder), "CARDLINE_LOG_LEVEL": "ERROR", **env}
    out = subprocess.run(call, env=env, check=True, cwd=bench.ROOT, stdout=subprocess.PIPE)
    found: dict[str, float] = json.loads(out.stdout)
    return found


def main(rounds: int = 3, seconds: float = 3) -> None:
    rates: dict[tuple[str, str], list[float]] = {}
    balanced = 0
    with bench.folder() as folder:
        slow = bench.slow_flush(folder, 4_000)
        for _ in range(rounds):
            for flush, env in (("4 ms", slow), ("as it is", {})):
                bare = bench.bare_rows_per_second(folder, seconds / 2, env)
                rates.setdefault(("bare", flush), []).append(bare)
                for way in WAYS:
                    found = run(folder, way, seconds, env)
                    rates.setdefault((way, flush), []).append(found["rate"])
                    balanced = int(found["balanced"])
    middle = {place: statistics.median(found) for place, found in rates.items()}
    rows: list[tuple[object, ...]] = [("what", "flush", "postings/s", "× bare row", "rounds")]
    for (what, flush), rate in middle.items():
        words = WAYS.get(what, "bare row, one commit")
        times = f"{rate / middle['bare', flush]:.1f}"
        rows.append((words, flush, round(rate), times, [round(one) for one in rates[what, flush]]))
    bench.report("Ledger postings", rows)
    print(f"\n  {balanced:,} postings in the end, every one balanced, every book the sum of its lines")
    print(f"  × bare row at 4 ms: {middle['together', '4 ms'] / middle['bare', '4 ms']:.1f} (reach 5)")


if __name__ == "__main__":
    if sys.argv[1:] and sys.argv[1] in WAYS:
        measure(sys.argv[1], float(sys.argv[2]))
    else:
        main(*(float(a) if "." in a else int(a) for a in sys.argv[1:]))
