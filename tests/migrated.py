"""The empty database of a test run, copied from one that was migrated before: applying every migration takes longer
than most runs of a few tests.
"""

from __future__ import annotations

import fcntl
import hashlib
import inspect
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.db.backends.sqlite3.creation import DatabaseCreation

from cardline.kit.sqlite.base import DatabaseSchemaEditor

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "var" / "migrated"


def copy_migrated_database() -> None:
    """What Django's making of an SQLite test database does on this process from now on. It still asks for migrations
    that are not applied, and finds none.
    """
    DatabaseCreation._create_test_db = _create_test_db  # type: ignore[attr-defined]


def _create_test_db(creation: Any, verbosity: int, autoclobber: bool, keepdb: bool = False) -> str:
    name: str = creation._get_test_db_name()
    shutil.copyfile(migrated_database(), name)
    return name


def migrated_database() -> Path:
    """A file with every table of the tree as it stands, and no row but what migrations write."""
    KEPT.mkdir(parents=True, exist_ok=True)
    file = KEPT / f"{_state_of_migrations()}.sqlite3"
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not file.exists():
            for outdated in KEPT.glob("*.sqlite3"):
                outdated.unlink()
            _migrate_into(file)
    return file


def _state_of_migrations() -> str:
    """A word that changes with any migration of ours or of a package, and with what turns them into tables."""
    state = hashlib.sha256(f"{django.__version__} {inspect.getsource(DatabaseSchemaEditor)}".encode())
    for app in apps.get_app_configs():
        for file in sorted(Path(app.path).glob("migrations/*.py")):
            state.update(f"{app.label}/{file.name}\n".encode() + file.read_bytes())
    return state.hexdigest()[:16]


def _migrate_into(file: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        env = {name: value for name, value in os.environ.items() if not name.startswith("CARDLINE_")}
        subprocess.run(
            [sys.executable, "-m", "cardline.config.cli", "migrate", "-v0"],
            env={**env, "CARDLINE_DATA": folder}, cwd=ROOT, check=True, timeout=300,
        )  # fmt: skip
        shutil.move(Path(folder) / "cardline.sqlite3", file)
