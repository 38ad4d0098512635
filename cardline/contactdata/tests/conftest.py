"""Maya, whose phone, e-mail and address we have had for years; Jonah answers about details, Dana about lost cards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from cardline.kit import clock
from cardline.kit.actors import Actor
from conftest import NOW


@pytest.fixture
def now() -> datetime:
    clock.set_offset(NOW - clock.machine_now())
    return NOW


@pytest.fixture
def maya(cast: Any, as_member: Callable[..., Actor], now: datetime) -> Actor:
    return as_member(cast.maya)


@pytest.fixture
def jonah(cast: Any, as_agent: Callable[..., Actor]) -> Actor:
    return as_agent(cast.jonah)


@pytest.fixture
def dana(cast: Any, as_agent: Callable[..., Actor]) -> Actor:
    return as_agent(cast.dana)
