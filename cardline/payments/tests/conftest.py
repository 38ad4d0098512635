from __future__ import annotations

from typing import Any

import pytest

from cardline.kit.actors import Actor
from cardline.payments.tests.scene import Few, bank
from conftest import NOW


@pytest.fixture
def cast(db: Any) -> Few:
    """Few of them, so that each of many tests is short."""
    return Few(NOW)


@pytest.fixture
def maya(cast: Few, as_member: Any) -> Actor:
    actor: Actor = as_member(cast.maya)
    return actor


@pytest.fixture
def source(maya: Actor, cast: Few) -> str:
    """A bank account of hers."""
    return bank(maya, cast.now)
