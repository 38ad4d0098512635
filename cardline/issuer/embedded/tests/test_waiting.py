"""The one look that leaves out what a day has nothing for: it must change nothing, and cost next to nothing."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models import ForeignKey, Model

from cardline.clocks.days import DAY
from cardline.issuer.core import AlertEvent, Applicant, ApplicationState, AutopayMode, Kind
from cardline.issuer.embedded import applications, days, rewards, shared
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.commands import end_of_days
from cardline.issuer.embedded.tests import world
from cardline.issuer.embedded.tests.billed import Billed, core, moment
from cardline.issuer.embedded.tests.world import inside
from cardline.issuer.embedded.waiting import Waiting, look_of, what_waits
from cardline.kit import sql
from cardline.kit.actors import SYSTEM

FIRST, LAST = date(2026, 1, 10), date(2026, 4, 17)
EVERYTHING = Waiting(*[True] * len(Waiting._fields))

Row = tuple[Any, ...]
Books = dict[str, list[Row]]


# ------------------------------------------------------------------------------------------ it leaves nothing out


class Story:
    """Three months in which each step of a day has something to do on some days, and nothing on most."""

    def __init__(self) -> None:
        self.billed = Billed()
        self.billed.wants_to_hear(
            AlertEvent.PAYMENT_DUE, AlertEvent.PAYMENT_FAILED, AlertEvent.STATEMENT_READY
        )
        self.dispute = ""

    def happens(self, day: date) -> None:
        """At noon of that day."""
        told = getattr(self, f"on_{day:%m_%d}", None)
        if told is not None:
            told(day)

    def on_01_10(self, day: date) -> None:
        self.billed.buys(day, 900_00)
        self.contested = self.billed.moves(Kind.PURCHASE, day, 300_00)
        inside(lambda: rewards.correct(self.billed.account, 500, "Bonus", at=moment(day), key="bonus"))
        rows.RewardsEntry.objects.update(expires_on=date(2026, 2, 27))
        self.applies("Nora", day, ApplicationState.INCOMPLETE)
        self.applies("Ole", day, ApplicationState.COMPLETE, ApplicationState.COUNTEROFFER)

    def on_01_12(self, day: date) -> None:
        """Planned for a day on which the bank has no money: it comes back, and can be mended for a while."""
        self.billed.bank_says("no_funds")
        self.billed.pays(moment(day), 100_00, date(2026, 2, 10))

    def on_02_18(self, day: date) -> None:
        """After the due date: by now the minimum is late."""
        self.billed.bank_says("")
        self.billed.pays(moment(day), 50_00)

    def on_03_02(self, day: date) -> None:
        self.dispute = self.billed.contests(self.contested, day)

    def on_03_05(self, day: date) -> None:
        self.billed.sets_autopay(day, AutopayMode.MINIMUM)

    def on_04_08(self, day: date) -> None:
        self.billed.decides(self.dispute, day, won=True)

    def applies(self, name: str, day: date, *states: ApplicationState) -> None:
        applicant = Applicant("Everyday Card", name, "Lindqvist", date(1990, 5, 17))
        made = inside(lambda: core.apply(applicant, at=moment(day), key=f"applies {name}"))
        for state in states:
            inside(partial(applications.move_on, made.reference, state, at=moment(day)))


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens in here has not happened afterwards."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]  # as Django's own TestCase does: commands want to be outermost
    block.__enter__()
    try:
        yield
    finally:
        transaction.set_rollback(True)
        block.__exit__(None, None, None)


def tell(monkeypatch: pytest.MonkeyPatch) -> list[tuple[date, Books]]:
    """The story, and every row of the core after each of its days."""
    numbers = itertools.count(1)
    monkeypatch.setattr(shared, "uuid4", lambda: UUID(int=next(numbers) << 64))  # tokens by number
    monkeypatch.setattr(applications, "new_reference", lambda: f"REF{next(numbers)}")
    monkeypatch.setattr(world, "_keys", itertools.count())
    after = []
    with undone():
        story, day = Story(), FIRST
        while day <= LAST:
            story.happens(day)
            end_of_days(by=SYSTEM, now=moment(day + DAY, 0, 30))
            after.append((day, books()))
            day += DAY
    return after


# The book of an account, and its interest of a day: their words bear the account's number.
NAMED_BY_NUMBER = {(rows.Book, "name"), (rows.Posting, "key")}
TABLES = [model for model in apps.get_models() if model.__module__ == rows.__name__]


def books() -> Books:
    """Everything the core keeps. Rows are named by their place, as their numbers go on counting after an undoing."""
    with connection.cursor() as cursor:
        found = {model: _rows(cursor, model) for model in TABLES}
    place = {model: {row[0]: n for n, row in enumerate(kept)} for model, kept in found.items()}
    return {model.__name__: [_named(model, row, place) for row in kept] for model, kept in found.items()}


def _rows(cursor: Any, model: type[Model]) -> list[Row]:
    """The number of a row first. By the driver: this is asked some thousands of times."""
    columns = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)
    cursor.execute(f"SELECT {columns} FROM {model._meta.db_table} ORDER BY id")  # noqa: S608 - names of our own tables
    return list(cursor.fetchall())


def _named(model: type[Model], row: Row, place: dict[Any, dict[int, int]]) -> Row:
    said = []
    for field, value in zip(model._meta.concrete_fields[1:], row[1:], strict=True):
        if isinstance(field, ForeignKey) and value is not None:
            value = place[field.related_model][value]
        elif (model, field.name) in NAMED_BY_NUMBER:
            value = re.sub(r":\d+(?=:|$)", "", value)
        said.append(value)
    return tuple(said)


def test_a_day_with_the_look_leaves_the_same_rows_as_one_without(
    db: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[Waiting] = []

    def looking(day: date) -> Waiting:
        looked.append(what_waits(day))
        return looked[-1]

    with monkeypatch.context() as gated:
        gated.setattr(days, "what_waits", looking)
        with_the_look = tell(gated)
    with monkeypatch.context() as ungated:
        ungated.setattr(days, "what_waits", lambda day: EVERYTHING)
        without = tell(ungated)

    for (day, had), (_, wanted) in zip(with_the_look, without, strict=True):
        differing = {table for table in wanted if had[table] != wanted[table]}
        assert not differing, f"after {day} these tables differ: {sorted(differing)}"
    # The story would prove nothing about a step that it never needs, or always.
    for field, answers in zip(Waiting._fields, zip(*looked, strict=True), strict=True):
        assert set(answers) == {False, True}, field


# -------------------------------------------------------------------------------------------------- what it costs


def test_the_look_finds_everything_by_an_index(db: Any) -> None:
    """So that its cost does not grow with the rows of years: no table is read from end to end."""
    plan = plan_of(*look_of(FIRST + timedelta(30)))
    assert "embedded_core" in plan or "core_" in plan
    assert not [line for line in plan.splitlines() if reads_a_whole_table(line)], plan
    for index in (
        "core_payments_to_post",
        "core_banks_saying_no",
        "core_statements_due",
        "core_payments_to_mend",
        "core_disputes_won",
        "core_points_to_expire",
        "core_applications_waiting",
        "core_payments_to_make",
    ):
        assert index in plan, plan


def reads_a_whole_table(line: str) -> bool:
    return line.startswith("SCAN embedded_core") or "Seq Scan" in line


def plan_of(statement: str, values: list[Any]) -> str:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", values)
            return "\n".join(str(step[3]) for step in cursor.fetchall())
        # Empty tables are always quickest read whole; asked to avoid that, the planner shows whether it could.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN {statement}", values)
        return "\n".join(str(step[0]) for step in cursor.fetchall())


def test_the_look_is_one_question(db: Any, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert what_waits(FIRST) == Waiting(*[False] * len(Waiting._fields))
    assert sql.row(*look_of(FIRST)) is not None
