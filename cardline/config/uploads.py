"""Forms that carry a file: up to 25 MiB, on the way to the disk and never whole in memory (SR-55).

Only for addresses whose view `takes_files` (files/incoming.py); every other form is read as before, with a small cap.
No thread waits for a slow sender, and so many forms arrive at once, no more.
"""

from __future__ import annotations

import asyncio
import errno
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import IO, Any

from django.urls import Resolver404, resolve

from cardline.files import shelf
from cardline.files.kinds import LARGEST, MIB

# What the form has beside the file: its fields, and the lines between them.
MOST_BYTES = LARGEST + MIB // 4
# A browser that is still sending would not hear the answer: so much more is read and thrown away.
HEARD_BYTES = 4 * LARGEST
MOST_AT_ONCE = 64  # forms on their way in this process; so many slow senders may there be
MOST_AT_ONCE_FROM_ONE = 6  # from one address, so that no single one keeps the others out
MOST_SECONDS = 300.0  # 25 MiB at 700 kbit/s
TOO_LARGE = "cardline.too_large"

_arriving: Counter[str] = Counter()


class TooLarge(Exception):
    """More than a form with a file may have."""


class TooSlow(Exception):
    """It did not come in time, too many are coming at once, or the disk takes no more."""


def carries_file(scope: dict[str, Any]) -> bool:
    """Whether this is a form with a file, for an address that takes one."""
    if scope["method"] != "POST" or not _header(scope, b"content-type").startswith(b"multipart/form-data"):
        return False
    try:
        match = resolve(scope["path"])
    except Resolver404:
        return False
    return getattr(match.func, "takes_files", False)


@asynccontextmanager
async def spooled(scope: dict[str, Any], receive: Any) -> AsyncIterator[IO[bytes]]:
    """The whole form in a temporary file, at its begin. Raises TooLarge, TooSlow, ConnectionError (it went away)."""
    address = str((scope.get("client") or ("",))[0])
    if _arriving[address] >= MOST_AT_ONCE_FROM_ONE or _arriving.total() >= MOST_AT_ONCE:
        raise TooSlow()
    _arriving[address] += 1
    try:
        with await asyncio.to_thread(shelf.arriving) as file:
            async with asyncio.timeout(MOST_SECONDS):
                await _receive_into(file, scope, receive)
            file.seek(0)
            yield file
    except TimeoutError as problem:
        raise TooSlow() from problem
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT):
            raise TooSlow() from problem
        raise
    finally:
        _arriving[address] -= 1
        if not _arriving[address]:
            del _arriving[address]


async def _receive_into(file: IO[bytes], scope: dict[str, Any], receive: Any) -> None:
    if _declared(scope) > HEARD_BYTES:
        raise TooLarge()
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionError
        part = message.get("body", b"")
        size += len(part)
        more = message.get("more_body", False)
        if size > HEARD_BYTES:
            break
        if size <= MOST_BYTES:
            await asyncio.to_thread(file.write, part)
    if size > MOST_BYTES:
        raise TooLarge()


def _declared(scope: dict[str, Any]) -> int:
    said = _header(scope, b"content-length")
    return int(said) if said.isdigit() and len(said) < 16 else 0


def _header(scope: dict[str, Any], name: bytes) -> bytes:
    return next((value for key, value in scope["headers"] if key == name), b"").lower()
