"""What is wrong with the environment, or not there, ends with 2 and a sentence: no traceback, and never with 1."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.migrated import migrated_database


def cardline(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The real command line on an empty data folder, without what the caller's environment says."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("CARDLINE_")}
    return subprocess.run(
        [sys.executable, "-m", "cardline.config.cli", *arguments],
        env={**own, "CARDLINE_DATA": str(folder / "data"), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CARDLINE_PORT", "eighty"),
        ("CARDLINE_PORT", "0"),
        ("CARDLINE_PORT", "70000"),
        ("CARDLINE_PORT", "99999999999"),
        ("CARDLINE_TLS", "yes"),
        ("CARDLINE_DEMO", "true"),
        ("CARDLINE_PROFILE", "nobody"),
        ("CARDLINE_DATABASE_URL", "mysql://localhost/cardline"),
        ("CARDLINE_LIMIT_FACTOR", "-1"),
        ("CARDLINE_LOG_LEVEL", "loud"),
        ("CARDLINE_CORE", "abacus"),
    ],
)
def test_a_wrong_variable_is_named(tmp_path: Path, name: str, value: str) -> None:
    ended = cardline(tmp_path, "serve", **{name: value})
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith(f"cardline: {name} ")
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize("which", ["late", "due"])
def test_without_a_database_nobody_can_tell_what_is_late(tmp_path: Path, which: str) -> None:
    ended = cardline(tmp_path, "promise", which, "--json")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("cardline: unable to open database file")


@pytest.mark.parametrize("role", ["web", "worker"])
def test_several_processes_need_a_database_of_their_own(tmp_path: Path, role: str) -> None:
    ended = cardline(tmp_path, role)
    assert ended.returncode == 2
    assert "CARDLINE_DATABASE_URL" in ended.stderr


def test_plain_http_stays_on_this_machine(tmp_path: Path) -> None:
    """SR-41"""
    ended = cardline(tmp_path, "serve", "--host", "0.0.0.0")
    assert ended.returncode == 2
    assert "CARDLINE_TLS=1" in ended.stderr


def test_an_unknown_key_is_a_no(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    shutil.copyfile(migrated_database(), tmp_path / "data" / "cardline.sqlite3")
    assert cardline(tmp_path, "api-key", "revoke", "7").returncode == 1
    assert cardline(tmp_path, "api-key", "create", "--scope", "everything").returncode == 2


def test_a_first_member_can_be_entered_on_a_fresh_machine(tmp_path: Path) -> None:
    (tmp_path / "members.csv").write_text(
        "core_customer,given_name,family_name,since\nc-1,Ada,Birk,2020-01-01\n"
    )
    ended = cardline(tmp_path, "member", "import", str(tmp_path / "members.csv"))
    assert (ended.returncode, ended.stdout) == (0, '{"core_customer": "c-1", "member": 1, "new": true}\n')
