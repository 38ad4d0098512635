from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache

from cardline.api.tests.scene import Caller, Scene, make_key, set_scene
from cardline.kit import limits


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()
    limits.forget()


@pytest.fixture
def scene(cast: Any) -> Scene:
    return set_scene(cast)


@pytest.fixture
def issuer(scene: Scene) -> Caller:
    """The issuer's own system, with every scope."""
    return Caller(make_key())


@pytest.fixture
def for_rosa(issuer: Caller, cast: Any) -> Caller:
    """The same key, speaking for Rosa."""
    return Caller(issuer.secret, cast.rosa.core_customer)


@pytest.fixture
def for_luis(issuer: Caller, cast: Any) -> Caller:
    return Caller(issuer.secret, cast.luis.core_customer)


@pytest.fixture(autouse=True)
def one_five_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks within a test are within one five minutes of the clock, whenever it runs."""
    monkeypatch.setattr("cardline.audit.commands.slot_of", lambda at: 1)
