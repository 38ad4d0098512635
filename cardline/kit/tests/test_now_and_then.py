from __future__ import annotations

from datetime import timedelta

import pytest

from cardline.kit import now_and_then
from cardline.kit.now_and_then import NowAndThen

FIVE_MINUTES = timedelta(minutes=5)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """One number: what the machine's steady clock says."""
    reads = [1_000.0]
    monkeypatch.setattr(now_and_then.time, "monotonic", lambda: reads[0])
    return reads


def test_each_name_is_due_once_in_a_while(clock: list[float]) -> None:
    seen = NowAndThen(FIVE_MINUTES)
    assert [seen.is_due("maya"), seen.is_due("maya"), seen.is_due("luis")] == [True, False, True]
    clock[0] += 299
    assert not seen.is_due("maya")
    clock[0] += 1
    assert seen.is_due("maya") and not seen.is_due("maya")


def test_what_it_keeps_stays_small(clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(now_and_then, "MOST_NAMES", 3)
    seen = NowAndThen(FIVE_MINUTES)
    assert all(seen.is_due(str(n)) for n in range(10))
    assert len(seen._last) <= 3


def test_forgotten_is_due_again(clock: list[float]) -> None:
    seen = NowAndThen(FIVE_MINUTES)
    seen.is_due("maya")
    seen.forget()
    assert seen.is_due("maya")
