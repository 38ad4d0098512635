"""The hot path's way to the database: statements of our own, once a chat message each.

Django's cursor costs 12 µs a statement before SQLite does anything; a message is eight statements. On SQLite these go
to the driver's connection directly, inside the same transaction and with Django's error classes; on PostgreSQL, and
whenever queries are being counted or wrapped, they take Django's cursor. Figures: docs/performance.md.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model

M = TypeVar("M", bound=Model)

# One encoder each: json.dumps with options builds a new one at every call.
to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str).encode
to_sorted_json = json.JSONEncoder(sort_keys=True, separators=(",", ":"), default=str).encode


_here = threading.local()


def _database() -> Any:
    """This thread's connection. Django's own way to it costs 2 µs, and a message asks fifteen times."""
    try:
        return _here.database
    except AttributeError:
        _here.database = connections[DEFAULT_DB_ALIAS]
        return _here.database


def run(statement: str, values: Sequence[Any]) -> int:
    """Execute; returns how many rows it changed."""
    database = _database()
    if _goes_direct(database):
        with database.wrap_database_errors:
            return int(database.connection.execute(_question_marks(statement), values).rowcount)
    with database.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def row(statement: str, values: Sequence[Any]) -> tuple[Any, ...] | None:
    """Execute; returns the first row (of a SELECT or RETURNING), or None."""
    database = _database()
    found: tuple[Any, ...] | None
    if _goes_direct(database):
        with database.wrap_database_errors:
            found = database.connection.execute(_question_marks(statement), values).fetchone()
            return found
    with database.cursor() as cursor:
        cursor.execute(statement, values)
        found = cursor.fetchone()
        return found


def instance(model: type[M], names: Sequence[str], statement: str, values: Sequence[Any]) -> M | None:
    """The first row as an instance that has only these fields so far; the others load when asked for.

    Building Django's SELECT costs 0.5 to 1 ms a query, and who is asking is worked out at every request. The values
    come as the driver gives them: numbers and text, no moments and no JSON.
    """
    found = row(statement, values)
    return None if found is None else model.from_db(DEFAULT_DB_ALIAS, names, found)


@lru_cache(maxsize=64)
def moment(at: datetime) -> Any:
    """An aware UTC instant as this database keeps it."""
    database = _database()
    if database.vendor == "sqlite" and at.tzinfo is UTC:
        return at.replace(tzinfo=None).isoformat(" ")  # what Django makes of it, in a tenth of the time
    return database.ops.adapt_datetimefield_value(at)


@lru_cache(maxsize=256)
def _question_marks(statement: str) -> str:
    """The driver's own placeholders. Statements here are ours and have no other percent sign."""
    return statement.replace("%s", "?")


def _goes_direct(database: Any) -> bool:
    if database.vendor != "sqlite" or database.force_debug_cursor or database.execute_wrappers:
        return False
    if database.connection is None:
        database.connect()
    if database.needs_rollback:
        database.validate_no_broken_transaction()
    return True
