"""What time alone changes in the embedded core."""

from __future__ import annotations

from datetime import datetime

from cardline.issuer.embedded import days
from cardline.kit.actors import Kind, Standing
from cardline.kit.commands import command

DAYS_AT_ONCE = 10


@command("core.end_of_days", by=[Kind.SYSTEM], housekeeping=True)
def end_of_days(*, by: Standing, now: datetime, most: int = DAYS_AT_ONCE) -> int:
    """Work off days of the issuer's calendar that have ended: see days.py.

    After a long standstill a few at a time, so that whoever else wants to write is not kept waiting. Returns how many;
    as many as `most` says that more may be waiting.
    """
    return days.end_of_days(now, most)
