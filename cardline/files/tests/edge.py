"""The process as a server calls it: one request in, what it answers out."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from typing import Any

Parts = list[bytes]


class Answer:
    def __init__(self, sent: list[dict[str, Any]]) -> None:
        self.status = sent[0]["status"]
        self.headers = {name.decode().lower(): value.decode("latin-1") for name, value in sent[0]["headers"]}
        self.names = [name.decode().lower() for name, _ in sent[0]["headers"]]
        self.parts = [message["body"] for message in sent[1:] if message.get("body")]
        self.body = b"".join(self.parts)
        self.sha256 = hashlib.sha256(self.body).hexdigest()


def ask(
    application: Callable[..., Any],
    path: str,
    *,
    method: str = "GET",
    host: str = "localhost:8000",
    parts: Parts | None = None,
    headers: dict[str, str] | None = None,
) -> Answer:
    """parts: the body as it comes in; None at its place means that the browser went away."""
    waiting: list[dict[str, Any]] = [
        {"type": "http.request", "body": part, "more_body": True} for part in parts or ()
    ]
    waiting.append({"type": "http.request", "body": b"", "more_body": False})
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return waiting.pop(0)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    path, _, query = path.partition("?")
    said = {"host": host, **(headers or {})}
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in said.items()],
        "scheme": "http",
        "server": ("localhost", 8000),
        "client": ("127.0.0.1", 1),
    }
    asyncio.run(application(scope, receive, send))
    return Answer(sent)


def form(data: bytes, name: str = "receipt.pdf", **fields: str) -> tuple[Parts, dict[str, str]]:
    """A form with a file, cut into parts as they come over a line; and its headers."""
    line = "--border\r\n"
    words = "".join(
        f'{line}Content-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, value in fields.items()
    )
    begin = f'{words}{line}Content-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
    body = begin + data + b"\r\n--border--\r\n"
    parts = [body[place : place + 65_536] for place in range(0, len(body), 65_536)]
    return parts, {
        "content-type": "multipart/form-data; boundary=border",
        "content-length": str(len(body)),
    }
