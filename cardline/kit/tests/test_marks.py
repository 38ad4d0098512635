"""What was done a moment ago is remembered; what cannot be remembered is done once more, and nobody is stopped."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from redis import ConnectionError as RedisConnectionError

from cardline.kit import marks

A_MINUTE = timedelta(minutes=1)

pytestmark = pytest.mark.django_db  # on PostgreSQL they lie in Redis


def test_a_mark_is_new_once_and_keeps_its_first_value() -> None:
    assert not marks.is_set("press:1")
    assert marks.mark("press:1", A_MINUTE, "first") == "first"
    assert marks.mark("press:1", A_MINUTE, "second") == "first"
    assert marks.is_set("press:1") and not marks.is_new("press:1", A_MINUTE)
    assert marks.is_new("press:2", A_MINUTE)


def test_a_mark_that_ran_out_is_new_again() -> None:
    assert marks.is_new("press:3", timedelta(0))
    assert marks.is_new("press:3", A_MINUTE)


def test_without_redis_every_mark_is_as_if_new(monkeypatch: pytest.MonkeyPatch) -> None:  # SR-77
    class Gone:
        def __getattr__(self, name: str) -> Any:
            raise RedisConnectionError("gone")

    monkeypatch.setattr(marks, "cache", Gone())
    assert marks.mark("press:4", A_MINUTE, "first") == "first"
    assert marks.is_new("press:4", A_MINUTE) and marks.is_new("press:4", A_MINUTE)
    assert not marks.is_set("press:4")
