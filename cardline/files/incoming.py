"""How a form's file arrives: in parts, straight to the disk, hashed on the way.

Only addresses whose view `takes_files` get one. At every other a file in a form is passed over unread, and forms stay
as small as they were (config/pages.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from cardline.files import shelf

V = TypeVar("V", bound=Callable[..., Any])

MOST_AT_ONCE = 1  # files in one form
_ARRIVING = "_arriving_files"


class ArrivedFile(UploadedFile):
    """A file that lies in `incoming` and is gone when the request ends, unless somebody kept it."""

    def __init__(self, file: IO[bytes], name: str, size: int, sha256: str) -> None:
        # What the browser says it is (content type, charset) is not even noted.
        super().__init__(file, name, "", size)
        self.sha256 = sha256

    @property
    def path(self) -> Path:
        return Path(str(self.file.name))  # type: ignore[union-attr]


class ShelfUploadHandler(FileUploadHandler):
    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self._taken = 0
        self._file: IO[bytes] | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if not takes_files_here(self.request) or self._taken >= MOST_AT_ONCE:
            raise SkipFile()
        self._taken += 1
        self._file, self._digest = shelf.arriving(), hashlib.sha256()
        vars(self.request).setdefault(_ARRIVING, []).append(self._file)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        assert self._file is not None
        self._file.write(raw_data)
        self._digest.update(raw_data)

    def file_complete(self, file_size: int) -> ArrivedFile | None:
        if self._file is None:
            return None
        file, self._file = self._file, None
        file.flush()
        return ArrivedFile(file, str(self.file_name), file_size, self._digest.hexdigest())

    def upload_interrupted(self) -> None:
        if self._file is not None:
            self._file.close()


def let_go(request: HttpRequest) -> None:
    """What arrived with a request goes with it. Django closes whole files only, not one in a form broken behind it."""
    for file in vars(request).get(_ARRIVING, ()):
        file.close()


def takes_files(view: V) -> V:
    """Declare a view whose form may carry a file as large as kinds.LARGEST."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def takes_files_here(request: HttpRequest | None) -> bool:
    match = request.resolver_match if request is not None else None
    return match is not None and getattr(match.func, "takes_files", False)
