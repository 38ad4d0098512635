"""Which database: SQLite in the data folder, or the PostgreSQL that CARDLINE_DATABASE_URL names."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

# FULL: a reference number we gave out survives a power cut. cache_size in KiB; more costs memory per thread. A
# checkpoint every 4,000 pages instead of 1,000: it is two more flushes in a commit, and pages written twice.
_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-2048; PRAGMA temp_store=MEMORY;"
    " PRAGMA journal_size_limit=67108864; PRAGMA wal_autocheckpoint=4000;"
)


def database_from_url(url: str, data: Path) -> dict[str, Any]:
    """Django's description of the database. An empty url means the embedded one in `data`."""
    return postgresql(url) if url else sqlite(data / "cardline.sqlite3")


def sqlite(file: Path) -> dict[str, Any]:
    return {
        "ENGINE": "cardline.kit.sqlite",
        "NAME": str(file),
        "CONN_MAX_AGE": None,
        "OPTIONS": {"timeout": 5, "transaction_mode": "IMMEDIATE", "init_command": _SQLITE_PRAGMAS},
        # On disk, because the writer is a thread with a connection of its own; one file a test run.
        "TEST": {"NAME": str(Path(tempfile.gettempdir()) / f"cardline-test-{os.getpid()}.sqlite3")},
    }


def postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise ImproperlyConfigured(
            "CARDLINE_DATABASE_URL must look like postgresql://user:password@host:5432/name; leave it out for SQLite"
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.strip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"pool": {"min_size": 2, "max_size": 24, "timeout": 5}, "connect_timeout": 3},
        "TEST": {},
    }
