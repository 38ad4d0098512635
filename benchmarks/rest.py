"""Memory of the one process at rest, and seconds from start to /readyz. Usage: python -m benchmarks.rest [STARTS]"""

from __future__ import annotations

import os
import statistics
import sys
import time
import urllib.request

from benchmarks import bench

PORT = bench.free_port()
PAGES = (
    "/",
    "/contact",
    "/get-help/dispute.duplicate_charge",
    "/get-help?q=someone+used+my+card+at+a+bakery",
)


def main(starts: int = 5) -> None:
    with bench.folder() as folder:
        world = bench.make_world(folder, 4)
        took, rest, used = [], [], []
        for _ in range(starts):
            began = time.perf_counter()
            with bench.server(world, PORT) as process:
                took.append(time.perf_counter() - began)
                time.sleep(2)
                rest.append(bench.memory_mib(process.pid))
                for page in PAGES * 10:
                    urllib.request.urlopen(f"http://127.0.0.1:{PORT}{page}").read()
                used.append(bench.memory_mib(process.pid))
    bench.report(
        f"One process, {os.cpu_count()} cores",
        [
            ("what", "middle", "all"),
            (
                "start to /readyz, s (reach 1.5)",
                f"{statistics.median(took):.2f}",
                [round(t, 2) for t in took],
            ),
            ("memory at rest, MiB (reach 120)", f"{statistics.median(rest):.0f}", [round(m) for m in rest]),
            ("memory after 40 pages, MiB", f"{statistics.median(used):.0f}", [round(m) for m in used]),
        ],
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
