"""Where there is no provider: each text message becomes a file, to try things out and to look at afterwards."""

from __future__ import annotations

import json
import re
from pathlib import Path

from django.conf import settings

from cardline.notify.doors.door import KEPT, Message
from cardline.notify.folder import write_whole

_DIGITS = re.compile(r"[0-9]")


class TextFolder:
    """`<name>.json` in a folder of its owner's; written again, it is the same file.

    A code is readable in a demo only: anywhere else it would lie there for whoever comes by.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: Message) -> str:
        body = (
            message.body if settings.CARDLINE_DEMO or not message.secret else _DIGITS.sub("•", message.body)
        )
        content = {"to": message.to, "language": message.language, "text": body}
        write_whole(self._folder, f"{message.name}.json", json.dumps(content, ensure_ascii=False).encode())
        return KEPT

    def found(self, message: Message) -> str | None:
        return None  # the same file again is no second message
