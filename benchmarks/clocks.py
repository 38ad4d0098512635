"""`cardline clock compute` on a file of every rule, beside a plain copy of the same file that reads its dates.

Whole processes, by turns: start-up is part of both. Usage: python -m benchmarks.clocks [ROWS]
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

from benchmarks import bench

TURNS = 5
CLOSINGS = [str(date(2026, 1, 20) + timedelta(30 * n)) for n in range(40)]
PARAMS = {"z.resolve": {"closings": CLOSINGS}, "z.pay_disputed_by": {"payment_period_days": 25}}
COPY = """
import csv, sys
from datetime import date
sys.stdout.reconfigure(line_buffering=True)
out = csv.writer(sys.stdout, lineterminator="\\n")
for row in csv.DictReader(open(sys.argv[1])):
    day = date.fromisoformat(row["start"])
    out.writerow((row["id"], day, day, ""))
"""


def write_rows(file: Path, rows: int) -> None:
    import csv

    from cardline.clocks.rules import rule_ids

    with file.open("w", newline="") as out:
        table = csv.writer(out)
        table.writerow(("id", "rule", "calendar", "issuer_tz", "start", "start_local_date", "params"))
        rules = rule_ids()
        for n in range(rows):
            rule, day = rules[n % len(rules)], date(2026, 1, 5) + timedelta(n % 1_000)
            table.writerow(
                (n, rule, "us-federal", "America/New_York", day, day, json.dumps(PARAMS.get(rule, {})))
            )


def seconds(words: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(
        [*bench.pin(-1), sys.executable, *words], cwd=bench.ROOT, check=True, stdout=subprocess.DEVNULL
    )
    return time.perf_counter() - began


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with bench.folder() as folder:
        file = folder / "rows.csv"
        write_rows(file, rows)
        ours, copies = [], []
        for _ in range(TURNS):
            ours.append(seconds(["-m", "cardline.config.cli", "clock", "compute", "--csv", str(file)]))
            copies.append(seconds(["-c", COPY, str(file)]))
    bench.report(
        f"{rows} rows of every rule, median of {TURNS}",
        [
            ("", "rows a second"),
            ("clock compute", round(rows / sorted(ours)[TURNS // 2])),
            ("a plain copy", round(rows / sorted(copies)[TURNS // 2])),
            ("times as long as the copy", round(sorted(ours)[TURNS // 2] / sorted(copies)[TURNS // 2], 1)),
        ],
    )


if __name__ == "__main__":
    main()
