"""Where there is no mail server: each mail becomes a file, for trying things out and for looking at afterwards."""

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
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for message in messages:
            name = f"{clock.machine_now():%Y%m%d-%H%M%S-%f}-{uuid4().hex[:8]}.eml"
            # Under another name until it is whole, so that nobody reads half a mail.
            half = folder / f".{name}"
            with os.fdopen(os.open(half, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
                out.write(message.message().as_bytes())
            half.rename(folder / name)
        return len(messages)
