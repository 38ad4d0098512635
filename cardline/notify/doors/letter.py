"""Letters: what goes by post is written as a letter of required parts, and printed from the desk's queue."""

from __future__ import annotations

from cardline.kit import clock
from cardline.kit.actors import SYSTEM
from cardline.notify.doors.door import Message


class PrintQueue:
    """The same message again is the same letter: it has the message's name."""

    def send(self, message: Message) -> str:
        from cardline.notify.letters.notices import print_notice

        print_notice(by=SYSTEM, now=clock.now(), outgoing=message.name)
        return ""

    def found(self, message: Message) -> str | None:
        return None
