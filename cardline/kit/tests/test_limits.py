from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from redis import ConnectionError as RedisConnectionError

from cardline.kit import limits
from cardline.kit.limits import Limit, count
from cardline.kit.refusals import TooMany

pytestmark = pytest.mark.grown

FEW = Limit("few_of_these", 3, 3_600)


@pytest.fixture(autouse=True)
def afresh() -> None:
    limits.forget()


def test_one_too_many_is_refused_with_the_time_to_wait() -> None:  # SR-44
    for _ in range(3):
        count(FEW, "member:1")
    with pytest.raises(TooMany) as refused:
        count(FEW, "member:1")
    assert refused.value.status == 429
    assert 0 < (refused.value.retry_after or 0) <= 3_600


def test_everybody_has_a_count_of_their_own() -> None:
    for _ in range(3):
        count(FEW, "member:1")
    count(FEW, "member:2")


def test_a_new_window_forgets_the_old(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        count(FEW, "member:1")
    monkeypatch.setattr(limits.time, "time", lambda: 4_102_444_800.0)
    count(FEW, "member:1")
    if not settings.CARDLINE_REDIS_URL:  # Redis forgets by itself
        assert list(limits._here["few_of_these"].values()) == [1]


def test_without_redis_each_process_counts_for_itself_and_nobody_is_stopped(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:  # SR-77
    class Gone:
        def __getattr__(self, name: str) -> Any:
            raise RedisConnectionError("gone")

    settings.CARDLINE_REDIS_URL = "redis://gone"
    monkeypatch.setattr(limits, "cache", Gone())
    for _ in range(3):
        count(FEW, "member:1")
    with pytest.raises(TooMany):
        count(FEW, "member:1")
