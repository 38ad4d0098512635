"""Two lists read as one: all of the first, then the second, in pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from django.db.models import Model, QuerySet

from cardline.issuer import core
from cardline.issuer.embedded.shared import page

Row = TypeVar("Row", bound=Model)
T = TypeVar("T")


def one_after_the_other(
    lists: Sequence[tuple[QuerySet[Row], Sequence[str]]], after: str, most: int, say: Callable[[Row], T]
) -> core.Page[T]:
    """A page of lists that each have an order of their own. A page never spans two, so it may be shorter than `most`.

    Raises CoreRefused("bad_page") for a cursor of another list.
    """
    number, _, cursor = after.partition(".")
    if after and number not in map(str, range(len(lists))):
        raise core.CoreRefused("bad_page")
    for place in range(int(number or 0), len(lists)):
        found, order = lists[place]
        part = page(found, order, cursor, most, say)
        cursor = ""
        if part.items or part.next:
            return core.Page(part.items, f"{place}.{part.next}" if part.next else _next(lists, place))
    return core.Page([])


def _next(lists: Sequence[tuple[QuerySet[Row], Sequence[str]]], place: int) -> str:
    """Where the next list begins, if any of those to come has something."""
    later = (number for number in range(place + 1, len(lists)) if lists[number][0].exists())
    return next((f"{number}." for number in later), "")
