"""Reading a list page by page shows each row once, whatever is added meanwhile."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from cardline.kit.pagination import BadCursor, paginate

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Errand(models.Model):
    """Something with a due time, in a table that exists for these tests only."""

    id = models.BigIntegerField(primary_key=True)
    due_at = models.DateTimeField(null=True)
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "kit_tests"
        managed = False
        db_table = "kit_tests_errand"


@pytest.fixture
def errands(db: None) -> Iterator[models.QuerySet[Errand]]:
    quoted = connection.ops.quote_name
    columns = ", ".join(
        f"{quoted(str(field.column))} {field.db_type(connection)}"
        for field in Errand._meta.local_concrete_fields
    )
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {quoted(Errand._meta.db_table)} ({columns})")
    yield Errand._default_manager.all()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {quoted(Errand._meta.db_table)}")


def add(number: int, minutes: int | None, name: str = "") -> None:
    due_at = None if minutes is None else NOON + timedelta(minutes=minutes, microseconds=number % 3)
    Errand._default_manager.create(id=number, due_at=due_at, name=name)


def all_pages(queryset: models.QuerySet[Errand], limit: int, **how: Any) -> list[int]:
    seen: list[int] = []
    cursor = None
    while True:
        page = paginate(queryset, cursor=cursor, limit=limit, **how)
        assert len(page.items) <= limit
        seen += [errand.pk for errand in page.items]
        cursor = page.next_cursor
        if cursor is None:
            return seen
        assert len(page.items) == limit
        assert len(seen) < 1_000, "the pages go round in a circle"


def written(*parts: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 23, 24, 200])
@pytest.mark.parametrize(
    "order", [("due_at", "id"), ("-due_at", "-id"), ("-due_at", "id"), ("name", "due_at", "id"), ("-id",)]
)
def test_pages_together_are_the_list(
    errands: models.QuerySet[Errand], limit: int, order: tuple[str, ...]
) -> None:
    for number in range(23):
        add(number, minutes=number * 7 % 5, name="abc"[number % 3])
    whole = [errand.pk for errand in errands.order_by(*order)]
    assert all_pages(errands, limit, order=order) == whole
    assert len(whole) == 23


def test_rows_without_a_due_time_are_left_out(errands: models.QuerySet[Errand]) -> None:
    add(1, minutes=1)
    add(2, minutes=None)
    add(3, minutes=0)
    assert all_pages(errands, 1) == [3, 1]
    assert all_pages(errands, 1, order=("id",)) == [1, 2, 3]


def test_what_comes_in_between_neither_hides_nor_repeats_a_row(errands: models.QuerySet[Errand]) -> None:
    for number in (10, 20, 30, 40):
        add(number, minutes=number)
    first = paginate(errands, limit=2)
    assert [errand.pk for errand in first.items] == [10, 20]
    add(5, minutes=5)
    add(25, minutes=25)
    errands.filter(pk=20).delete()
    second = paginate(errands, limit=2, cursor=first.next_cursor)
    assert [errand.pk for errand in second.items] == [25, 30]


def test_an_empty_list_is_one_empty_page(errands: models.QuerySet[Errand]) -> None:
    page = paginate(errands)
    assert (page.items, page.next_cursor) == ([], None)


def test_a_page_is_one_query_that_starts_in_the_index(errands: models.QuerySet[Errand]) -> None:
    for number in range(5):
        add(number, minutes=number)
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX errands_by_due ON kit_tests_errand (due_at, id)")
    cursor_to_second = paginate(errands, limit=2).next_cursor
    with CaptureQueriesContext(
        connection,
    ) as queries:
        paginate(errands, limit=2, cursor=cursor_to_second)
    (query,) = queries.captured_queries
    assert '"due_at" >= ' in query["sql"]  # PostgreSQL does not see by itself that this follows from the rest
    if connection.vendor == "sqlite":
        with connection.cursor() as explain:
            explain.execute("EXPLAIN QUERY PLAN " + query["sql"])
            plan = " ".join(row[-1] for row in explain.fetchall())
        assert "SEARCH kit_tests_errand USING INDEX errands_by_due (due_at>" in plan
        assert "TEMP B-TREE" not in plan


def test_a_cursor_of_another_order_is_refused(errands: models.QuerySet[Errand]) -> None:
    for number in range(3):
        add(number, minutes=number)
    cursor = paginate(errands, order=("due_at", "id"), limit=1).next_cursor
    for other in (("-due_at", "-id"), ("id",), ("name", "id")):
        with pytest.raises(BadCursor):
            paginate(errands, order=other, cursor=cursor)


GOOD_TIME = NOON.isoformat()


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "?",
        "é",
        "bm90IGpzb24",
        "A" * 5_000,
        written(),
        base64.urlsafe_b64encode(b"[" * 700).decode(),
        base64.urlsafe_b64encode(b'{"due_at": 1}').decode(),
        base64.urlsafe_b64encode(b"\xff\xfe").decode(),
        written("due_at", "id", GOOD_TIME),
        written("due_at", "id", GOOD_TIME, "1", "2"),
        written("due_at", "id", GOOD_TIME, 1),
        written("due_at", "id", GOOD_TIME, None),
        written("due_at", "id", GOOD_TIME, "x"),
        written("due_at", "id", GOOD_TIME, ""),
        written("due_at", "id", GOOD_TIME, str(2**63)),
        written("due_at", "id", GOOD_TIME, "9" * 500),
        written("due_at", "id", GOOD_TIME, "1\x00"),
        written("due_at", "id", GOOD_TIME, "\ud800"),
        written("due_at", "id", "2026-11-23T12:00:00", "1"),
        written("due_at", "id", "2026-11-23", "1"),
        written("due_at", "id", "0001-01-01T00:00:00+14:00", "1"),
        written("due_at", "id", "2026-13-45T00:00:00Z", "1"),
        written("due_at", "id", "", "1"),
        written("due_at", "id", ["x"], "1"),
        written("name", "id", GOOD_TIME, "1"),
    ],
)
def test_a_cursor_we_did_not_write_is_refused(errands: models.QuerySet[Errand], cursor: str) -> None:
    with pytest.raises(BadCursor, match="ask without a cursor"):
        paginate(errands, cursor=cursor)


def test_text_in_a_cursor_cannot_reach_the_database_broken(errands: models.QuerySet[Errand]) -> None:
    for text in ("\x00", "\ud800"):
        with pytest.raises(BadCursor):
            paginate(errands, order=("name", "id"), cursor=written("name", "id", text, "1"))


def test_a_cursor_reads_on_only_inside_the_callers_list(errands: models.QuerySet[Errand]) -> None:  # SR-20
    add(1, minutes=1, name="maya")
    add(2, minutes=2, name="luis")
    forged = written("due_at", "id", NOON.isoformat(), "0")
    assert [errand.pk for errand in paginate(errands.filter(name="maya"), cursor=forged).items] == [1]


@pytest.mark.parametrize("limit", [0, -1, 201])
def test_a_page_has_1_to_200_rows(errands: models.QuerySet[Errand], limit: int) -> None:
    with pytest.raises(ValueError, match="1 to 200 rows"):
        paginate(errands, limit=limit)


def test_an_order_that_could_pass_rows_over_is_refused(errands: models.QuerySet[Errand]) -> None:
    with pytest.raises(ValueError, match="due_at is not unique"):
        paginate(errands, order=("id", "due_at"))
