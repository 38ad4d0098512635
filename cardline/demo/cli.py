"""`cardline demo-time +2d`: let time pass in the demo, while it serves or not."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from cardline.demo.folder import MARK, demo_folder

EXAMPLES = "The span is written +2d, +3h or +45m; without one the demo's time is said and stays."


def demo_time(arguments: Sequence[str]) -> int:
    """0 time passed (its new date is on stdout), 2 the span cannot be read or there is no demo.

    A process that serves this world notices within half a second: the offset is a row both read.
    """
    options = argparse.ArgumentParser(
        prog="cardline demo-time", description=f"Let time pass in the demo. {EXAMPLES}"
    )
    options.add_argument("span", nargs="?")
    chosen = options.parse_args(list(arguments))
    data = demo_folder()
    if not (data / MARK).is_file():
        print(f"cardline: there is no demo in {data}. Start one: bin/demo", file=sys.stderr)
        return 2
    os.environ["CARDLINE_DEMO"], os.environ["CARDLINE_DATA"] = "1", str(data)
    import django

    django.setup()
    return _pass(chosen.span)


def _pass(span: str | None) -> int:
    from datetime import timedelta

    from django.db import DatabaseError

    from cardline.demo.time import parse_span, pass_time, read_offset
    from cardline.issuer.profile import current_profile
    from cardline.kit import clock
    from cardline.kit.actors import SYSTEM
    from cardline.kit.refusals import Refusal

    try:
        clock.set_offset(read_offset())
        if span is not None:
            total = pass_time(by=SYSTEM, now=clock.now(), seconds=int(parse_span(span).total_seconds()))
            clock.set_offset(timedelta(seconds=total))
    except Refusal as refusal:
        print(f"cardline: {refusal}", file=sys.stderr)
        return 2
    except DatabaseError as error:
        print(f"cardline: the demo's database does not answer: {error}. Start it: bin/demo", file=sys.stderr)
        return 2
    print(f"{clock.now().astimezone(current_profile().zone):%Y-%m-%d %H:%M %Z}")
    return 0
