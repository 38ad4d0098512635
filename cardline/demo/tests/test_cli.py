"""`cardline demo-time`, in processes of its own as somebody types it."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from cardline.demo.folder import MARK, demo_folder
from tests.migrated import migrated_database

ROOT = Path(__file__).resolve().parents[3]
CARDLINE = [sys.executable, "-m", "cardline.config.cli"]


def environment(data: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CARDLINE_")}
    return {
        **kept,
        "CARDLINE_DATA": str(data),
        "CARDLINE_STATIC": "source",
    }


def run(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*CARDLINE, *arguments],
        cwd=ROOT,
        env=environment(data),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    shutil.copyfile(migrated_database(), folder / "cardline.sqlite3")
    (folder / MARK).write_text("american-express")
    return folder


def said(answer: subprocess.CompletedProcess[str]) -> datetime:
    return datetime.strptime(answer.stdout[:16], "%Y-%m-%d %H:%M").replace(
        tzinfo=ZoneInfo("America/New_York")
    )


def test_it_says_the_demos_new_time_and_adds_up(data: Path) -> None:
    first, second = run(data, "demo-time", "+1d"), run(data, "demo-time")
    assert first.returncode == second.returncode == 0
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d E[SD]T\n", first.stdout)
    assert said(second) - said(first) < timedelta(minutes=2)
    assert said(run(data, "demo-time", "+3h")) - said(second) >= timedelta(hours=3)


@pytest.mark.parametrize("span", ["2d", "-2d", "+2w", "tomorrow", "+9999d"])
def test_a_wrong_span_is_wrong_use(data: Path, span: str) -> None:
    answer = run(data, "demo-time", span)
    assert answer.returncode == 2 and answer.stdout == "" and answer.stderr


def test_without_a_demo_it_says_how_to_get_one(tmp_path: Path) -> None:
    missing = run(tmp_path / "none", "demo-time", "+1d")
    assert missing.returncode == 2 and "bin/demo" in missing.stderr
    (tmp_path / "cardline.sqlite3").touch()  # a real installation's folder is none either
    assert run(tmp_path, "demo-time", "+1d").returncode == 2
    (tmp_path / MARK).write_text("american-express")
    empty = run(tmp_path, "demo-time", "+1d")
    assert empty.returncode == 2 and "bin/demo" in empty.stderr and "Traceback" not in empty.stderr


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, int]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    shutil.copyfile(migrated_database(), tmp_path / "cardline.sqlite3")
    (tmp_path / MARK).write_text("american-express")
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(
            [*CARDLINE, "demo", "--port", str(port), "--history", "0"],
            cwd=ROOT,
            env=environment(tmp_path),
            stdout=log,
            stderr=log,
        )
    try:
        wait_until(lambda: get(port, "/readyz")[0] == 200, seconds=90)
        yield tmp_path, port
    finally:
        server.terminate()
        server.wait(15)


def get(port: int, path: str) -> tuple[int, str]:
    """Status and text; (0, "") while nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    except OSError:
        return 0, ""
    finally:
        connection.close()


def wait_until(is_so: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, "it did not come about in time"
        time.sleep(0.05)


def test_a_serving_process_notices_within_a_moment(served: tuple[Path, int]) -> None:
    data, port = served
    assert "ahead of your clock" not in get(port, "/demo")[1]
    assert run(data, "demo-time", "+2d").returncode == 0
    wait_until(lambda: "2 days ahead of your clock" in get(port, "/demo")[1], seconds=5)


@pytest.mark.parametrize(
    ("profile", "data", "ends"),
    [
        ("", "", "var/demo"),
        ("american-express", "", "var/demo"),
        ("fernhill", "", "var/demo-fernhill"),
        ("fernhill", "/mine", "/mine"),
    ],
)
def test_each_issuers_demo_has_a_folder_of_its_own(
    monkeypatch: pytest.MonkeyPatch, profile: str, data: str, ends: str
) -> None:
    monkeypatch.setenv("CARDLINE_PROFILE", profile)
    monkeypatch.setenv("CARDLINE_DATA", data)
    assert str(demo_folder()).endswith(ends)
