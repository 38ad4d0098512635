"""Every change to data is a command.

A function declared with `@command` is called with `by` (an Actor), `now` (aware UTC), plain values, and `key` (the
caller's idempotency key, when it may be repeated). From this one place it gets: who acts for whom and how surely known
(kit/plugs.py), once-only execution, the transaction, the audit event, and news for screens after the commit. Its
timeline entries and outbox rows are written by the functions of `cases.timeline` and `kit.outbox` inside it, in the
same transaction.

Three doors: `send_message(by=…)` from sync code, `await send_message.soon(by=…)` from async code, and the same call
inside another command, which joins it (a savepoint, the outer commit, no key of its own).

On SQLite under `cardline serve` jobs queue for one writer thread that commits many at once (kit/writer.py). Without a
writer (PostgreSQL, command line, tests) the command runs inline in a transaction of its own. A question to a system
elsewhere is never waited for in there: kit/outside.py says how.
"""

from __future__ import annotations

import asyncio
import functools
import hashlib
import threading
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, ParamSpec, TypeVar

from django.db import connection, transaction

from cardline.kit import bridge, clock, idempotency, outside, plugs, sql
from cardline.kit.actors import SYSTEM, Actor, Kind, Standing
from cardline.kit.outside import Elsewhere, Gathered
from cardline.kit.redact import Clean
from cardline.kit.refusals import NotPermitted
from cardline.kit.writer import Job, SwallowedError, current_writer

P = ParamSpec("P")
R = TypeVar("R")

_depth = threading.local()
_running: ContextVar[Execution | None] = ContextVar("cardline_command", default=None)
registry: dict[str, Command[Any, Any]] = {}


@dataclass(slots=True)
class Execution:
    """The command that runs right now on this thread, for the functions it calls (timeline, outbox)."""

    name: str
    by: Standing
    now: datetime


def executing() -> Execution:
    """The running command. Raises RuntimeError outside one: data is changed by commands only."""
    running = _running.get()
    if running is None:
        raise RuntimeError("outside a command; every change to data is a command (docs/architecture.md)")
    return running


class InsideTransaction(RuntimeError):
    """A command was called inside atomic(): the writer would wait for a lock this thread holds."""


