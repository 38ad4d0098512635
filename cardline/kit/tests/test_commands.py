"""The command hall and the writer: each trap of one writer and group commit, as a test."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection, connections, transaction

from cardline.audit.models import AuditEvent
from cardline.kit import clock, commands, news, writer
from cardline.kit.actors import SYSTEM, Actor, Kind, Standing
from cardline.kit.commands import InsideTransaction, command, executing
from cardline.kit.models import IdempotencyKey, OutboxItem
from cardline.kit.news import tell
from cardline.kit.outbox import send_later
from cardline.kit.redact import Clean, clean
from cardline.kit.refusals import CommitFailed, KeyReused, NotPermitted, Refusal
from cardline.kit.writer import SwallowedError, Writer

NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
MAYA = Actor(Kind.MEMBER, "1", name="Maya")


@command("test.put", about="row:{text:.20}")
def put(*, by: Standing, now: datetime, text: str) -> dict[str, Any]:
    """Writes one outbox row and tells a topic."""
    send_later("test", {"text": text}, now)
    number = OutboxItem.objects.filter(kind="test").count()
    tell("test", number, {"text": text})
    return {"number": number}


@command("test.refuse")
def refuse(*, by: Standing, now: datetime) -> None:
    send_later("refused", {}, now)
    raise Refusal("no")


@command("test.poison")
def point_nowhere(*, by: Standing, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO identity_evidence (member_id, kind, session, at, expires_at)"
            " VALUES (999, 'x', '', %s, %s)",
                       [connection.ops.adapt_datetimefield_value(now)] * 2)  # fmt: skip


@command("test.lose")
def lose_transaction(*, by: Standing, now: datetime) -> None:
    """What SQLite does by itself when the disk is full."""
    connection.connection.execute("ROLLBACK")
    raise ValueError("disk full")


@command("test.swallow")
def swallow(*, by: Standing, now: datetime, with_savepoint: bool) -> str:
    send_later("before", {}, now)
    values = {"actor": "a", "key": "k", "body": "", "answer": "", "created_at": now}
    IdempotencyKey.objects.create(**values)
    try:
        if with_savepoint:
            with transaction.atomic():
                IdempotencyKey.objects.create(**values)
        else:
            IdempotencyKey.objects.create(**values)
    except IntegrityError:
        return "caught"
    return "nothing to catch"


@command("test.nest")
def nest(*, by: Standing, now: datetime) -> dict[str, Any]:
    answer = put(by=by, now=now, text="inner", key="never-used")
    with pytest.raises(Refusal):
        refuse(by=by, now=now)
    return answer


@command("test.linger")
def linger(*, by: Standing, now: datetime, seconds: float) -> None:
    time.sleep(seconds)


@command("test.only_agents", by=[Kind.AGENT])
def only_agents(*, by: Standing, now: datetime) -> None:
    pass


@command("test.scoped", by=[Kind.API], scope="things:write")
def scoped(*, by: Standing, now: datetime) -> None:
    pass


holding, let_go = threading.Event(), threading.Event()


@command("test.hold")
def hold(*, by: Standing, now: datetime) -> None:
    """Keeps the writer busy until the test has queued what is to wait behind it."""
    holding.set()
    assert let_go.wait(30)


@pytest.fixture
def running_writer(transactional_db: None) -> Iterator[Writer]:
    started = writer.start_writer()
    if started is None:
        pytest.skip("PostgreSQL commits for itself; the writer is SQLite's")
    yield started
    assert writer.stop_writer()


def burst(*calls: tuple[Any, dict[str, Any]]) -> list[Any]:
    """Call commands together, so that they share a batch."""

    async def go() -> list[Any]:
        return await asyncio.gather(
            *[c.soon(by=MAYA, now=NOW, **kw) for c, kw in calls], return_exceptions=True
        )

    return asyncio.run(go())


def queued_together(*calls: tuple[Any, dict[str, Any]]) -> list[Any]:
    """The same, with every one of them in the queue before the writer takes the first."""

    async def go() -> list[Any]:
        holding.clear()
        let_go.clear()
        held = asyncio.ensure_future(hold.soon(by=MAYA, now=NOW))
        try:
            assert await asyncio.to_thread(holding.wait, 30)
            waiting = [asyncio.ensure_future(c.soon(by=MAYA, now=NOW, **kw)) for c, kw in calls]
            await asyncio.sleep(0)  # each is in the queue once it has run up to its first pause
        finally:
            let_go.set()
        await held
        return await asyncio.gather(*waiting, return_exceptions=True)

    return asyncio.run(go())


def rows(kind: str = "test") -> int:
    return OutboxItem.objects.filter(kind=kind).count()


# ---------------------------------------------------------------- inline, on both engines


@pytest.mark.django_db
def test_the_same_key_gives_the_first_answer_and_one_effect() -> None:  # SR-65
    first = put(by=MAYA, now=NOW, key="key-12345678", text="hello")
    assert put(by=MAYA, now=NOW, key="key-12345678", text="hello") == first
    assert rows() == 1
    assert AuditEvent.objects.filter(name="test.put").count() == 1


@pytest.mark.django_db
def test_the_same_key_with_another_body_is_refused() -> None:  # SR-65
    put(by=MAYA, now=NOW, key="key-12345678", text="hello")
    with pytest.raises(KeyReused):
        put(by=MAYA, now=NOW, key="key-12345678", text="something else")
    assert rows() == 1


@pytest.mark.django_db
def test_a_key_is_its_actors_own() -> None:
    put(by=MAYA, now=NOW, key="key-12345678", text="hello")
    put(by=Actor(Kind.MEMBER, "2"), now=NOW, key="key-12345678", text="hello")
    assert rows() == 2


@pytest.mark.django_db
def test_a_repeat_at_a_later_moment_is_the_same_request() -> None:
    first = put(by=MAYA, key="key-12345678", now=clock.now(), text="hello")
    assert put(by=MAYA, key="key-12345678", now=clock.now(), text="hello") == first


@pytest.mark.django_db
def test_a_refused_command_leaves_nothing_and_its_key_free() -> None:
    for _ in range(2):
        with pytest.raises(Refusal, match="no"):
            refuse(by=MAYA, now=NOW, key="key-12345678")
    assert rows("refused") == 0
    assert not IdempotencyKey.objects.exists()
    assert not AuditEvent.objects.filter(name="test.refuse").exists()


@pytest.mark.django_db
def test_effect_audit_and_outside_work_are_one_transaction(monkeypatch: pytest.MonkeyPatch) -> None:  # SR-66
    class Broken:
        def write(self, **_: Any) -> None:
            raise OSError("no audit, no effect")

    monkeypatch.setattr("cardline.kit.plugs.audit", Broken())
    with pytest.raises(OSError, match="no audit"):
        put(by=MAYA, now=NOW, key="key-12345678", text="hello")
    assert rows() == 0


@pytest.mark.django_db
def test_the_audit_event_has_lengths_where_people_wrote() -> None:
    @command("test.say")
    def say(*, by: Standing, now: datetime, text: Clean) -> None:
        assert executing().name == "test.say"

    say(by=MAYA, now=NOW, text=clean("my secret worry"))
    del commands.registry["test.say"]
    event = AuditEvent.objects.get(name="test.say")
    assert event.actor == "member:1" and "worry" not in event.detail and '"text_length":15' in event.detail


@pytest.mark.django_db
def test_a_command_inside_a_command_joins_it() -> None:
    assert nest(by=MAYA, now=NOW, key="key-12345678")["number"] == 1
    assert rows() == 1 and rows("refused") == 0
    assert IdempotencyKey.objects.count() == 1


@pytest.mark.django_db
def test_a_swallowed_database_error_is_not_a_silent_loss() -> None:
    with pytest.raises(SwallowedError):
        swallow(by=MAYA, now=NOW, with_savepoint=False)
    assert rows("before") == 0
    assert swallow(by=MAYA, now=NOW, with_savepoint=True) == "caught"
    assert rows("before") == 1


@pytest.mark.django_db
def test_only_the_declared_kinds_and_scopes_may() -> None:
    with pytest.raises(NotPermitted):
        only_agents(by=MAYA, now=NOW)
    with pytest.raises(NotPermitted):
        scoped(by=Actor(Kind.API, "1", scopes=frozenset({"things:read"})), now=NOW)
    scoped(by=Actor(Kind.API, "1", scopes=frozenset({"things:write"})), now=NOW)


def test_nothing_is_appended_outside_a_command() -> None:
    with pytest.raises(RuntimeError, match="outside a command"):
        executing()


@pytest.mark.django_db(transaction=True)
def test_eight_calls_at_once_with_one_key_have_one_effect() -> None:
    answers: list[Any] = []

    def call() -> None:
        try:
            answers.append(put(by=MAYA, now=NOW, key="key-12345678", text="hello"))
        finally:
            connection.close()

    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rows() == 1 and answers == [{"number": 1}] * 8


# ---------------------------------------------------------------- through the writer


def test_callers_share_commits_and_news_leaves_in_order(
    running_writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "BATCH_SECONDS", 60)  # a busy machine must not cut the batch
    told: list[int | None] = []
    news.use_publisher(lambda batch: told.extend(item.n for item in batch))
    try:
        answers = queued_together(*[(put, {"text": str(i), "key": f"key-{i:08}"}) for i in range(60)])
    finally:
        news.use_publisher(None)
    assert [a["number"] for a in answers] == told == list(range(1, 61))
    assert (running_writer.stats.jobs, running_writer.stats.batches) == (61, 1)


def test_a_batch_ends_when_its_time_is_over(running_writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "BATCH_SECONDS", 0)
    queued_together(*[(put, {"text": str(i)}) for i in range(5)])
    assert (running_writer.stats.jobs, running_writer.stats.batches) == (6, 6)


def test_a_failing_command_rolls_back_only_itself(running_writer: Writer) -> None:
    answers = burst(*[(put, {"text": str(i)}) if i % 2 else (refuse, {}) for i in range(10)])
    assert [type(a).__name__ for a in answers] == ["Refusal", "dict"] * 5
    assert rows() == 5 and rows("refused") == 0


def test_a_key_that_points_nowhere_fails_alone(running_writer: Writer) -> None:
    calls: list[Any] = [(put, {"text": str(i)}) for i in range(6)]
    calls.insert(3, (point_nowhere, {}))
    answers = burst(*calls)
    assert isinstance(answers[3], IntegrityError)
    assert rows() == 6


def test_a_lost_transaction_fails_its_whole_batch_and_the_writer_lives(running_writer: Writer) -> None:
    calls: list[Any] = [(put, {"text": str(i), "key": f"key-{i:08}"}) for i in range(4)]
    calls.insert(2, (lose_transaction, {}))
    answers = burst(*calls)
    saved = sum(isinstance(a, dict) for a in answers)
    assert rows() == saved
    assert all(isinstance(a, dict | CommitFailed | ValueError) for a in answers)
    again = burst(*[(put, {"text": str(i), "key": f"key-{i:08}"}) for i in range(4)])
    assert all(isinstance(a, dict) for a in again) and rows() == 4


def test_a_failing_commit_tells_everybody_and_saves_nothing(
    running_writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrapper: Any = type(connections["default"])
    real = wrapper._commit
    broken = threading.Event()
    broken.set()

    def commit(self: Any) -> Any:
        if broken.is_set() and threading.current_thread().name == "writer":
            raise OperationalError("database or disk is full")
        return real(self)

    monkeypatch.setattr(wrapper, "_commit", commit)
    answers = burst(*[(put, {"text": str(i), "key": f"key-{i:08}"}) for i in range(5)])
    assert all(isinstance(a, CommitFailed) for a in answers) and rows() == 0
    broken.clear()
    answers = burst(*[(put, {"text": str(i), "key": f"key-{i:08}"}) for i in range(5)])
    assert all(isinstance(a, dict) for a in answers) and rows() == 5


def test_waiting_for_ones_own_lock_is_refused_at_once(running_writer: Writer) -> None:
    with pytest.raises(InsideTransaction), transaction.atomic():
        put(by=MAYA, now=NOW, text="x")


def test_a_sync_call_on_the_event_loop_is_refused(running_writer: Writer) -> None:
    async def go() -> None:
        put(by=MAYA, now=NOW, text="x")

    with pytest.raises((RuntimeError, Exception), match="async|await"):
        asyncio.run(go())


def test_a_caller_that_gives_up_loses_the_answer_not_the_work(running_writer: Writer) -> None:
    async def go() -> Any:
        slow = asyncio.ensure_future(linger.soon(by=MAYA, now=NOW, seconds=0.05))
        mine = asyncio.ensure_future(put.soon(by=MAYA, now=NOW, text="hello", key="key-12345678"))
        await asyncio.sleep(0)
        mine.cancel()
        await slow
        return await put.soon(by=MAYA, now=NOW, text="hello", key="key-12345678")

    assert asyncio.run(go()) == {"number": 1}
    assert rows() == 1


def test_stopping_runs_what_waits_and_refuses_what_comes(transactional_db: None) -> None:
    started = writer.start_writer()
    if started is None:
        pytest.skip("the writer is SQLite's")

    async def go() -> tuple[bool, list[Any]]:
        calls = [asyncio.ensure_future(put.soon(by=SYSTEM, now=NOW, text=str(i))) for i in range(300)]
        await asyncio.sleep(0)
        stopped = await asyncio.to_thread(started.stop)
        return stopped, await asyncio.gather(*calls, return_exceptions=True)

    stopped, answers = asyncio.run(go())
    writer.stop_writer()
    assert stopped and all(isinstance(a, dict) for a in answers) and rows() == 300
