"""How a check says what it saw."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from cardline.issuer.conformance.stand import Stand
from cardline.issuer.core import CoreError, CoreNotFound, CoreRefused

T = TypeVar("T")
# "" for each thing that is as it should be, a sentence for each that is not.
Seen = Iterator[str]
Check = Callable[[Stand], Seen]


def holds(true: bool, otherwise: str) -> str:
    return "" if true else otherwise


def refuses(reason: str, call: Callable[[], object], what: str) -> str:
    """The call has to be refused in just this word."""
    try:
        call()
    except CoreRefused as no:
        return holds(no.reason == reason, f"{what} is refused as {no.reason!r} rather than {reason!r}")
    except CoreError as other:
        return f"{what} raises {type(other).__name__} rather than being refused"
    return f"{what} is not refused"


def unseen(call: Callable[[], object], what: str) -> str:
    """The call has to find nothing there."""
    try:
        call()
    except CoreNotFound:
        return ""
    except CoreError as other:
        return f"{what} raises {type(other).__name__} rather than not being found"
    return f"{what} is answered"


def every_row(page: Callable[[str], Any], most_pages: int = 100) -> list[Any]:
    """All rows of a list, page by page; `page` asks with a cursor."""
    found: list[Any] = []
    after = ""
    for _ in range(most_pages):
        part = page(after)
        found += part.items
        after = part.next
        if not after:
            break
    return found
