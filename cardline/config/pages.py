"""Django's pages inside the ASGI process: its sync handler on a fixed pool of long-lived threads.

Django's own ASGI handler gives each request a thread of its own, and with it a new database connection: about three
times the CPU (docs/performance.md). Here a request is one hop to a thread whose connection stays. Forms that carry a
file wait on the disk until they are whole (config/uploads.py).
"""

from __future__ import annotations

import asyncio
import io
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any

from django.conf import settings
from django.core import signals
from django.core.handlers.asgi import ASGIRequest
from django.core.handlers.base import BaseHandler
from django.urls import set_script_prefix

from cardline.config.uploads import TOO_LARGE, TooLarge, TooSlow, carries_file, spooled
from cardline.files.incoming import let_go

log = logging.getLogger("cardline.web")

THREADS = 16
_BROKE = b"Something broke on our side. Nothing was changed. Try again, or call us.\n"


class BodyTooLarge(Exception):
    """begin: what had been read of it by then."""

    def __init__(self, begin: bytes) -> None:
        super().__init__()
        self.begin = begin


class Pages(BaseHandler):
    """An ASGI application. A request body is read whole (capped) before a thread is taken for it."""

    def __init__(self, threads: int = THREADS) -> None:
        super().__init__()
        self.load_middleware(is_async=False)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="page")

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if carries_file(scope):
            await self._take_upload(scope, receive, send)
            return
        try:
            body = await _read_body(receive, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        except ConnectionError:
            return
        except BodyTooLarge as too_large:
            if scope["path"].startswith("/api/"):
                # The API takes far less, and says so in its own shape.
                await self._answer(scope, too_large.begin, send)
                return
            await answer(send, 413, b"That is more than we can take at once. Send less than 2 MB.\n")
            return
        await self._answer(scope, body, send)

    async def _take_upload(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        try:
            async with spooled(scope, receive) as body:
                await self._answer(scope, body, send)
        except TooLarge:
            # The page says so in words. It is given nothing of the form.
            await self._answer({**scope, "headers": _without_body(scope), TOO_LARGE: True}, b"", send)
        except TooSlow:
            await answer(send, 503, b"We can't take files just now. Try again.\n", (b"retry-after", b"30"))
        except ConnectionError:
            return

    async def _answer(self, scope: dict[str, Any], body: bytes | IO[bytes], send: Any) -> None:
        status, headers, content = await asyncio.get_running_loop().run_in_executor(
            self._pool, self._serve, scope, body
        )
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else content})

    def _serve(
        self, scope: dict[str, Any], body: bytes | IO[bytes]
    ) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        set_script_prefix("/")
        signals.request_started.send(sender=self.__class__, scope=scope)
        request = ASGIRequest(scope, io.BytesIO(body) if isinstance(body, bytes) else body)
        try:
            response = self.get_response(request)
        except Exception:
            # The page for errors failed itself. Nothing of it may reach the reader (SR-49).
            log.exception("page.broke")
            let_go(request)
            signals.request_finished.send(sender=self.__class__)
            return 500, [(b"content-type", b"text/plain"), (b"cache-control", b"no-store")], _BROKE
        content = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in response.items()]
        headers += [
            (b"set-cookie", c.output(header="").strip().encode("latin-1")) for c in response.cookies.values()
        ]
        if scope["method"] != "HEAD" and response.status_code not in (204, 304):
            # Of what is really sent: a file that changed since its size was noted would break the connection.
            headers = [header for header in headers if header[0].lower() != b"content-length"]
            headers.append((b"content-length", b"%d" % len(content)))
        let_go(request)
        response.close()  # sends request_finished on this thread, which gives pooled connections back
        return response.status_code, headers, content


def _without_body(scope: dict[str, Any]) -> list[tuple[bytes, bytes]]:
    about_it = (b"content-type", b"content-length", b"transfer-encoding")
    return [header for header in scope["headers"] if header[0] not in about_it]


async def _read_body(receive: Any, most: int) -> bytes:
    parts: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionError
        part = message.get("body", b"")
        size += len(part)
        parts.append(part)
        if size > most:
            raise BodyTooLarge(b"".join(parts))
        more = message.get("more_body", False)
    return b"".join(parts)


async def answer(send: Any, status: int, body: bytes, *extra: tuple[bytes, bytes]) -> None:
    """A plain-text answer from the edge itself, with no Django in it."""
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        *extra,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
