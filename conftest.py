"""For every test of the tree: what cannot run here is skipped with its reason, and the network is closed."""

from __future__ import annotations

import ipaddress
import os
import socket
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest


class NetworkClosed(Exception):
    """A test tried to reach another machine. Not an OSError, so that no retry of ours swallows it."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for mark, (lacking, reason) in NEEDS.items():
            if item.get_closest_marker(mark) and lacking():
                item.add_marker(pytest.mark.skip(reason=reason))


@cache
def no_chromium() -> bool:
    find = Path(__file__).parent / "bin" / "find"
    return subprocess.run([find, "chromium"], capture_output=True, check=False).returncode != 0


# By mark: what it lacks here, and what to do about it. In CI bin/test fails where a whole step cannot run.
NEEDS: dict[str, tuple[Callable[[], bool], str]] = {
    "postgres": (lambda: not os.environ.get("CARDLINE_DATABASE_URL"), "start it with bin/services"),
    "browser": (no_chromium, "no Chromium here; bin/setup test installs it where it can"),
    "long": (lambda: not os.environ.get("CARDLINE_LONG"), "takes minutes; set CARDLINE_LONG=1"),
}


@pytest.fixture(scope="session", autouse=True)
def closed_network() -> Iterator[None]:
    """Tests talk to this machine alone, so that none passes or fails by what is reachable today."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, name, guarded(getattr(socket.socket, name)))
        yield


def guarded(call: Callable[..., Any]) -> Callable[..., Any]:
    def only_to_this_machine(self: socket.socket, *arguments: Any) -> Any:
        # The address comes last in all three calls.
        if self.family in (socket.AF_INET, socket.AF_INET6) and is_elsewhere(arguments[-1]):
            raise NetworkClosed(f"{arguments[-1]} is not this machine: use the simulator of that service")
        return call(self, *arguments)

    return only_to_this_machine


def is_elsewhere(address: tuple[Any, ...]) -> bool:
    """Whether a socket address (host, port, …) lies outside this machine; a name does."""
    host = str(address[0])
    if host in ("", "localhost"):
        return False
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return True
    return not (found.is_loopback or found.is_unspecified)
