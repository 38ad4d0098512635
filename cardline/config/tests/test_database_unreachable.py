"""A database out of reach is said as such, wherever on its way a request first asks for it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from cardline.identity.sessions import SessionStore

pytestmark = pytest.mark.django_db


def unreachable(*_: Any) -> Any:
    raise OperationalError("connection to server at 10.0.0.7 failed")


@pytest.mark.parametrize("path", ["/", "/contacts", "/desk"])
def test_while_the_session_is_read(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    """The session is first read by a middleware, outside every view."""
    monkeypatch.setattr(SessionStore, "_get_session_from_db", unreachable)
    client = Client(raise_request_exception=False)
    client.cookies["cardline_session"] = "a" * 32
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert "10.0.0.7" not in answer.content.decode()


def test_another_fault_stays_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SessionStore, "_get_session_from_db", lambda *_: 1 / 0)
    client = Client(raise_request_exception=False)
    client.cookies["cardline_session"] = "a" * 32
    answer = client.get("/contacts")
    assert answer.status_code == 500
    assert "ZeroDivisionError" not in answer.content.decode()
