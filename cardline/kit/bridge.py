"""From the event loop to synchronous code: a fixed pool of long-lived threads, one database connection each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import close_old_connections

T = TypeVar("T")

_pool: ThreadPoolExecutor | None = None


async def in_pool(work: Callable[[], T]) -> T:
    """Run `work` on a bridge thread. Queries and, where there is no writer, commands go this way."""
    return await asyncio.get_running_loop().run_in_executor(pool(), _with_fresh_connection, work)


def pool(threads: int = 8) -> ThreadPoolExecutor:
    global _pool
    if _pool is None:
        _pool = ThreadPoolExecutor(threads, thread_name_prefix="bridge")
    return _pool


def _with_fresh_connection(work: Callable[[], T]) -> T:
    # On PostgreSQL a connection lost between two jobs is replaced here; on SQLite CONN_MAX_AGE=None keeps it.
    close_old_connections()
    try:
        return work()
    finally:
        close_old_connections()
