"""No test reaches another machine."""

from __future__ import annotations

import socket

import pytest

from conftest import NetworkClosed, guarded, is_elsewhere


@pytest.mark.parametrize("host", ["192.0.2.7", "10.0.0.1", "2001:db8::1", "core.example.com"])
def test_other_machines_are_elsewhere(host: str) -> None:
    assert is_elsewhere((host, 443))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.0.1", "::1", "localhost", "0.0.0.0", ""])
def test_this_machine_is_not(host: str) -> None:
    assert not is_elsewhere((host, 8000))


def test_a_call_elsewhere_is_stopped_before_it_leaves() -> None:
    left: list[object] = []
    connect = guarded(lambda self, address: left.append(address))
    with socket.socket() as line:
        connect(line, ("127.0.0.1", 1))
        with pytest.raises(NetworkClosed, match="simulator"):
            connect(line, ("192.0.2.7", 443))
    assert left == [("127.0.0.1", 1)]


@pytest.mark.parametrize("name", ["connect", "connect_ex", "sendto"])
def test_every_socket_of_this_run_is_guarded(name: str) -> None:
    assert getattr(socket.socket, name).__name__ == "only_to_this_machine"
