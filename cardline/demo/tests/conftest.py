from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def data_folder(settings: Any, tmp_path: Path) -> Path:
    settings.DATA = tmp_path / "data"
    return tmp_path / "data"


@pytest.fixture
def demo_mode(settings: Any, data_folder: Path) -> None:
    settings.CARDLINE_DEMO = True
    settings.ROOT_URLCONF = "cardline.demo.tests.urls"
