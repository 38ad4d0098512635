"""Emptying a database between tests by what is in it: TRUNCATE of all seventy tables takes 0.2 s on PostgreSQL,
however little they hold.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql.operations import DatabaseOperations


def empty_only_filled_tables() -> None:
    """What Django's flush does on PostgreSQL from now on. Sequences go on where they are, as they do with TRUNCATE."""
    DatabaseOperations.sql_flush = _sql_flush  # type: ignore[assignment, method-assign]


def _sql_flush(
    ops: Any, style: Any, tables: list[str], *, reset_sequences: bool = False, allow_cascade: bool = False
) -> list[str]:
    looks = " UNION ALL ".join(
        f"SELECT {n} WHERE EXISTS (SELECT 1 FROM {ops.quote_name(table)})"  # noqa: S608 - names of ours
        for n, table in enumerate(tables)
    )
    with ops.connection.cursor() as cursor:
        cursor.execute(looks)
        filled = [tables[row[0]] for row in cursor.fetchall()]
    # All go together, so no row is left that another one could miss.
    return [
        "SET LOCAL session_replication_role = replica",
        *(f"DELETE FROM {ops.quote_name(table)}" for table in filled),  # noqa: S608
    ]
