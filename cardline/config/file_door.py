"""The files' own origin: another host or port than the pages', where nothing but files is answered (SR-56).

No cookie is read or set here, no page drawn. A file goes out in parts; it is never whole in memory.
"""

from __future__ import annotations

import asyncio
import functools
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from cardline.files.links import PATH
from cardline.files.serving import Answer, answer_to
from cardline.kit import bridge

_PART = 1 << 16


def is_files_origin(scope: dict[str, Any]) -> bool:
    """Whether a request was addressed to the host that files come from."""
    host = _host_of(settings.CARDLINE_FILES_ORIGIN)
    asked = next((value for name, value in scope["headers"] if name == b"host"), b"")
    return bool(host) and asked.decode("latin-1").lower() == host


async def hand_out(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answer one request. What is no link to a file is answered like one that has run out."""
    path: str = scope["path"]
    said = path.removeprefix(PATH) if path.startswith(PATH) else ""
    allowed = scope["method"] in ("GET", "HEAD")
    answer = await bridge.in_pool(functools.partial(answer_to, said if allowed else ""))
    try:
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        if scope["method"] != "HEAD":
            await _send_parts(answer, send)
        await send({"type": "http.response.body", "body": b""})
    finally:
        answer.body.close()


async def _send_parts(answer: Answer, send: Any) -> None:
    while part := await asyncio.to_thread(answer.body.read, _PART):
        await send({"type": "http.response.body", "body": part, "more_body": True})


@functools.cache
def _host_of(origin: str) -> str:
    return urlsplit(origin).netloc
