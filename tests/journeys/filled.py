"""Demo worlds filled once a test run, and copied for each server: filling one takes longer than most journeys."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from benchmarks import bench
from tests.migrated import migrated_database

_FILL = (
    "import django; django.setup(); from cardline.demo.world import fill_world; fill_world(print, months=0)"
)


@dataclass(frozen=True)
class Copy:
    """A world of somebody's own. database_url: "" on SQLite, whose file lies in the folder."""

    folder: Path
    database_url: str


def shared_folder(factory: pytest.TempPathFactory) -> Path:
    """The folder of the whole run: a process's own belongs to one of its workers."""
    mine = factory.getbasetemp()
    return mine.parent if os.environ.get("PYTEST_XDIST_WORKER") else mine


def filled_copy(profile: str, folder: Path, shared: Path) -> Copy:
    """That issuer's demo, in this folder that was not there before. shared: where it is filled, once."""
    url = os.environ.get("CARDLINE_DATABASE_URL", "")
    template = shared / f"filled-{profile}"
    with _one_at_a_time(shared / f"{profile}.lock"):
        if not template.exists():
            half = shared / f"half-{profile}"
            half.mkdir(mode=0o700)
            if not url:
                shutil.copyfile(migrated_database(), half / "cardline.sqlite3")
            _fill(profile, half, create_database(url, half) if url else "")
            half.rename(template)
    shutil.copytree(template, folder)
    return Copy(folder, create_database(url, folder, (template / "database").read_text()) if url else "")


def _fill(profile: str, folder: Path, database_url: str) -> None:
    env = {
        **os.environ,
        "CARDLINE_DATA": str(folder),
        "CARDLINE_DATABASE_URL": database_url,
        "CARDLINE_DEMO": "1",
        "CARDLINE_PROFILE": profile,
        "DJANGO_SETTINGS_MODULE": "cardline.config.settings",
    }
    for words in (["-m", "cardline.config.cli", "migrate", "-v0"], ["-c", _FILL]):
        done = subprocess.run(
            [sys.executable, *words], env=env, cwd=bench.ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr


@contextmanager
def _one_at_a_time(lock: Path) -> Iterator[None]:
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def create_database(server_url: str, folder: Path, template: str = "template1") -> str:
    """A PostgreSQL database beside the one of this url, its name kept in the folder. Returns its own url."""
    name = f"journey_{uuid.uuid4().hex[:8]}"
    with _connection(server_url) as server:
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    (folder / "database").write_text(name)
    return urlsplit(server_url)._replace(path=f"/{name}").geturl()


def drop_database(database_url: str) -> None:
    name = urlsplit(database_url).path.strip("/")
    with _connection(os.environ["CARDLINE_DATABASE_URL"]) as server:
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _connection(url: str) -> psycopg.Connection:
    return psycopg.connect(url, autocommit=True)
