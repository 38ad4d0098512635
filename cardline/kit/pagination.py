"""Pages of a list that may grow while it is read: by the last row seen, not by counting rows.

A cursor says where the last page ended. It is neither secret nor signed: all it can do is choose where in the
caller's own, already narrowed queryset reading goes on, and each value in it is checked against its column.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Field, Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)

MOST_ROWS = 200
_LONGEST_CURSOR = 1_000
_BIGGEST_INTEGER = 2**63 - 1


class BadCursor(ValueError):
    """This list did not give out that cursor. Ask without one for the first page."""

    def __init__(self) -> None:
        super().__init__("this cursor is not one of this list; ask without a cursor for the first page")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """next_cursor asks for the page after this one; None on the last."""

    items: list[Row]
    next_cursor: str | None


def paginate(
    queryset: QuerySet[Row],
    order: Sequence[str] = ("due_at", "id"),
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Row]:
    """The rows after `cursor`, at most `limit` (1 to 200) of them, in one query.

    order: columns of the model, "-" before one that falls. The last one is unique, or rows with equal values
    could be passed over. Rows without a value in one of the columns are left out: they have no place in the
    order. Raises BadCursor.
    """
    if not 1 <= limit <= MOST_ROWS:
        raise ValueError(f"limit is {limit}; a page has 1 to {MOST_ROWS} rows")
    rows = list(rows_after(queryset, order, cursor)[: limit + 1])
    has_more = len(rows) > limit
    return Page(rows[:limit], _written(rows[limit - 1], _columns(queryset, order)) if has_more else None)


def rows_after(queryset: QuerySet[Row], order: Sequence[str], cursor: str | None) -> QuerySet[Row]:
    """The rows of a page and all behind it, in order; for lists that are read from several places at once."""
    columns = _columns(queryset, order)
    placed = queryset.filter(**{f"{column.name}__isnull": False for column in columns if column.field.null})
    if cursor is not None:
        placed = placed.filter(_after(columns, _read(cursor, columns)))
    return placed.order_by(*order)


def _columns(queryset: QuerySet[Row], order: Sequence[str]) -> list[_Column]:
    columns = [_Column(queryset.model, name) for name in order]
    if not columns[-1].field.unique:
        raise ValueError(
            f"{columns[-1].field.name} is not unique; the order has to end with a column that is"
        )
    return columns


class _Column:
    def __init__(self, model: type[Model], written: str) -> None:
        self.written = written
        self.name = written.removeprefix("-")
        self.field: Field[Any, Any] = model._meta.get_field(self.name)  # type: ignore[assignment]
        self.beyond = "lt" if written.startswith("-") else "gt"


def _after(columns: list[_Column], values: list[object]) -> Q:
    """Rows beyond in the first column, or equal there and beyond in the second, and so on."""
    beyond = Q()
    equal = Q()
    for column, value in zip(columns, values, strict=True):
        beyond |= equal & Q((f"{column.name}__{column.beyond}", value))
        equal &= Q((column.name, value))
    # Follows from the rest, but said by itself it lets the database start in the middle of its index.
    first = columns[0]
    return Q((f"{first.name}__{first.beyond}e", values[0])) & beyond


def _written(row: Model, columns: list[_Column]) -> str:
    parts = [
        *(column.written for column in columns),
        *(column.field.value_to_string(row) for column in columns),
    ]
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def _read(cursor: str, columns: list[_Column]) -> list[object]:
    if len(cursor) > _LONGEST_CURSOR:
        raise BadCursor
    try:
        parts = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError) as unreadable:
        raise BadCursor from unreadable
    names = [column.written for column in columns]
    if not isinstance(parts, list) or len(parts) != 2 * len(columns) or parts[: len(columns)] != names:
        raise BadCursor
    return [_value(column, part) for column, part in zip(columns, parts[len(columns) :], strict=True)]


def _value(column: _Column, part: object) -> object:
    """What the column would hold for this text; nothing the database could choke on gets past here."""
    if not isinstance(part, str) or "\x00" in part:
        raise BadCursor
    try:
        part.encode()
        value = column.field.to_python(part)
        if isinstance(value, datetime):
            if value.tzinfo is None:
                raise BadCursor
            value.astimezone(UTC)
    except (ValidationError, UnicodeError, OverflowError) as unfit:
        raise BadCursor from unfit
    if value is None or (isinstance(value, int) and abs(value) > _BIGGEST_INTEGER):
        raise BadCursor
    return value
