"""A stand-in for ClamAV's daemon on this machine: INSTREAM and PING as its manual has them, one signature."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from cardline.files.tests.made import EICAR


@contextmanager
def fake_clamd(answer: bytes = b"", largest: int = 1 << 30) -> Iterator[str]:
    """The address it listens on. answer: given whatever is sent, instead of a true one."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_serve, args=(server, answer, largest), daemon=True).start()
        yield f"tcp:127.0.0.1:{server.getsockname()[1]}"


def _serve(server: socket.socket, answer: bytes, largest: int) -> None:
    while True:
        try:
            line, _ = server.accept()
        except OSError:
            return
        with line, line.makefile("rb") as read:
            command = _word(read)
            said = b"PONG" if command == b"zPING" else _scanned(read, largest)
            line.sendall((answer or said) + b"\0")


def _word(read) -> bytes:  # type: ignore[no-untyped-def]
    word = b""
    while (sign := read.read(1)) not in (b"\0", b""):
        word += sign
    return word


def _scanned(read, largest: int) -> bytes:  # type: ignore[no-untyped-def]
    data = bytearray()
    while length := struct.unpack(">I", read.read(4))[0]:
        data += read.read(length)
        if len(data) > largest:
            return b"INSTREAM size limit exceeded. ERROR"
    return b"stream: Eicar-Test-Signature FOUND" if EICAR in data else b"stream: OK"
