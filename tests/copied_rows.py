"""Rows that one test made, put into the next one's empty tables: the cast costs half a second to make on PostgreSQL and
a twentieth of that to copy.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model

Rows = dict[str, tuple[list[str], list[tuple[Any, ...]]]]  # table: its columns, its rows

_made: dict[object, Rows] = {}


def made_once(what: object, make: Callable[[], object]) -> None:
    """Call `make` the first time and keep what it wrote; later write the same rows. what: the name it is kept under.

    Tables that hold something already are no place for old numbers: then it is made anew.
    """
    tables = _tables()
    if _filled(tables):
        make()
    elif what in _made:
        _write(_made[what])
    else:
        make()
        _made[what] = {table: _read(table, tables[table]) for table in _filled(tables)}


def _tables() -> dict[str, list[str]]:
    """Those of our own apps, what others point to first, with the columns that are written and not made."""
    models = [model for model in apps.get_models() if model.__module__.startswith("cardline.")]
    return {model._meta.db_table: _written(model) for model in models}


def _written(model: type[Model]) -> list[str]:
    return [
        field.column for field in model._meta.local_concrete_fields if not field.generated and field.column
    ]


def _filled(tables: dict[str, list[str]]) -> list[str]:
    names = list(tables)
    looks = " UNION ALL ".join(
        f"SELECT {n} WHERE EXISTS (SELECT 1 FROM {connection.ops.quote_name(table)})"  # noqa: S608 - names of ours
        for n, table in enumerate(names)
    )
    with connection.cursor() as cursor:
        cursor.execute(looks)
        return [names[row[0]] for row in cursor.fetchall()]


def _read(table: str, columns: list[str]) -> tuple[list[str], list[tuple[Any, ...]]]:
    names = ", ".join(map(connection.ops.quote_name, columns))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {names} FROM {connection.ops.quote_name(table)}")  # noqa: S608
        return columns, cursor.fetchall()


def _write(rows: Rows) -> None:
    """In one transaction, because rows may point to ones that come later."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA defer_foreign_keys = ON")  # for as long as the transaction
        for table, (columns, values) in rows.items():
            names = ", ".join(map(connection.ops.quote_name, columns))
            into = f"{connection.ops.quote_name(table)} ({names})"
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {into} FROM STDIN") as copy:
                    for row in values:
                        copy.write_row(row)
            else:
                marks = ", ".join(["%s"] * len(columns))
                cursor.executemany(f"INSERT INTO {into} VALUES ({marks})", values)  # noqa: S608
