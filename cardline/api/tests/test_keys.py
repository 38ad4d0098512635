"""`cardline api-key`, and what is kept of a key."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cardline.api.cli import api_key
from cardline.api.models import ApiKey
from cardline.api.tests.scene import Caller
from cardline.audit.models import AuditEvent

pytestmark = pytest.mark.django_db


def test_a_key_is_shown_once_and_only_its_hash_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    assert api_key(["create", "--scope", "cases:read", "plan:read", "--name", "CRM", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert set(shown) == {"id", "key", "scopes"} and shown["scopes"] == ["cases:read", "plan:read"]
    row = ApiKey.objects.get(pk=shown["id"])
    assert row.name == "CRM" and len(row.hash) == 64
    kept = " ".join(
        str(value) for model in (row, *AuditEvent.objects.all()) for value in vars(model).values()
    )
    assert shown["key"] not in kept and shown["key"][12:] not in kept
    assert Caller(shown["key"]).get("/cases").status_code == 200
    assert api_key(["list", "--json"]) == 0
    listed = capsys.readouterr().out
    assert shown["key"] not in listed and json.loads(listed)[0]["last_used_on"]


def test_keys_do_not_repeat(capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(5):
        api_key(["create", "--scope", "plan:read"])
    keys = capsys.readouterr().out.split()
    assert len(set(keys)) == 5 and all(len(key) >= 43 + len("cardline_") for key in keys)


def test_a_key_is_revoked(capsys: pytest.CaptureFixture[str]) -> None:
    api_key(["create", "--scope", "cases:read", "--json"])
    made = json.loads(capsys.readouterr().out)
    assert api_key(["revoke", str(made["id"])]) == 0
    assert api_key(["revoke", str(made["id"])]) == 0
    assert Caller(made["key"]).get("/cases").status_code == 401
    assert api_key(["revoke", "999999"]) == 1


@pytest.mark.parametrize(
    "wrong",
    [[], ["create"], ["create", "--scope", "cases:everything"], ["create", "--scope"], ["revoke", "x"]],
)
def test_wrong_use_is_2(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    try:
        code: object = api_key(wrong)
    except SystemExit as stop:
        code = stop.code
    assert code == 2
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err
    assert not ApiKey.objects.exists()


@pytest.mark.long  # every migration is applied; another command does so in tests/test_command_line.py
def test_a_key_can_be_made_before_anything_was_served(tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("CARDLINE_")}
    run = subprocess.run(
        [sys.executable, "-m", "cardline.config.cli", "api-key", "create", "--scope", "plan:read", "--json"],
        env=environment | {"CARDLINE_DATA": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout)["scopes"] == ["plan:read"]
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0


def test_the_start_does_not_wait_for_the_api() -> None:
    """What the routes need is loaded at the first call: a fifth of a second and 14 MiB."""
    look = (
        "import django, sys; django.setup(); import cardline.config.urls;"
        "print({'ninja', 'pydantic'} & set(sys.modules))"
    )
    run = subprocess.run(
        [sys.executable, "-c", look],
        env={**os.environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.stdout.strip() == "set()", run.stdout + run.stderr
