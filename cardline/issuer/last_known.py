"""What a distant card core answered last, for while it gives no answer: at most a day old, and told with its time.

It lies in Django's cache (this process's memory, or Redis where there are several processes) and in no table, so that
there is nothing to seal, back up or erase: it is gone with a restart, and after a day by itself. Losing it costs a page
that says it knows nothing; a memory that breaks is like an empty one.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable, Hashable
from dataclasses import fields, replace
from datetime import datetime
from typing import Any, TypeVar

from django.core.cache import cache

from cardline.issuer.core import (
    Account,
    Authorisation,
    Card,
    Due,
    Page,
    ShippingEvent,
    Transaction,
    WalletToken,
)

log = logging.getLogger("cardline.core")

KEPT_SECONDS = 24 * 3_600
_KEPT = (Account, Authorisation, Card, Due, Page, ShippingEvent, Transaction, WalletToken)
# A later version of ours whose answers look different does not read what this one kept.
_SHAPE = hashlib.sha256(
    repr([[kind.__name__, *(field.name for field in fields(kind))] for kind in _KEPT]).encode()
).hexdigest()[:12]

T = TypeVar("T")
_look = threading.local()


def keep(question: Hashable, answer: Any, at: datetime) -> None:
    _quietly(lambda: cache.set(_key(question), (answer, at), KEPT_SECONDS))


def forget(question: Hashable) -> None:
    _quietly(lambda: cache.delete(_key(question)))


def recall(question: Hashable) -> tuple[Any, datetime] | None:
    """The last answer and when it was given."""
    known: tuple[Any, datetime] | None = _quietly(lambda: cache.get(_key(question)))
    return known


def keep_changed(card: Card, at: datetime) -> None:
    """A change was answered with the card as it is since: newer than what lists of before say."""
    keep(("changed", card.token), card, at)


def as_changed(card: Card, at: datetime) -> Card:
    """The card of an answer given at that moment, as a later change left it."""
    later = recall(("changed", card.token))
    if later is None or later[1] <= at:
        return card
    changed: Card = later[0]
    return replace(changed, wallets=changed.wallets or card.wallets)


def is_as_it_was(token: str, at: datetime) -> bool:
    """Whether nothing changed a card after that moment, as far as we know."""
    later = recall(("changed", token))
    return later is None or later[1] <= at


def _key(question: Hashable) -> str:
    return f"core:{_SHAPE}:{hashlib.sha256(repr(question).encode()).hexdigest()}"


def _quietly(work: Callable[[], T]) -> T | None:
    try:
        return work()
    except Exception:
        log.warning("core.memory_failed", exc_info=True)
        return None


# ------------------------------------------------------------------- what the page that is being made has to say


def begin_page() -> None:
    """A page is made on this thread; nothing old stands on it yet."""
    _look.oldest = None


def used(at: datetime) -> None:
    """An answer of that moment stands on the page that is being made."""
    oldest = known_as_of()
    _look.oldest = at if oldest is None else min(at, oldest)


def known_as_of() -> datetime | None:
    """The oldest answer that stands on this page because the core was silent; None when all of it is of now."""
    oldest: datetime | None = getattr(_look, "oldest", None)
    return oldest
