"""Where the bytes lie: below CARDLINE_DATA/files, outside everything the web serves (SR-56).

`incoming` holds what is still arriving, `kept` what was taken, under a random name in one of 256 folders. A file comes
onto the shelf whole or not at all: written elsewhere, forced to the disk, then given its name in one step.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, BinaryIO

from django.conf import settings
from django.utils.crypto import salted_hmac

_TOKEN = re.compile(r"[0-9a-f]{32}")
_PART = 1 << 20


def new_token(actor: str, key: str | None, sha256: str) -> str:
    """A name nobody can guess. The same form sent twice names the same file, so that the second is the first again."""
    if not key:
        return secrets.token_hex(16)
    return salted_hmac("cardline.files", f"{actor} {key} {sha256}", algorithm="sha256").hexdigest()[:32]


def arriving() -> IO[bytes]:
    """A nameable temporary file that only its owner can read; gone when it is closed, unless it was kept."""
    return tempfile.NamedTemporaryFile(dir=_folder("incoming"), prefix="part-")


def keep(arrived: Path, token: str) -> None:
    """Put a file of `incoming` onto the shelf. Twice is once. OSError when the disk does not take it."""
    place = _place(token)
    place.parent.mkdir(mode=0o700, exist_ok=True)
    with arrived.open("rb") as file:
        os.fsync(file.fileno())
    with suppress(FileExistsError):  # the same form sent twice: the same name, the same bytes
        os.link(arrived, place)
    _sync_folder(place.parent)


def opened(token: str) -> BinaryIO:
    """Raises FileNotFoundError."""
    return _place(token).open("rb")


def drop(token: str) -> None:
    _place(token).unlink(missing_ok=True)


def holds(token: str) -> bool:
    return _place(token).is_file()


def is_unchanged(file: BinaryIO, sha256: str) -> bool:
    """Whether these are the bytes that were taken; a disk can turn one over (SR-80). Leaves the file at its begin."""
    file.seek(0)
    digest = hashlib.sha256()
    while part := file.read(_PART):
        digest.update(part)
    file.seek(0)
    return digest.hexdigest() == sha256


def tokens(older_than_seconds: float = 0) -> Iterator[str]:
    """What lies on the shelf for at least so long, in no order."""
    until = time.time() - older_than_seconds
    for place in _folder("kept").glob("??/*"):
        if _TOKEN.fullmatch(place.name) and place.stat().st_mtime <= until:
            yield place.name


def forget_arriving(older_than_seconds: float) -> int:
    """Drop what a killed process left half arrived. Returns how many."""
    until = time.time() - older_than_seconds
    old = [place for place in _folder("incoming").iterdir() if place.stat().st_mtime <= until]
    for place in old:
        place.unlink(missing_ok=True)
    return len(old)


def _place(token: str) -> Path:
    if not _TOKEN.fullmatch(token):
        raise FileNotFoundError(token)
    return _folder("kept") / token[:2] / token


def _folder(name: str) -> Path:
    top: Path = settings.CARDLINE_FILES_DIR
    folder = top / name
    if not folder.is_dir():
        top.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _sync_folder(folder: Path) -> None:
    """The new name is on the disk too, not only the bytes."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
