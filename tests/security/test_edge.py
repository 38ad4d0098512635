"""What the process answers before Django has seen anything: bodies that are too large (SR-49)."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from cardline.config.pages import Pages

THREE_MB = 3 << 20


def send(path: str, size: int) -> tuple[int, dict[str, str], bytes]:
    """Post a body in parts, as a server hands it over."""
    parts = [{"type": "http.request", "body": b" " * (64 << 10), "more_body": True}] * (size >> 16)
    waiting = [*parts, {"type": "http.request", "body": b"", "more_body": False}]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return waiting.pop(0)

    async def answer(message: dict[str, Any]) -> None:
        sent.append(message)

    headers = [(b"host", b"localhost"), (b"content-type", b"application/json")]
    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": headers,
        "scheme": "http",
        "server": ("localhost", 8000),
        "client": ("127.0.0.1", 1),
    }
    asyncio.run(Pages(threads=1)(scope, receive, answer))
    return (
        sent[0]["status"],
        {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]},
        sent[1]["body"],
    )


def test_a_page_refuses_it_in_words() -> None:
    status, headers, body = send("/messages", THREE_MB)
    assert status == 413 and headers["content-type"].startswith("text/plain")
    assert headers["x-content-type-options"] == "nosniff" and headers["cache-control"] == "no-store"
    assert b"2 MB" in body


def test_the_api_answers_in_its_own_shape() -> None:  # SR-49
    status, headers, body = send("/api/v1/plan", THREE_MB)
    assert (status, headers["content-type"]) == (401, "application/problem+json")
    assert json.loads(body)["code"] == "no_key"
