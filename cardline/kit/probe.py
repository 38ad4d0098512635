"""The smallest change there is, for asking whether changes are possible."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from cardline.kit.actors import Kind, Standing
from cardline.kit.commands import command


@command("probe.write", by=[Kind.SYSTEM], housekeeping=True)
def write_probe(*, by: Standing, now: datetime) -> None:
    """Touch the database as a write would, changing nothing."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE kit_democlock SET seconds = seconds WHERE id = -1")
