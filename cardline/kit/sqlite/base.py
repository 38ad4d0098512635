"""SQLite with foreign keys checked at the statement.

Django declares them DEFERRABLE INITIALLY DEFERRED, so a wrong id shows only at COMMIT, where it would fail every
command that shares the commit (kit/writer.py). Checked at once, the culprit alone is refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.backends.sqlite3 import base, operations, schema


class DatabaseSchemaEditor(schema.DatabaseSchemaEditor):
    sql_create_inline_fk = "REFERENCES %(to_table)s (%(to_column)s)"
    sql_create_column_inline_fk = sql_create_inline_fk


class DatabaseOperations(operations.DatabaseOperations):
    def execute_sql_flush(self, sql_list: Iterable[str]) -> None:
        # Emptying all tables passes through moments where keys point nowhere.
        with transaction.atomic(using=self.connection.alias), self.connection.cursor() as cursor:
            cursor.execute("PRAGMA defer_foreign_keys=ON")
            for sql in sql_list:
                cursor.execute(sql)


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass: Any = DatabaseSchemaEditor
    ops_class: Any = DatabaseOperations
