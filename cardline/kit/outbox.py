"""Work that must happen outside: a row in the transaction of its effect, carried out by a worker afterwards (SR-66).

A worker claims a few due rows, runs each handler, marks it done. A handler that fails is tried again with growing
pauses; after eight tries the row is parked, where people see it (SR-67). A claim is a lease with a rising number: a
worker that lost its lease cannot mark the row.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from cardline.kit import sql

log = logging.getLogger("cardline.outbox")

MAX_TRIES = 8
LEASE = timedelta(seconds=60)
DONE_KEPT = timedelta(days=7)  # long enough to answer "was it sent?" from the rows themselves
_PAUSES = (2, 10, 30, 120, 600, 1_800, 7_200)  # seconds before the next try

Handler = Callable[[dict[str, Any], datetime], None]
_handlers: dict[str, Handler] = {}

_INSERT = (
    "INSERT INTO kit_outboxitem (kind, payload, due_at, tries, lease, leased_until, done_at, parked_at, error)"
    " VALUES (%s, %s, %s, 0, 0, NULL, NULL, NULL, '')"
)


def pause_after(tries: int) -> timedelta:
    """How long to wait before the next try, after so many in vain; longer each time."""
    return timedelta(seconds=_PAUSES[min(tries, len(_PAUSES)) - 1])


def send_later(kind: str, payload: dict[str, Any], due_at: datetime) -> None:
    """Queue outside work in the running transaction. due_at is machine time."""
    sql.run(_INSERT, [kind, sql.to_json(payload), sql.moment(due_at)])


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Declare who carries out a kind of work. `config` imports the modules that do."""

    def declare(handler: Handler) -> Handler:
        if kind in _handlers:
            raise RuntimeError(f"two handlers for outbox kind {kind}")
        _handlers[kind] = handler
        return handler

    return declare


@dataclass(frozen=True, slots=True)
class Claim:
    id: int
    kind: str
    payload: dict[str, Any]
    lease: int
    tries: int


def claim_due(now: datetime, most: int = 50) -> list[Claim]:
    """Lease due rows to this worker, in the running transaction. Other workers on PostgreSQL skip these rows."""
    skip = " FOR UPDATE SKIP LOCKED" if connection.features.has_select_for_update_skip_locked else ""
    statement = (
        "UPDATE kit_outboxitem SET lease = lease + 1, tries = tries + 1, leased_until = %s WHERE id IN ("  # noqa: S608
        "SELECT id FROM kit_outboxitem WHERE done_at IS NULL AND parked_at IS NULL AND due_at <= %s"
        " AND (leased_until IS NULL OR leased_until < %s) ORDER BY due_at, id LIMIT %s" + skip + ")"
        " RETURNING id, kind, payload, lease, tries"
    )
    adapt = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.execute(statement, [adapt(now + LEASE), adapt(now), adapt(now), most])
        rows = cursor.fetchall()
    return [Claim(row[0], row[1], json.loads(row[2]), row[3], row[4]) for row in sorted(rows)]


_FORGET = (
    "DELETE FROM kit_outboxitem WHERE id IN"
    " (SELECT id FROM kit_outboxitem WHERE done_at < %s ORDER BY done_at LIMIT 500)"
)


def forget_done(now: datetime) -> int:
    """Drop some of what was done a week ago: a step short enough for the writer. Returns how many."""
    return sql.run(_FORGET, [sql.moment(now - DONE_KEPT)])


def carry_out(claim: Claim, now: datetime) -> str:
    """Run the handler. Returns "" when it went well, else what went wrong in one line."""
    handler = _handlers.get(claim.kind)
    if handler is None:
        return f"nobody handles {claim.kind}"
    try:
        handler(claim.payload, now)
    except Exception as error:
        log.exception("outbox.failed", extra={"kind": claim.kind, "item": claim.id})
        return f"{type(error).__name__}: {error}"[:200]
    return ""


def settle(claim: Claim, error: str, now: datetime) -> bool:
    """Write down how it went, in the running transaction. False when the lease was lost to another worker (SR-67)."""
    adapt = connection.ops.adapt_datetimefield_value
    values: list[Any]
    if not error:
        change, values = "done_at = %s, leased_until = NULL", [adapt(now)]
    elif claim.tries >= MAX_TRIES:
        change, values = "parked_at = %s, leased_until = NULL, error = %s", [adapt(now), error]
    else:
        due_at = now + pause_after(claim.tries)
        change, values = "due_at = %s, leased_until = NULL, error = %s", [adapt(due_at), error]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE kit_outboxitem SET {change} WHERE id = %s AND lease = %s AND done_at IS NULL",  # noqa: S608 - words of ours
            [*values, claim.id, claim.lease],
        )
        return bool(cursor.rowcount)
