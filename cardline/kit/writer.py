"""The one writer of the embedded database: commands queued together share one commit.

A flush to disk costs 0.1–4 ms; a command far less. So one thread takes a job, opens a transaction, runs it in a
savepoint, goes on with whatever is already waiting (256 jobs or 20 ms), commits once, and only then answers. While one
commit flushes, the next batch gathers by itself. Nothing acknowledged is ever lost: an answer leaves after the COMMIT
that carries it. Figures and traps: docs/performance.md, docs/decisions/0002-one-writer.md.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import time
from _thread import LockType, allocate_lock
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from django.db import Error, connections, transaction

from cardline.kit import news
from cardline.kit.news import News
from cardline.kit.refusals import CommitFailed, Overloaded, ShuttingDown

if TYPE_CHECKING:
    from cardline.kit.actors import Actor, Standing
    from cardline.kit.commands import Command
    from cardline.kit.outside import Gathered

log = logging.getLogger("cardline.writer")

MAX_BATCH = 256
BATCH_SECONDS = 0.020
MAX_WAITING = 5_000
SLOW_SECONDS = 0.010


class SwallowedError(RuntimeError):
    """A command caught a database error without a savepoint around the statement; its work is undone."""


class Job:
    """One call of a command on its way through the writer."""

    __slots__ = (
        "arguments",
        "by",
        "command",
        "error",
        "future",
        "gathered",
        "hooks",
        "key",
        "lock",
        "loop",
        "news",
        "result",
    )

    def __init__(
        self,
        command: Command[Any, Any],
        by: Actor | Standing,
        key: str | None,
        arguments: dict[str, Any],
        gathered: Gathered,
    ) -> None:
        self.command, self.by, self.key, self.arguments = command, by, key, arguments
        self.gathered = gathered
        self.result: Any = None
        self.error: BaseException | None = None
        self.lock: LockType | None = None
        self.loop: asyncio.AbstractEventLoop | None = None
        self.future: asyncio.Future[Any] | None = None
        self.hooks: list[Callable[[], Any]] = []
        self.news: list[News] = []


class Savepoint:
    """A job's part of the batch's transaction, undone alone when the job fails.

    What transaction.atomic() does here, on the driver's connection: Django's two statements took a quarter of a
    message (docs/performance.md). After-commit hooks are the writer's own business.
    """

    def __init__(self, database: Any) -> None:
        self.database = database

    def __enter__(self) -> None:
        with self.database.wrap_database_errors:
            self.database.connection.execute("SAVEPOINT job")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        database = self.database
        if kind is None and not database.needs_rollback:
            with database.wrap_database_errors:
                database.connection.execute("RELEASE job")
            return
        database.needs_rollback = False
        try:
            with database.wrap_database_errors:
                database.connection.execute("ROLLBACK TO job")
                database.connection.execute("RELEASE job")
        except Error:
            database.needs_rollback = True  # the whole transaction is gone; the batch hears of it


class Stats:
    """Counts since start, for /metrics and the benchmark."""

    __slots__ = ("batches", "commit_seconds", "failed_commits", "jobs", "slow")

    def __init__(self) -> None:
        self.batches = self.jobs = self.slow = self.failed_commits = 0
        self.commit_seconds = 0.0


class Writer:
    """`max_batch=1` is the benchmark's reference: each command its own commit."""

    def __init__(self, alias: str = "default", max_batch: int = MAX_BATCH) -> None:
        self.alias, self.max_batch = alias, max_batch
        self.stats = Stats()
        self._queue: SimpleQueue[Job | None] = SimpleQueue()
        self._closed = False
        self._gate = threading.Lock()
        self._singles = 0
        self._thread = threading.Thread(target=self._loop, name="writer", daemon=True)

    def start(self) -> Writer:
        self._thread.start()
        return self

    def is_me(self) -> bool:
        return threading.current_thread() is self._thread

    def is_alive(self) -> bool:
        return self._thread.is_alive() and not self._closed

    def do(self, job: Job) -> Any:
        """Queue the job and wait for its commit."""
        job.lock = allocate_lock()
        job.lock.acquire()
        self._submit(job)
        job.lock.acquire()
        if job.error is not None:
            raise job.error
        for hook in job.hooks:
            hook()
        return job.result

    async def do_soon(self, job: Job) -> Any:
        job.loop = asyncio.get_running_loop()
        job.future = job.loop.create_future()
        self._submit(job)
        result = await job.future
        if job.hooks:
            await job.loop.run_in_executor(None, _run_all, job.hooks)
        return result

    def stop(self, timeout: float = 10) -> bool:
        """Refuse new jobs, run what waits, join. True when the thread ended in time."""
        with self._gate:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _submit(self, job: Job) -> None:
        # One lock for both: a job put behind the stop sign would wait for ever.
        with self._gate:
            if self._closed:
                raise ShuttingDown()
            if self._queue.qsize() > MAX_WAITING:
                raise Overloaded()
            self._queue.put(job)

    def _loop(self) -> None:
        while (job := self._queue.get()) is not None:
            try:
                if not self._batch(job):
                    break
            except BaseException:
                # The writer never dies: a dead one would leave every later caller waiting.
                log.exception("writer.broke")
                connections[self.alias].close()
        connections[self.alias].close()

    def _batch(self, first: Job) -> bool:
        """Run one batch. False when the stop sign came."""
        connection = connections[self.alias]
        done: list[Job] = []
        go_on = True
        limit = self.max_batch
        if self._singles:
            limit, self._singles = 1, self._singles - 1
        outer = transaction.atomic(using=self.alias, durable=True)
        entered = False
        try:
            outer.__enter__()
            entered = True
            started = time.perf_counter()
            job = first
            while True:
                done.append(job)
                self._run(job, connection)
                if len(done) >= limit or time.perf_counter() - started > BATCH_SECONDS:
                    break
                try:
                    following = self._queue.get_nowait()
                except Empty:
                    break
                if following is None:
                    go_on = False
                    break
                job = following
            flushing = time.perf_counter()
            outer.__exit__(None, None, None)
            entered = False
            self.stats.commit_seconds += time.perf_counter() - flushing
            self.stats.batches += 1
            self.stats.jobs += len(done)
        except BaseException as error:  # noqa: BLE001 - every caller of the batch hears of it
            self._abandon(connection, outer if entered else None, error)
            # The next jobs run one by one: a culprit that retries cannot fail the same neighbours twice.
            self._singles = max(len(done), 1)
            for failed in done or [first]:
                failed.news, failed.hooks = [], []
                if failed.error is None:
                    failed.error = CommitFailed()
                    failed.error.__cause__ = error
            done = done or [first]
        self._answer(done)
        return go_on

    def _run(self, job: Job, connection: Any) -> None:
        began = time.perf_counter()
        try:
            job.result = job.command.run(job.by, job.key, job.arguments, Savepoint(connection), job.gathered)
            if connection.run_on_commit:
                hooks = [hook for _, hook, _ in connection.run_on_commit]
                connection.run_on_commit = []
                job.news = [hook for hook in hooks if type(hook) is News]
                job.hooks = [hook for hook in hooks if type(hook) is not News]
        except BaseException as error:
            job.error = error
            connection.run_on_commit = []
            # Disk full, an I/O error or an interrupt makes SQLite drop the whole transaction, not this job's part.
            if not connection.connection.in_transaction or connection.needs_rollback:
                raise CommitFailed() from error
        took = time.perf_counter() - began
        if took > SLOW_SECONDS:
            self.stats.slow += 1
            log.info("command.slow", extra={"command": job.command.name, "ms": round(took * 1e3)})

    def _abandon(self, connection: Any, outer: Any, error: BaseException) -> None:
        self.stats.failed_commits += 1
        log.error("writer.batch_failed", exc_info=error)
        if outer is not None and connection.in_atomic_block:
            with contextlib.suppress(BaseException):
                outer.__exit__(type(error), error, error.__traceback__)
        # Never carry a broken state into the next batch: what its callers were told is lost must not be saved by the
        # next COMMIT. Closing rolls back whatever is left.
        connection.in_atomic_block, connection.needs_rollback = False, False
        connection.savepoint_ids, connection.atomic_blocks = [], []
        connection.run_on_commit = []
        connection.close()

    def _answer(self, done: list[Job]) -> None:
        told = [item for job in done if job.error is None for item in job.news]
        if told:
            try:
                news.publish(told)
            except Exception:
                log.exception("news.lost")  # the rows are saved; screens read them again
        loops: dict[asyncio.AbstractEventLoop, list[Job]] = {}
        for job in done:
            if job.lock is not None:
                job.lock.release()
            elif job.loop is not None:
                loops.setdefault(job.loop, []).append(job)
        for loop, jobs in loops.items():
            try:
                loop.call_soon_threadsafe(_resolve, jobs)
            except RuntimeError:
                continue  # that loop is closed: nobody waits there any more


def _resolve(jobs: list[Job]) -> None:
    for job in jobs:
        if job.future is None or job.future.done():
            continue  # the caller gave up; the work is done all the same
        if job.error is not None:
            job.future.set_exception(job.error)
        else:
            job.future.set_result(job.result)


def _run_all(hooks: list[Callable[[], Any]]) -> None:
    for hook in hooks:
        hook()


_writer: Writer | None = None


def current_writer() -> Writer | None:
    return _writer


def start_writer(max_batch: int = MAX_BATCH) -> Writer | None:
    """Start the writer of this process. None on PostgreSQL, which commits for itself."""
    global _writer
    if connections["default"].vendor != "sqlite":
        return None
    _writer = Writer(max_batch=max_batch).start()
    return _writer


def stop_writer(timeout: float = 10) -> bool:
    """Drain and stop. True when everything queued was done in time."""
    global _writer
    writer, _writer = _writer, None
    return writer.stop(timeout) if writer else True
