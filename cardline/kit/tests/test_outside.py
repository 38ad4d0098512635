"""A command that has to know something from elsewhere: nobody waits for it but its own caller."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import connection

from cardline.kit import limits, outside, plugs
from cardline.kit.actors import SYSTEM, Standing
from cardline.kit.commands import Command, command, registry
from cardline.kit.limits import Limit
from cardline.kit.models import OutboxItem
from cardline.kit.outbox import send_later

NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
ONCE = Limit("asked_once", 1, 3_600)


class _NoAudit:
    def write(self, **event: object) -> None: ...


@pytest.fixture(autouse=True)
def hall(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(plugs, "audit", _NoAudit())
    limits.forget()
    before = set(registry)
    yield
    for name in set(registry) - before:
        del registry[name]


class Elsewhere:
    """Answers "yes" to the first question and what it is told to the second; notes where it was asked."""

    def __init__(self, second: Exception | None = None) -> None:
        self.second = second
        self.asked: list[tuple[str, bool]] = []

    def answer(self, question: str) -> str:
        self.asked.append((question, connection.in_atomic_block))
        if question == "second" and self.second:
            raise self.second
        return "yes"


def asking(elsewhere: Elsewhere) -> Command[..., str]:
    @command("test.ask")
    def ask(*, by: Standing, now: datetime) -> str:
        limits.count(ONCE, "me")
        send_later("test.nothing", {}, now)
        first = outside.answer_to("first", lambda: elsewhere.answer("first"))
        try:
            return first + outside.answer_to("second", lambda: elsewhere.answer("second"))
        except ValueError:
            return first + "no"

    return ask


@pytest.mark.django_db(transaction=True)
def test_it_is_asked_outside_the_transaction_and_what_was_done_before_is_done_once() -> None:
    elsewhere = Elsewhere()
    assert asking(elsewhere)(by=SYSTEM, now=NOW) == "yesyes"
    assert elsewhere.asked == [("first", False), ("second", False)]
    assert OutboxItem.objects.filter(kind="test.nothing").count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_error_is_met_where_the_question_stands() -> None:
    assert asking(Elsewhere(ValueError("not in time")))(by=SYSTEM, now=NOW) == "yesno"


@pytest.mark.django_db(transaction=True)
def test_a_command_repeated_with_its_key_asks_nothing_again() -> None:
    elsewhere = Elsewhere()
    ask = asking(elsewhere)
    assert ask(by=SYSTEM, key="one press", now=NOW) == ask(by=SYSTEM, key="one press", now=NOW)
    assert len(elsewhere.asked) == 2


@pytest.mark.django_db(transaction=True)
def test_a_command_that_asks_something_else_each_time_is_a_fault() -> None:
    @command("test.never_ends")
    def never_ends(*, by: Standing, now: datetime) -> None:
        outside.answer_to(object(), lambda: None)

    with pytest.raises(RuntimeError, match="more questions"):
        never_ends(by=SYSTEM, now=NOW)


def test_outside_a_command_the_question_is_simply_asked() -> None:
    assert outside.answer_to("first", lambda: threading.current_thread().name)
    assert not outside.is_inside()
