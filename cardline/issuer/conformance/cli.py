"""`cardline core check`: whether a card core keeps what every core has to keep."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from typing import cast

from cardline.issuer.conformance.stand import MakeStand
from cardline.issuer.conformance.suite import Result, run


def core(arguments: Sequence[str]) -> int:
    """0 everything holds, 1 something does not, 2 cannot tell."""
    options = argparse.ArgumentParser(prog="cardline core", description=core.__doc__)
    options.add_argument("what", choices=["check"])
    options.add_argument(
        "--adapter", help="embedded, lithic, or module:factory of a stand; else the installation's"
    )
    options.add_argument("--json", action="store_true", help="[{id, checked, bad}] on standard output")
    chosen = options.parse_args(list(arguments))
    import django

    django.setup()
    try:
        look = _looking_at(chosen.adapter or _plugged_in())
    except _NoSuchAdapter as unknown:
        print(f"cardline core check: {unknown}", file=sys.stderr)
        return 2
    results = list(look())
    if chosen.json:
        print(json.dumps([{"id": r.id, "checked": r.checked, "bad": list(r.bad)} for r in results]))
    else:
        for result in results:
            print(_line(result))
    return 1 if any(result.bad for result in results) else 0


class _NoSuchAdapter(Exception):
    """What was named cannot be loaded; the words say why."""


def _plugged_in() -> str:
    from django.conf import settings

    return str(settings.CARDLINE_CORE)


def _looking_at(adapter: str) -> Callable[[], Iterable[Result]]:
    if adapter == "embedded":
        return _embedded
    if adapter == "lithic":
        # Against the stand-in on this machine: a real programme is nothing to try things out on.
        from cardline.issuer.lithic.stand import lithic_stand

        return lambda: run(lithic_stand)
    make = _stand_of(adapter)
    return lambda: run(make)


def _embedded() -> Iterable[Result]:
    from cardline.issuer.embedded.stand import check_books, check_core
    from cardline.kit import clock

    return [*check_core(clock.now()), *check_books()]


def _stand_of(adapter: str) -> MakeStand:
    module, _, name = adapter.partition(":")
    if not module or not name:
        raise _NoSuchAdapter(f"{adapter!r} is neither embedded nor lithic nor module:factory")
    try:
        return cast(MakeStand, getattr(import_module(module), name))
    except (ImportError, AttributeError) as missing:
        raise _NoSuchAdapter(f"{adapter}: {missing}") from missing


def _line(result: Result) -> str:
    words = result.id.replace("_", " ")
    if result.bad:
        return f"wrong  {words}: {'; '.join(result.bad)}"
    return f"holds  {words} ({result.checked})" if result.checked else f"-      {words}: nothing to look at"
