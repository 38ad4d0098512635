"""Letting time pass: a recorded offset that only demo mode has."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from cardline.kit.actors import Kind, Standing
from cardline.kit.commands import command
from cardline.kit.models import DemoClock
from cardline.kit.refusals import Malformed

_SPAN = re.compile(r"\+([0-9]{1,4})([dhm])")
_UNITS = {"d": "days", "h": "hours", "m": "minutes"}
FURTHEST = timedelta(days=2 * 366)


def read_offset() -> timedelta:
    """How far the demo is ahead of the machine."""
    row = DemoClock.objects.filter(pk=1).first()
    return timedelta(seconds=row.seconds) if row else timedelta(0)


def parse_span(written: str) -> timedelta:
    """A span as people write it: "+2d", "+3h", "+45m". Time passes forwards only. Raises Malformed."""
    match = _SPAN.fullmatch(written.strip())
    if match is None:
        raise Malformed(str(_("Write how much time shall pass as +2d, +3h or +45m.")), field="span")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


@command("demo.pass_time", by=[Kind.SYSTEM], about="demo")
def pass_time(*, by: Standing, now: datetime, seconds: int) -> int:
    """Move business time ahead. Returns the whole offset in seconds."""
    if seconds < 0:
        raise Malformed(str(_("Time passes forwards only.")), field="span")
    DemoClock.objects.get_or_create(pk=1)
    DemoClock.objects.filter(pk=1).update(seconds=F("seconds") + seconds)
    total = read_offset()
    if total > FURTHEST:
        raise Malformed(
            str(_("That is more than two years ahead; start the demo afresh instead.")), field="span"
        )
    return int(total.total_seconds())
