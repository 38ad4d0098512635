from __future__ import annotations

from typing import Any

import pytest

from cardline.kit.actors import Actor
from cardline.payments.tests.scene import bank, settle
from conftest import NOW, Cast


@pytest.fixture
def cast(db: Any) -> Cast:
    """Few of them, and each account with a statement: enough to pay."""
    return settle(NOW)


@pytest.fixture
def maya(cast: Cast, as_member: Any) -> Actor:
    actor: Actor = as_member(cast.maya)
    return actor


@pytest.fixture
def source(maya: Actor, cast: Cast) -> str:
    """A bank account of hers."""
    return bank(maya, cast.now)
