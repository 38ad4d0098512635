"""Who looks for viruses: the door, and the way to ClamAV's daemon behind it (SR-57).

CARDLINE_SCANNER names it: "unix:/run/clamav/clamd.ctl" or "tcp:127.0.0.1:3310". Empty: nobody looks, and
`cardline doctor`, the desk and the file's own row say so.
"""

from __future__ import annotations

import re
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Protocol

from django.conf import settings

TIMEOUT_SECONDS = 30  # for one step; a whole file of 25 MiB takes a second or two
_PART = 1 << 16
_LONGEST_WORD = 80  # of an answer, for the log
_SOCKET = re.compile(r"unix:(/.+)|tcp:([^:\s]+):(\d{1,5})")


class ScannerDown(Exception):
    """It gave no answer that can be relied on. The file waits, and is asked about again."""


class Scanner(Protocol):
    """name: a word for the file's row."""

    name: str

    def is_harmful(self, file: BinaryIO) -> bool:
        """Raises ScannerDown."""

    def answers(self) -> bool:
        """Whether it is there at this moment."""


class Clamd:
    """ClamAV's daemon, spoken to as its manual says (clamd(8), INSTREAM): parts with their length before them."""

    name = "clamd"

    def __init__(self, address: str) -> None:
        """Raises ValueError for an address of another shape."""
        found = _SOCKET.fullmatch(address)
        if found is None or (found[3] and not 0 < int(found[3]) < 65_536):
            raise ValueError("it must look like unix:/run/clamav/clamd.ctl or tcp:127.0.0.1:3310")
        self._path, self._host, self._port = found[1], found[2], int(found[3] or 0)

    def is_harmful(self, file: BinaryIO) -> bool:
        try:
            with self._line() as line:
                _send(line, file)
                answer = _answer(line)
        except OSError as problem:
            raise ScannerDown(type(problem).__name__) from problem
        if answer == "stream: OK":
            return False
        if answer.startswith("stream: ") and answer.endswith(" FOUND"):
            return True
        raise ScannerDown(f"it answered {answer[:_LONGEST_WORD]!r}")  # its own limit of size, or an error

    def answers(self) -> bool:
        try:
            with self._line() as line:
                line.sendall(b"zPING\0")
                return _answer(line) == "PONG"
        except OSError:
            return False

    @contextmanager
    def _line(self) -> Iterator[socket.socket]:
        if self._path:
            line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            line.settimeout(TIMEOUT_SECONDS)
            try:
                line.connect(self._path)
            except OSError:
                line.close()
                raise
        else:
            line = socket.create_connection((self._host, self._port), TIMEOUT_SECONDS)
        with line:
            yield line


def _send(line: socket.socket, file: BinaryIO) -> None:
    """The whole file in parts; as much of it as it takes, when it hangs up in between: it has said why before."""
    file.seek(0)
    try:
        line.sendall(b"zINSTREAM\0")
        while part := file.read(_PART):
            line.sendall(struct.pack(">I", len(part)) + part)
        line.sendall(struct.pack(">I", 0))
    except (BrokenPipeError, ConnectionResetError):
        return


def _answer(line: socket.socket) -> str:
    """One answer; they end with a zero byte and are short."""
    got = b""
    while not got.endswith(b"\0") and len(got) < 4_096:
        part = line.recv(1_024)
        if not part:
            break
        got += part
    return got.rstrip(b"\0").decode(errors="replace").strip()


def current_scanner() -> Scanner | None:
    """The one this installation is configured for; None for none."""
    address: str = settings.CARDLINE_SCANNER
    return Clamd(address) if address else None
