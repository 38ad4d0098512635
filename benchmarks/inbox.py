"""The inbox page (50 rows, with filters) at 1,000,000 cases beside the same page at 1,000, in rounds by turns.

Rows are written straight into the tables, in a database of their own. Usage: python -m benchmarks.inbox [CASES]
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks import bench

QUERIES = 40
ROUNDS = 5


def fill(cases: int) -> None:
    """Runs in a process whose CARDLINE_DATA is the benchmark's folder."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cardline.config.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection, transaction

    from cardline.issuer.profile import current_profile
    from cardline.kit import clock
    from cardline.kit.reference import SYMBOLS
    from cardline.members.models import Member

    call_command("migrate", verbosity=0, interactive=False)
    now = clock.now()
    members = [
        Member.objects.create(
            core_customer=f"m{i}", given_name="Member", family_name=str(i), since=now.date()
        ).pk
        for i in range(1_000)
    ]
    queues = list(current_profile().queues)
    needs = ["dispute.duplicate_charge", "lost_stolen.report", "rewards.balance", "payment.make"]
    moment = connection.ops.adapt_datetimefield_value

    def ref(number: int) -> str:
        digits = []
        for _ in range(7):
            number, digit = divmod(number, 32)
            digits.append(SYMBOLS[digit])
        return "".join(digits)

    from datetime import timedelta

    def rows(start: int, stop: int) -> list[tuple[object, ...]]:
        return [
            (ref(n), members[n % 1_000], "", needs[n // len(queues) % 4], f"Case number {n}",
             queues[n % len(queues)], None, "open" if n % 10 else "closed", moment(now), moment(now), None,
             moment(now + timedelta(seconds=(n * 7919) % 2_000_000)), 3, 1, 1)
            for n in range(start, stop)
        ]  # fmt: skip

    columns = (
        "ref, member_id, guest_key, need, subject, queue, owner_id, state, opened_at, updated_at, closed_at,"
        " attention_at, last_entry, contacts, promises"
    )
    statement = f"INSERT INTO cases_case ({columns}) VALUES ({', '.join(['%s'] * 15)})"  # noqa: S608 - our own words
    for start in range(0, cases, 20_000):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(statement, rows(start, min(start + 20_000, cases)))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def measure() -> None:
    """Median milliseconds of CPU for the page's queries and rows, over views and filters, printed one a line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cardline.config.settings")
    import django

    django.setup()
    from cardline.desk.queries import inbox
    from cardline.issuer.profile import current_profile
    from cardline.kit.actors import Actor, Kind, Role

    queue = next(iter(current_profile().queues.values()))
    supervisor = Actor(Kind.AGENT, "1", name="Dana", role=Role.SUPERVISOR, team=queue.team)
    agent = Actor(Kind.AGENT, "2", name="Priya", role=Role.AGENT, team=queue.team)
    for actor, filters in (
        (supervisor, {}),
        (agent, {}),
        (supervisor, {"queue": queue.id}),
        (supervisor, {"need": "lost_stolen.report"}),
    ):
        times = []
        for _ in range(QUERIES):
            began = time.process_time()
            page = inbox(actor, view="all", filters=filters)
            assert len(page.rows) == 50, len(page.rows)
            times.append((time.process_time() - began) * 1e3)
        print(statistics.median(times))


def run(folder: Path, *words: str) -> list[float]:
    """This module in a process of its own, on the database in the folder; the numbers it printed."""
    env = {**os.environ, "CARDLINE_DATA": str(folder), "CARDLINE_PROFILE": "american-express"}
    call = [sys.executable, "-m", "benchmarks.inbox", *words]
    out = subprocess.run(call, env=env, check=True, cwd=bench.ROOT, stdout=subprocess.PIPE)
    return [float(line) for line in out.stdout.split()]


def main(cases: int = 1_000_000) -> None:
    with bench.folder() as few, bench.folder() as many:
        run(few, "fill", "1000")
        run(many, "fill", str(cases))
        rounds = [(run(few, "measure"), run(many, "measure")) for _ in range(ROUNDS)]
    names = ("supervisor, everything", "agent, own queues", "one queue", "one need")
    rows: list[tuple[object, ...]] = [("page", "1,000", f"{cases:,}", "ratio", "rounds")]
    for place, name in enumerate(names):
        small, large = (statistics.median(one[side][place] for one in rounds) for side in (0, 1))
        ratios = [one[1][place] / one[0][place] for one in rounds]
        rows.append(
            (name, f"{small:.2f} ms", f"{large:.2f} ms", f"{statistics.median(ratios):.2f}",
             [round(ratio, 2) for ratio in ratios])
        )  # fmt: skip
    bench.report("Inbox page of 50, CPU time of the server process (reach 1.2)", rows)


if __name__ == "__main__":
    if sys.argv[1:2] == ["fill"]:
        fill(int(sys.argv[2]))
    elif sys.argv[1:2] == ["measure"]:
        measure()
    else:
        main(*map(int, sys.argv[1:]))
