"""The transactions page (50 rows) of an account with 10,000 movements beside one with 50, CPU, by turns.

Both members live in one database, so that nothing but the length of the history differs. The whole page is asked for as
a signed-in browser asks for it: newest, narrowed to one card, and a search that matches every row. Rows are written
straight into the tables. Usage: python -m benchmarks.transactions [MOVEMENTS]
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from benchmarks import bench

A_PAGE = 50
TURNS = 60
PAGES = {
    "newest": "/transactions",
    "one card": "/transactions?card={card}",
    "a search all match": "/transactions?q=merchant",
    "purchases, posted": "/transactions?kind=purchase&state=posted",
}


def member_with(movements: int) -> tuple[Any, str]:
    """A member's user, and their card's token, after so many posted purchases; one every two hours."""
    from cardline.identity.models import User
    from cardline.issuer.embedded import models as rows
    from cardline.kit import clock
    from cardline.members.models import Member

    now, number = clock.now(), f"bench-{movements}"
    user = User.objects.create(username=number, password="!")
    member = Member.objects.create(
        user=user, core_customer=number, given_name="Member", family_name=str(movements), since=now.date()
    )
    customer = rows.Customer.objects.create(number=number, name=member.name)
    account = rows.Account.objects.create(
        token=f"acc_{movements}", product="Everyday Card", currency="USD", opened_at=now
    )
    rows.Holder.objects.create(account=account, customer=customer, role="basic")
    card = rows.Card.objects.create(
        token=f"card_{movements}",
        account=account,
        customer=customer,
        role="basic",
        bin="370000",
        last4="1001",
    )
    rows.Transaction.objects.bulk_create(
        (
            rows.Transaction(
                token=f"txn_{movements}_{n}",
                account=account,
                card=card,
                state="posted",
                merchant=f"Merchant {n % 97}",
                place="Albany, NY",
                amount_minor=100 + n,
                channel="chip",
                at=now - timedelta(hours=2 * n + 1),
                posted_at=now - timedelta(hours=2 * n),
            )
            for n in range(movements)
        ),
        batch_size=2_000,
    )
    return user, card.token


def visit(client: Any, address: str) -> Callable[[], float]:
    """One request; returns its CPU in milliseconds."""

    def ask() -> float:
        began = time.process_time()
        answer = client.get(address)
        took = (time.process_time() - began) * 1e3
        assert answer.status_code == 200, (address, answer.status_code)
        assert answer.content.count(b'class="amt"') == A_PAGE, address
        return took

    return ask


def measure(movements: int) -> None:
    """Runs in a process whose CARDLINE_DATA is the benchmark's folder."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cardline.config.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    call_command("migrate", verbosity=0, interactive=False)
    askers = []
    for length in (A_PAGE, movements):
        user, card = member_with(length)
        client = Client(headers={"host": "localhost"})
        client.force_login(user, backend="cardline.identity.backend.SignInBackend")
        askers.append((client, card))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    rows: list[tuple[object, ...]] = [("page", f"of {A_PAGE}", f"of {movements:,}", "ratio")]
    for name, address in PAGES.items():
        few, many = (visit(client, address.format(card=card)) for client, card in askers)
        few(), many()
        turns = [(few(), many()) if turn % 2 else (many(), few())[::-1] for turn in range(TURNS)]
        small, large = (statistics.median(turn[side] for turn in turns) for side in (0, 1))
        ratio = statistics.median(turn[1] / turn[0] for turn in turns)
        rows.append((name, f"{small:.2f} ms", f"{large:.2f} ms", f"{ratio:.2f}"))
    bench.report("Transactions page of 50, CPU time of the whole request (reach 1.2)", rows)


def main(movements: int = 10_000) -> None:
    with bench.folder() as folder:
        env = {**os.environ, **bench.EMBEDDED, "CARDLINE_DATA": str(folder), "CARDLINE_STATIC": "source"}
        call = [sys.executable, "-m", "benchmarks.transactions", "measure", str(movements)]
        subprocess.run(call, env=env, check=True, cwd=bench.ROOT)


if __name__ == "__main__":
    if sys.argv[1:2] == ["measure"]:
        measure(int(sys.argv[2]))
    else:
        main(*map(int, sys.argv[1:]))
