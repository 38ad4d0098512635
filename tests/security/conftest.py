"""One story and everybody who might ask about it: fixtures for the tests of this folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from cardline.api.tests.scene import Caller, Scene, make_key, set_scene
from cardline.identity.tests.phones import Texts
from cardline.kit import limits, plugs
from tests.security.world import World, make_world


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()
    limits.forget()


@pytest.fixture(autouse=True)
def files_on_a_shelf_of_their_own(settings: Any, tmp_path: Path) -> None:
    settings.CARDLINE_FILES_DIR = tmp_path / "files"
    settings.CARDLINE_FILES_ORIGIN = "http://127.0.0.1:8999"


@pytest.fixture(autouse=True)
def texts_can_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where an issuer runs it: the pages that send codes are there."""
    monkeypatch.setattr(plugs, "codes", Texts())


@pytest.fixture
def scene(cast: Any) -> Scene:
    return set_scene(cast)


@pytest.fixture
def issuer(scene: Scene) -> Caller:
    """The issuer's own system, with every scope."""
    return Caller(make_key())


@pytest.fixture
def world(cast: Any) -> World:
    return make_world(cast)
