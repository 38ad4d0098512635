"""The two clocks.

`now()` is business time: promises, opening hours and legal clocks read it, and only demo mode can move it.
`machine_now()` is the machine's: sessions, codes, idempotency, limits and the audit log read that one, so that
letting time pass in a demo ends nobody's session and forgives nobody's limit.

The offset is kept in memory, so that reading the clock costs nothing and works on the event loop; whoever runs the
process (cardline/demo/time.py) reads the recorded one and keeps this copy true.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_offset = timedelta(0)


def machine_now() -> datetime:
    """Aware UTC, as the machine has it."""
    return datetime.now(UTC)


def now() -> datetime:
    """Aware UTC, moved by the recorded offset when the demo lets time pass."""
    return datetime.now(UTC) + _offset


def offset() -> timedelta:
    """How far business time is ahead of the machine's; zero outside demo mode."""
    return _offset


def set_offset(offset: timedelta) -> None:
    """Only demo mode calls this."""
    global _offset
    _offset = offset
