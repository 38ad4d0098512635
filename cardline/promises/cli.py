"""`cardline promise late|due --json`."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

from cardline.kit.reference import show_reference


def promise(arguments: Sequence[str]) -> int:
    """`[{ref, text, owner, due_at, step, member_told_at}]`, soonest due first. 1 when any promise is late, else 0."""
    import argparse

    options = argparse.ArgumentParser(prog="cardline promise", description=promise.__doc__)
    options.add_argument("which", choices=["late", "due"])
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args(list(arguments))
    import django

    django.setup()
    from cardline.kit import clock
    from cardline.promises import queries

    _follow_demo_clock()
    now = clock.now()
    rows = [_row(found) for found in (queries.late(now) if chosen.which == "late" else queries.due(now))]
    if chosen.json:
        print(json.dumps(rows, ensure_ascii=False))
    else:
        for row in rows:
            print(f"{row['ref']}  {row['due_at']}  {row['owner']}  {row['text']}")
        if not rows:
            print("none", file=sys.stderr)
    return 1 if chosen.which == "late" and rows else 0


def _row(found: Any) -> dict[str, Any]:
    steps = sorted(found.escalations.all(), key=lambda escalation: escalation.step)
    told = next((e.at for e in steps if e.moment == "due"), None) if found.audience == "member" else None
    return {
        "ref": show_reference(found.case.ref),
        "text": found.text,
        "owner": found.owner.name if found.owner else found.queue,
        "due_at": found.due_at.isoformat(),
        "step": steps[-1].moment if steps else None,
        "member_told_at": told.isoformat() if told else None,
    }


def _follow_demo_clock() -> None:
    """Outside the serving process the offset is read once."""
    from datetime import timedelta

    from django.conf import settings

    from cardline.kit import clock
    from cardline.kit.models import DemoClock

    if settings.CARDLINE_DEMO:
        row = DemoClock.objects.filter(pk=1).first()
        clock.set_offset(timedelta(seconds=row.seconds if row else 0))
