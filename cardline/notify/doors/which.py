"""Which door there is for a channel in this installation (docs/howto/configure.md)."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from cardline.notify.doors.door import Door
from cardline.notify.doors.letter import PrintQueue
from cardline.notify.doors.mail import MailDoor
from cardline.notify.doors.receipts import callback
from cardline.notify.doors.sink import TextFolder
from cardline.notify.doors.text import TextProvider, TextSettings


def door_for(channel: str) -> Door:
    if channel == "email":
        return MailDoor()
    if channel == "letter":
        return PrintQueue()
    if settings.CARDLINE_TEXT_ACCOUNT:
        return _provider(
            settings.CARDLINE_TEXT_URL,
            settings.CARDLINE_TEXT_ACCOUNT,
            settings.CARDLINE_TEXT_KEY,
            settings.CARDLINE_TEXT_FROM,
            callback(),
        )
    return TextFolder(Path(settings.CARDLINE_TEXTS))


def can_leave_by(channel: str) -> bool:
    """Whether what is sent by it gets to anybody: a folder is read in a demo only, a letter is printed by us."""
    if channel == "letter" or settings.CARDLINE_DEMO:
        return True
    return bool(settings.CARDLINE_TEXT_ACCOUNT if channel == "text" else settings.CARDLINE_MAIL_URL)


@lru_cache(maxsize=1)
def _provider(url: str, account: str, key: str, sender: str, callback: str) -> TextProvider:
    return TextProvider(TextSettings(url, account, key, sender, callback))
