"""Lists that stay as quick at ten million cases as at ten: read along indexes, counted up to a hundred.

An index holds one queue, or one owner, in order. A list of several queues is read as the first rows of each, and of
those the first: asked of all of them together, a database would sort every row there is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.expressions import RawSQL

from cardline.kit.pagination import Page, paginate, rows_after

Row = TypeVar("Row", bound=Model)

COUNTED_TO = 100


def nearest(
    rows: QuerySet[Row], ranges: Sequence[QuerySet[Row]], order: Sequence[str], cursor: str | None, limit: int
) -> Page[Row]:
    """A page of what is in any of `ranges`, in one query. Raises BadCursor.

    rows: what the actor may see, with all the page needs; ranges: the same table narrowed to one stretch of an index
    each, in that same order.
    """
    heads = [rows_after(one, order, cursor).values("pk")[: limit + 1] for one in ranges]
    if not heads:
        return Page([], None)
    either = RawSQL(*_together(heads))  # noqa: S611 - Django's own SQL, with parameters
    return paginate(rows.filter(pk__in=either), order, cursor, limit)


def counts(lists: Mapping[str, Sequence[QuerySet[Any]]]) -> dict[str, int]:
    """How many rows each list has, as far as COUNTED_TO, in one query: 100 means a hundred or more.

    A list is given by its stretches; a row that is in two of them counts once.
    """
    parts: list[str] = []
    values: list[Any] = []
    for ranges in lists.values():
        either, parameters = _together([one.order_by().values("pk")[:COUNTED_TO] for one in ranges])
        parts.append(f"(SELECT COUNT(*) FROM ({either}) AS counted)" if either else "0")  # noqa: S608 - Django's own SQL
        values += parameters
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        return {name: min(count, COUNTED_TO) for name, count in zip(lists, cursor.fetchone(), strict=True)}


def _together(heads: Sequence[QuerySet[Any, Any]]) -> tuple[str, list[Any]]:
    """The SQL of what is in any of some sliced querysets, each once. Django's own union() slices none on SQLite."""
    statements: list[str] = []
    values: list[Any] = []
    for place, head in enumerate(heads):
        statement, parameters = head.query.sql_with_params()
        statements.append(f"SELECT * FROM ({statement}) AS range_{place}")  # noqa: S608 - Django's own SQL
        values += parameters
    return " UNION ".join(statements), values


def shown_count(count: int) -> str:
    """ "99+" from a hundred on."""
    return str(count) if count < COUNTED_TO else f"{COUNTED_TO - 1}+"