class Command(Generic[P, R]):
    """A declared command. `name` is its word in the audit log; `about` says what it is about, from its arguments."""

    def __init__(
        self,
        name: str,
        function: Callable[P, R],
        by: frozenset[Kind],
        level: str,
        about: str,
        scope: str,
        housekeeping: bool,
    ) -> None:
        self.name, self.function, self.kinds, self.level, self.about = name, function, by, level, about
        self.scope, self.housekeeping = scope, housekeeping
        functools.update_wrapper(self, function)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        by, key, arguments = _take(kwargs)
        if getattr(_depth, "value", 0):
            return self.run(by, None, arguments)
        writer = current_writer()
        if writer is not None:
            _refuse_wrong_places(self.name, writer.is_me())
        gathered = Gathered()
        while True:
            try:
                if writer is not None:
                    return writer.do(Job(self, by, key, arguments, gathered))
                return self.run(by, key, arguments, transaction.atomic(durable=True), gathered)
            except Elsewhere as asked:
                gathered.find_out(asked)

    async def soon(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """The same from async code. A caller that stops waiting loses the answer, not the work."""
        by, key, arguments = _take(kwargs)
        writer = current_writer()
        gathered = Gathered()
        while True:
            try:
                if writer is not None:
                    return await writer.do_soon(Job(self, by, key, arguments, gathered))
                within = transaction.atomic(durable=True)
                return await bridge.in_pool(functools.partial(self.run, by, key, arguments, within, gathered))
            except Elsewhere as asked:
                await bridge.in_pool(functools.partial(gathered.find_out, asked))

    def run(
        self,
        by: Actor | Standing,
        key: str | None,
        arguments: dict[str, Any],
        within: AbstractContextManager[Any] | None = None,
        gathered: Gathered | None = None,
    ) -> Any:
        """The body on this thread's connection, `within` a transaction or savepoint; Django's where none is given.

        gathered: for the outermost command, what it found out elsewhere. The writer calls this too. Raises Elsewhere.
        """
        _depth.value = depth = getattr(_depth, "value", 0) + 1
        if depth == 1:
            outside.begin(gathered)
        try:
            with transaction.atomic() if within is None else within:
                return self._once(by, key, arguments) if key and depth == 1 else self._do(by, arguments)
        finally:
            _depth.value = depth - 1
            if depth == 1:
                outside.begin(None)

    def _once(self, by: Actor | Standing, key: str, arguments: dict[str, Any]) -> Any:
        actor = by.actor if isinstance(by, Standing) else by
        body = fingerprint(self.name, arguments)
        won, answer = idempotency.claim(actor.key, key, body, clock.machine_now())
        if not won:
            return answer
        result = self._do(by, arguments)
        idempotency.answer(actor.key, key, result)
        return result

    def _do(self, by: Actor | Standing, arguments: dict[str, Any]) -> Any:
        actor = by.actor if isinstance(by, Standing) else by
        if actor.kind not in self.kinds:
            raise NotPermitted()
        # A key asks for the outermost command; what that one does inside is our own business.
        if actor.kind == Kind.API and _depth.value == 1 and self.scope not in actor.scopes:
            raise NotPermitted()
        now: datetime = arguments["now"]
        standing = plugs.authority.standing(actor, self.level, arguments, now, self.name)
        token = _running.set(Execution(self.name, standing, now))
        try:
            result = self.function(by=standing, **arguments)  # type: ignore[call-arg, arg-type]
        finally:
            _running.reset(token)
        if connection.needs_rollback:
            # An error was caught inside without a savepoint. Django would now roll back without a word and the caller
            # would hear "done".
            raise SwallowedError(
                f"{self.name} swallowed a database error; give that statement its own atomic()"
            )
        if not self.housekeeping:
            plugs.audit.write(
                by=standing,
                name=self.name,
                about=self.about.format_map(arguments),
                detail=_detail(arguments, result),
                at=clock.machine_now(),
            )
        return result


def command(
    name: str,
    *,
    by: Iterable[Kind] = tuple(Kind),
    level: str = "",
    about: str = "",
    scope: str = "",
    housekeeping: bool = False,
) -> Callable[[Callable[P, R]], Command[P, R]]:
    """Declare a change.

    by: the kinds of actor that may ask for it. level: "V2", or "family:action" of the issuer's need × level matrix.
    about: what the audit event is about, from the arguments ("promise:{promise_id}"). scope: what an API key needs.
    housekeeping: leases and heartbeats, which change nothing anybody would ask the audit log about.
    """

    def declare(function: Callable[P, R]) -> Command[P, R]:
        if name in registry:
            raise RuntimeError(f"two commands are called {name}")
        declared = Command(name, function, frozenset(by), level, about, scope, housekeeping)
        registry[name] = declared
        return declared

    return declare


def _take(kwargs: Any) -> tuple[Actor | Standing, str | None, dict[str, Any]]:
    arguments = dict(kwargs)
    by = arguments.pop("by", SYSTEM)
    key = arguments.pop("key", None)
    return by, key, arguments


def _refuse_wrong_places(name: str, on_writer_thread: bool) -> None:
    if on_writer_thread:
        raise RuntimeError(f"{name} was called by an after-commit hook on the writer thread; use the outbox")
    if connection.in_atomic_block:
        raise InsideTransaction(
            f"{name} was called inside atomic(); call it outside, or from within a command"
        )
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    raise RuntimeError(f"in async code: await {name}.soon(…)")


def fingerprint(name: str, arguments: dict[str, Any]) -> str:
    """What makes two requests the same: the command and its arguments, but not the moment of asking."""
    same = [name, {k: v for k, v in arguments.items() if k != "now"}]
    return hashlib.sha256(sql.to_sorted_json(same).encode()).hexdigest()


def _detail(arguments: dict[str, Any], result: Any) -> str:
    """Numbers and words of ours, never what somebody wrote (SR-93): a text is logged by its length."""
    kept: dict[str, Any] = {}
    for name, value in arguments.items():
        if isinstance(value, Clean):
            kept[name + "_length"] = len(value)
        elif isinstance(value, int | bool) or value is None:
            kept[name] = value
        elif isinstance(value, str):
            kept[name] = value if len(value) <= 40 else value[:39] + "…"
    if isinstance(result, dict):
        kept.update({f"→{k}": v for k, v in result.items() if isinstance(v, int)})
    return sql.to_json(kept)
