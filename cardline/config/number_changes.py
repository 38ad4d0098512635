"""The number-change signal from a file: what a carrier's list, fetched by whoever runs the machine, says of numbers.

One line a number: the number in any grouping, a comma, and when it last went to another carrier or SIM card, in ISO
8601 with its zone. "#" begins a remark. The file is read anew when it has changed; while it cannot be read, what was
known goes on counting, because a signal that goes away by itself would open what it had closed.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

log = logging.getLogger("cardline.number_changes")

TAIL = 10  # digits that tell two numbers apart, with or without the code of the country


class BadLine(ValueError):
    """A line that is no number and moment. Its text holds the line's place, never the number."""


class ListedChanges:
    """The `NumberChanges` plug of kit/plugs.py."""

    def __init__(self, file: Path) -> None:
        self._file, self._lock = file, threading.Lock()
        self._known: Mapping[str, datetime] = {}
        self._read_at = -1

    def number_changed_since(self, number: str) -> datetime | None:
        with self._lock:
            self._look()
            return self._known.get(tail_of(number))

    def _look(self) -> None:
        try:
            written_at = self._file.stat().st_mtime_ns
            if written_at != self._read_at:
                self._known = read_lines(self._file.read_text("utf-8").splitlines())
                self._read_at = written_at
        except (OSError, ValueError) as problem:
            log.warning("number_changes.not_read", extra={"why": type(problem).__name__})


def changes_from(name: str) -> ListedChanges | None:
    """From CARDLINE_NUMBER_CHANGES; None where it is not set. Raises ImproperlyConfigured for a file that is none."""
    if not name:
        return None
    file = Path(name)
    try:
        read_lines(file.read_text("utf-8").splitlines())
    except BadLine as problem:
        raise ImproperlyConfigured(f"CARDLINE_NUMBER_CHANGES: {problem}") from None
    except (OSError, ValueError):
        raise ImproperlyConfigured("CARDLINE_NUMBER_CHANGES: the file cannot be read") from None
    return ListedChanges(file)


def read_lines(lines: Iterable[str]) -> dict[str, datetime]:
    """When each number last changed, by its tail; of two lines about one number the later moment. Raises BadLine."""
    known: dict[str, datetime] = {}
    for place, line in enumerate(lines, start=1):
        said = line.partition("#")[0].strip()
        if said:
            tail, at = _read(said, place)
            known[tail] = max(at, known.get(tail, at))
    return known


def tail_of(number: str) -> str:
    return "".join(sign for sign in number if sign.isdecimal())[-TAIL:]


def _read(said: str, place: int) -> tuple[str, datetime]:
    number, _comma, moment = said.partition(",")
    try:
        at = datetime.fromisoformat(moment.strip())
    except ValueError:
        raise BadLine(f"line {place} has no moment such as 2026-11-20T09:00:00Z after a comma") from None
    if at.tzinfo is None:
        raise BadLine(f"line {place}: the moment has no zone; end it with Z or +00:00")
    if len(tail_of(number)) < TAIL - 3:
        raise BadLine(f"line {place} has no telephone number before the comma")
    return tail_of(number), at
