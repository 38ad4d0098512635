"""A shelf of its own for each test, and a member's open case."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from cardline.conftest import chat_of
from cardline.files import shelf
from cardline.files.incoming import ArrivedFile
from cardline.files.models import StoredFile
from cardline.files.taking import take_file
from cardline.kit.actors import Actor

Give = Callable[..., StoredFile]


@pytest.fixture(autouse=True)
def on_a_shelf_of_its_own(settings: Any, tmp_path: Path) -> Path:
    settings.CARDLINE_FILES_DIR = tmp_path / "files"
    settings.CARDLINE_FILES_ORIGIN = "http://127.0.0.1:8999"
    settings.CARDLINE_SCANNER = ""
    return tmp_path / "files"


@pytest.fixture
def case_id(maya: Actor, dana: Actor, now: datetime) -> int:
    return int(chat_of(maya, dana, now)["case_id"])


def arrived(data: bytes, name: str) -> ArrivedFile:
    """As a form's file arrives."""
    file = shelf.arriving()
    file.write(data)
    file.flush()
    return ArrivedFile(file, name, len(data), hashlib.sha256(data).hexdigest())


@pytest.fixture
def give(maya: Actor, case_id: int, now: datetime) -> Give:
    """give(bytes, name): Maya adds a file to her case. It waits for its check."""

    def add(data: bytes, name: str = "receipt.pdf", key: str | None = None) -> StoredFile:
        with arrived(data, name) as file:
            pk = take_file(maya, case_id, file, key=key, now=now)
        return StoredFile.objects.get(pk=pk)

    return add
