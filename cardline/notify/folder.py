"""Where there is no mail server each mail becomes a file, for trying things out and for looking at afterwards; and how
such files are written.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from cardline.kit import clock


class FolderBackend(BaseEmailBackend):
    """Writes `<time>-<random>.eml` files, readable by their owner only, into settings.EMAIL_FILE_PATH."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.EMAIL_FILE_PATH)
        for message in messages:
            name = f"{clock.machine_now():%Y%m%d-%H%M%S-%f}-{uuid4().hex[:8]}.eml"
            write_whole(folder, name, message.message().as_bytes())
        return len(messages)


def write_whole(folder: Path, name: str, content: bytes) -> None:
    """A file of its owner's, in a folder made when missing; in place of one of that name. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Under another name until it is whole, so that nobody reads half of it.
    half = folder / f".{uuid4().hex}"
    with os.fdopen(os.open(half, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
        out.write(content)
    half.rename(folder / name)
