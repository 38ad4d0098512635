"""Any card core that is elsewhere, with what lies between it and us: time, silence, and a memory.

Three rules. Nobody waits for it while others want to write: inside a command it is asked through kit/outside.py. While
it is silent, a page is answered from what it said last (issuer/last_known.py), a change never. And a slow core may take
a few of our threads, not all of them.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, cast

from cardline.issuer import last_known
from cardline.issuer.core import (
    ALL,
    Card,
    CardCore,
    CoreNotFound,
    CoreUnknown,
    Part,
    Which,
    current_core,
)
from cardline.kit import clock, outside
from cardline.kit.refusals import Overloaded

log = logging.getLogger("cardline.core")

REMEMBERED = frozenset(
    {"accounts", "cards", "card", "still_works", "shipping", "due"}
)  # and some transactions
REST_SECONDS = 15.0  # after a silence, until a page asks again; meanwhile pages cost nobody a time-out
SLOW_SECONDS = 2.0  # an answer that took longer gives it a rest, too
SEATS = 8  # of the 16 threads of pages (config/pages.py)

Ask = Callable[[], Any]
Question = tuple[str, tuple[Any, ...], tuple[tuple[str, Any], ...]]


class DistantCore:
    """See cardline.issuer.core.protocol. Everything not written here is the core's own."""

    answers_at_once = False

    def __init__(self, core: CardCore) -> None:
        self.itself = core
        self._seats = threading.BoundedSemaphore(SEATS)
        self._silent_until = self._slow_until = 0.0  # of time.monotonic()

    @property
    def offers(self) -> frozenset[Part]:
        return self.itself.offers

    def has_answered(self) -> None:
        """It is there again, as somebody else heard: pages need not wait until they may ask."""
        self._silent_until = 0.0

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return partial(self._called, name, getattr(self.itself, name))

    def _called(self, name: str, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        question = (name, args, tuple(sorted(kwargs.items())))
        ask = partial(self._seated, partial(function, *args, **kwargs))
        if "key" in kwargs:  # every change carries one
            return self._changed(question, ask)
        if outside.is_inside():  # what a change rests on is never remembered
            return outside.answer_to(question, ask)
        return self._looked_up(question, ask) if _is_remembered(question) else ask()

    def _changed(self, question: Question, ask: Ask) -> Any:
        answer = outside.answer_to(question, ask)
        if isinstance(answer, Card):
            last_known.keep_changed(answer, clock.now())
        return answer

    def _looked_up(self, question: Question, ask: Ask) -> Any:
        """The answer of now, else the last one. Raises CoreUnknown where there is none."""
        began = time.monotonic()
        if began < self._silent_until:
            return _last(question)
        if began < self._slow_until and (known := last_known.recall(question)) is not None:
            return _last(question, known)
        try:
            answer = ask()
        except CoreUnknown:
            self._silent_until = time.monotonic() + REST_SECONDS
            log.warning("core.silent", extra={"asked": question[0]})
            return _last(question)
        except Overloaded:
            return _last(question)
        except CoreNotFound:
            last_known.forget(question)
            raise
        if time.monotonic() - began > SLOW_SECONDS:
            self._slow_until = time.monotonic() + REST_SECONDS
            log.warning("core.slow", extra={"asked": question[0]})
        last_known.keep(question, answer, clock.now())
        return answer

    def _seated(self, ask: Ask) -> Any:
        """Raises Overloaded where as many as may already wait for the core."""
        if not self._seats.acquire(blocking=False):
            raise Overloaded()
        try:
            return ask()
        finally:
            self._seats.release()


def _is_remembered(question: Question) -> bool:
    """Of transactions the first page only, of everything or of one card: what most people look at."""
    name, args, named = question
    if name != "transactions":
        return name in REMEMBERED
    kwargs = dict(named)
    which = args[1] if len(args) > 1 else kwargs.get("which", ALL)
    return not kwargs.get("after") and which == Which(card=which.card)


def _last(question: Question, known: tuple[Any, datetime] | None = None) -> Any:
    """What the core said last, as changes since then left it; the page is told of when. Raises CoreUnknown."""
    known = known or last_known.recall(question) or _from_the_list(question)
    if known is None:
        raise CoreUnknown("no answer now, and none remembered")
    answer, at = known
    name, args, _ = question
    if name in ("still_works", "shipping") and not last_known.is_as_it_was(args[1], at):
        raise CoreUnknown("no answer since the card changed")
    last_known.used(at)
    if name == "cards":
        return [last_known.as_changed(card, at) for card in answer]
    return last_known.as_changed(answer, at) if name == "card" else answer


def _from_the_list(question: Question) -> tuple[Any, datetime] | None:
    """One card, where only the list of cards was asked for."""
    name, args, _ = question
    known = last_known.recall(("cards", args[:1], ()))
    if name != "card" or known is None:
        return None
    cards: list[Card] = known[0]
    return next(((card, known[1]) for card in cards if card.token == args[1]), None)


def last_known_card(customer: str, token: str) -> Card | None:
    """The card as the core said last that this customer sees it, without asking it; for its last four."""
    question = ("card", (customer, token), ())
    known = last_known.recall(question) or _from_the_list(question)
    card: Card | None = known[0] if known else None
    return card


def core_has_answered(card: Card | None) -> None:
    """Said by whoever asks the core itself: it answers, and this is how it has the card now."""
    core = current_core()
    if isinstance(core, DistantCore):
        core.has_answered()
    if card is not None:
        last_known.keep_changed(card, clock.now())


def core_itself() -> CardCore:
    """The core of this installation without our memory of it."""
    core = current_core()
    return core.itself if isinstance(core, DistantCore) else core


def at_a_distance(core: CardCore) -> CardCore:
    """The same core, as one that is elsewhere."""
    return cast(CardCore, DistantCore(core))
