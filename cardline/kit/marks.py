"""Marks that something was done a moment ago, shared by all processes and forgotten by themselves.

They lie in Django's cache: Redis where there are several processes. What is lost is done once more, so nobody waits for
a mark: while Redis is gone every mark is as if it were new (SR-77).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from django.core.cache import cache

log = logging.getLogger("cardline.marks")

T = TypeVar("T")


def mark(name: str, lasts: timedelta, value: str = "1") -> str:
    """Set it where it is not set. Returns what it holds now: `value` where it is new or nobody can tell."""
    seconds = lasts.total_seconds()
    if _or_as_if_new(lambda: cache.add(name, value, timeout=seconds), True):
        return value
    return _or_as_if_new(lambda: str(cache.get(name, value)), value)


def is_new(name: str, lasts: timedelta) -> bool:
    """Whether it was not set; from now on it is."""
    return _or_as_if_new(lambda: cache.add(name, "1", timeout=lasts.total_seconds()), True)


def is_set(name: str) -> bool:
    return _or_as_if_new(lambda: cache.get(name) is not None, False)


def _or_as_if_new(ask: Callable[[], T], new: T) -> T:
    try:
        return ask()
    except Exception:
        log.warning("marks.not_kept", exc_info=True)
        return new
