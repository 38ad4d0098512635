"""The worker's two commands around outside work: lease some of it, write down how it went."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cardline.kit import clock, idempotency, outbox
from cardline.kit.actors import SYSTEM, Kind, Standing
from cardline.kit.commands import command


@command("outbox.claim", by=[Kind.SYSTEM], housekeeping=True)
def claim_outbox(*, by: Standing, now: datetime, at: datetime) -> list[list[Any]]:
    """Lease due work. at is machine time. Returns rows of outbox.Claim as lists."""
    return [[c.id, c.kind, c.payload, c.lease, c.tries] for c in outbox.claim_due(at)]


@command("outbox.settle", by=[Kind.SYSTEM], housekeeping=True)
def settle_outbox(*, by: Standing, now: datetime, at: datetime, results: list[list[Any]]) -> int:
    """Write down how leased work went; results are rows of a claim and its error ("" for done).

    Returns how many rows still were ours.
    """
    return sum(outbox.settle(outbox.Claim(*claim), error, at) for claim, error in results)


@command("idempotency.forget", by=[Kind.SYSTEM], housekeeping=True)
def forget_old_keys(*, by: Standing, now: datetime, at: datetime) -> int:
    """Drop some idempotency keys after their 45 days."""
    return idempotency.forget_old(at)


@command("outbox.forget", by=[Kind.SYSTEM], housekeeping=True)
def forget_done_work(*, by: Standing, now: datetime, at: datetime) -> int:
    """Drop some outbox rows a week after they were done. Parked ones stay until people have looked."""
    return outbox.forget_done(at)


def work_through_outbox() -> int:
    """Do what is due now: claim, carry out outside any transaction, settle. Returns how much was tried."""
    at = clock.machine_now()
    claims = [outbox.Claim(*row) for row in claim_outbox(by=SYSTEM, now=clock.now(), at=at)]
    if not claims:
        return 0
    results = [
        [[c.id, c.kind, c.payload, c.lease, c.tries], outbox.carry_out(c, clock.now())] for c in claims
    ]
    settle_outbox(by=SYSTEM, now=clock.now(), at=clock.machine_now(), results=results)
    return len(claims)
