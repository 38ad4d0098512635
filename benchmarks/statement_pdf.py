"""A statement's PDF of 300 lines beside one of 3: CPU time, by turns, and how long the long one takes.

Both statements belong to members of one database; each PDF is asked for as a signed-in browser asks for it, and read
back to see that every line is on it. Rows are written straight into the tables. What a process does once, at its first
paper (the library, the typeface), is told apart. Usage: python -m benchmarks.statement_pdf [LINES] [TURNS]
"""

from __future__ import annotations

import io
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from benchmarks import bench

FEW = 3


def statement_with(lines: int) -> tuple[Any, str]:
    """A member's user, and the token of a statement with so many purchases, one every two hours."""
    from cardline.identity.models import User
    from cardline.issuer.embedded import models as rows
    from cardline.kit import clock
    from cardline.members.models import Member

    now, number = clock.now(), f"bench-{lines}"
    user = User.objects.create(username=number, password="!")
    member = Member.objects.create(
        user=user, core_customer=number, given_name="Member", family_name=str(lines), since=now.date()
    )
    customer = rows.Customer.objects.create(number=number, name=member.name)
    account = rows.Account.objects.create(
        token=f"acc_{lines}", product="Everyday Card", currency="USD", opened_at=now
    )
    rows.Holder.objects.create(account=account, customer=customer, role="basic")
    card = rows.Card.objects.create(
        token=f"card_{lines}", account=account, customer=customer, role="basic", bin="370000", last4="1001"
    )
    amounts = [100 + 7 * n for n in range(lines)]
    closed = now.date() - timedelta(days=1)
    sums = dict.fromkeys(
        ("opening_minor", "fees_minor", "interest_minor", "payments_minor", "credits_minor"), 0
    )
    statement = rows.Statement.objects.create(
        token=f"stm_{lines}",
        account=account,
        opened_on=closed - timedelta(days=30),
        closed_on=closed,
        due_on=closed + timedelta(days=25),
        purchases_minor=sum(amounts),
        closing_minor=sum(amounts),
        minimum_minor=2_500,
        **sums,
    )
    rows.Transaction.objects.bulk_create(
        rows.Transaction(
            token=f"txn_{lines}_{n}",
            account=account,
            card=card,
            state="posted",
            merchant=f"Merchant {n % 97}",
            place="Albany, NY",
            amount_minor=amount,
            channel="chip",
            at=now - timedelta(hours=2 * n + 25),
            posted_at=now - timedelta(hours=2 * n + 24),
            statement=statement,
        )
        for n, amount in enumerate(amounts)
    )
    return user, statement.token


def asker(user: Any, token: str, lines: int) -> Callable[[], tuple[float, float]]:
    """Asks for the PDF; returns its CPU and wall time in seconds. Reads the first one back."""
    from django.test import Client

    client = Client(headers={"host": "localhost"})
    client.force_login(user, backend="cardline.identity.backend.SignInBackend")

    def ask() -> tuple[float, float]:
        cpu, wall = time.process_time(), time.perf_counter()
        answer = client.get(f"/statements/{token}.pdf")
        took = time.process_time() - cpu, time.perf_counter() - wall
        assert answer.status_code == 200 and answer.headers["Content-Type"] == "application/pdf"
        if not read:
            read.append(shown_on(answer.content))
            assert read == [lines], f"{read[0]} of {lines} lines are on the paper"
        return took

    read: list[int] = []
    return ask


def shown_on(pdf: bytes) -> int:
    import pypdf

    return sum(page.extract_text().count("Merchant ") for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def measure(lines: int, turns: int) -> None:
    """Runs in a process whose CARDLINE_DATA is the benchmark's folder."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cardline.config.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    few, many = (asker(*statement_with(n), n) for n in (FEW, lines))
    first = few()[0]
    many()
    found = [(few(), many()) if turn % 2 else (many(), few())[::-1] for turn in range(turns)]
    small, large = (statistics.median(turn[side][0] for turn in found) for side in (0, 1))
    ratio = statistics.median(turn[1][0] / turn[0][0] for turn in found)
    wall = statistics.median(turn[1][1] for turn in found)
    bench.report(
        f"Statement as PDF, CPU time of the whole request (reach 20 x, and 3 s for {lines} lines)",
        [
            ("lines", "CPU"),
            (FEW, f"{small * 1e3:.0f} ms"),
            (lines, f"{large * 1e3:.0f} ms"),
            ("ratio", f"{ratio:.1f}"),
            (f"{lines}, by the clock", f"{wall:.2f} s"),
            ("once, at the first paper", f"{first - small:.2f} s"),
        ],
    )


def main(lines: int = 300, turns: int = 15) -> None:
    with bench.folder() as folder:
        env = {
            **os.environ,
            **bench.EMBEDDED,
            "CARDLINE_DATA": str(folder),
            "CARDLINE_STATIC": "source",
            "CARDLINE_LIMIT_FACTOR": "100",
        }
        call = [sys.executable, "-m", "benchmarks.statement_pdf", "measure", str(lines), str(turns)]
        subprocess.run(call, env=env, check=True, cwd=bench.ROOT)


if __name__ == "__main__":
    if sys.argv[1:2] == ["measure"]:
        measure(int(sys.argv[2]), int(sys.argv[3]))
    else:
        main(*map(int, sys.argv[1:]))
