"""What a command has to know from a system elsewhere, found out without keeping everybody waiting.

A command runs on the one writer of SQLite, or holds a transaction and its locks on PostgreSQL. A system elsewhere may
take five seconds to answer, or never do. So a question that a command puts there interrupts it: everything it did so
far is undone, the question is asked on the caller's own thread, and the command begins anew with the answer at hand
(docs/decisions/0016-freeze-lane.md). A command must therefore put the same questions each time it runs, which one that
rests on its arguments and on rows does.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")

MOST_QUESTIONS = 20  # of one command; more says that it asks something else each time


class Elsewhere(BaseException):
    """A running command needs an answer first. Only the command hall catches it; nothing in a command may."""

    def __init__(self, question: Hashable, ask: Callable[[], Any]) -> None:
        super().__init__(question)
        self.question, self.ask = question, ask


class Gathered:
    """What one call of a command has found out so far, kept from run to run. done: what it must do once only."""

    __slots__ = ("answers", "done")

    def __init__(self) -> None:
        self.answers: dict[Hashable, tuple[Any, Exception | None]] = {}
        self.done: set[str] = set()

    def find_out(self, asked: Elsewhere) -> None:
        """Ask, outside any transaction. An error is an answer, too: the command meets it where it asked."""
        if len(self.answers) >= MOST_QUESTIONS:
            raise RuntimeError("a command put more questions outside than it can have")
        try:
            self.answers[asked.question] = asked.ask(), None
        except Exception as error:  # noqa: BLE001 - raised again in the command, where it is dealt with
            self.answers[asked.question] = None, error


_here = threading.local()


def begin(gathered: Gathered | None) -> None:
    """The hall says that a command runs on this thread with what it found out so far; None: it has ended."""
    _here.gathered = gathered


def is_inside() -> bool:
    """Whether a command runs on this thread now."""
    return getattr(_here, "gathered", None) is not None


def answer_to(question: Hashable, ask: Callable[[], T]) -> T:
    """What the system elsewhere answers. Inside a command: as found out before it began, else it is interrupted."""
    gathered: Gathered | None = getattr(_here, "gathered", None)
    if gathered is None:
        return ask()
    if question not in gathered.answers:
        raise Elsewhere(question, ask)
    answer, error = gathered.answers[question]
    if error is not None:
        raise error
    found: T = answer
    return found


def first_time(what: str) -> bool:
    """Whether this call of a command does `what` for the first time, however often it was begun anew."""
    gathered: Gathered | None = getattr(_here, "gathered", None)
    if gathered is None:
        return True
    is_first = what not in gathered.done
    gathered.done.add(what)
    return is_first
