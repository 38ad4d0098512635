"""One process a data folder, plain HTTP on this machine only, and a clear word about both."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import bench

pytestmark = pytest.mark.fault


def cardline(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, **bench.EMBEDDED, "CARDLINE_DATA": str(folder)}
    return subprocess.run(
        [sys.executable, "-m", "cardline.config.cli", *words],
        env=env,
        cwd=bench.ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_second_process_on_the_same_data_is_refused_in_one_sentence(tmp_path: Path) -> None:
    world = bench.make_world(tmp_path, 1)
    with bench.server(world, bench.free_port()):
        second = cardline(tmp_path, "serve", "--port", str(bench.free_port()))
    assert second.returncode == 2
    assert second.stderr.strip().endswith(f"another process already serves {tmp_path}")


def test_a_taken_port_is_said_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        refused = cardline(tmp_path, "serve", "--port", port)
    assert refused.returncode == 2
    assert (
        len(refused.stderr.strip().splitlines()) == 1
        and port in refused.stderr
        and "CARDLINE_PORT" in refused.stderr
    )


def test_plain_http_on_another_address_is_refused(tmp_path: Path) -> None:  # SR-41, SR-50
    refused = cardline(tmp_path, "serve", "--host", "0.0.0.0", "--port", str(bench.free_port()))
    assert refused.returncode == 2 and "CARDLINE_TLS=1" in refused.stderr


def test_a_key_file_others_can_read_is_refused(tmp_path: Path) -> None:  # SR-50
    key = tmp_path / "secret.key"
    key.write_text("x" * 50)
    key.chmod(0o644)
    refused = cardline(tmp_path, "serve", "--port", str(bench.free_port()))
    assert refused.returncode == 2 and "chmod 600" in refused.stderr


@pytest.mark.parametrize(("name", "value"), [("CARDLINE_DEMO", "yes"), ("CARDLINE_PROFILE", "nobody")])
def test_a_wrong_setting_stops_the_start_with_its_name(tmp_path: Path, name: str, value: str) -> None:
    env = {**os.environ, "CARDLINE_DATA": str(tmp_path), name: value}
    refused = subprocess.run(
        [sys.executable, "-m", "cardline.config.cli", "doctor"],
        env=env, cwd=bench.ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert refused.returncode == 2 and name in refused.stderr and "Traceback" not in refused.stderr
