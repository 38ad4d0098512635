"""Letters: a PDF each, in a folder for whoever prints and posts them, and a list that says to whom."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from django.utils.translation import override

from cardline.kit.dates import say_full_date
from cardline.kit.refusals import Overloaded
from cardline.kit.safe_text import csv_cell
from cardline.notify.doors.door import NOT_SET_UP, NOT_TAKEN, Message, NotTaken
from cardline.notify.folder import write_whole

LIST = "letters.csv"
COLUMNS = ("asked", "file", "to", "address", "language")


class LetterFolder:
    """`<day>-<name>.pdf`, and a line in letters.csv. A letter that is written again is the same file and one line."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: Message) -> str:
        from cardline.ui.paper import can_make_paper, pdf_of

        if not can_make_paper():
            raise NotTaken(NOT_SET_UP)
        file = f"{message.asked_at:%Y%m%d}-{message.name}.pdf"
        with override(message.language):
            try:
                pdf = pdf_of("notify/letter.html", _paper(message))
            except Overloaded:
                raise NotTaken(NOT_TAKEN) from None
        try:
            write_whole(self._folder, file, pdf)
            self._list(message, file)
        except OSError:
            raise NotTaken(NOT_SET_UP) from None
        return ""

    def found(self, message: Message) -> str | None:
        return None

    def _list(self, message: Message, file: str) -> None:
        """The list is written anew with the letter in it: nobody ever reads half a line."""
        before = self._folder / LIST
        lines = before.read_text("utf-8").splitlines() if before.exists() else [_line(COLUMNS)]
        if not any(file in line for line in lines):
            cells = (f"{message.asked_at:%Y-%m-%d}", file, message.receiver, message.to, message.language)
            lines.append(_line(cells))
            write_whole(self._folder, LIST, ("\r\n".join(lines) + "\r\n").encode())


def _paper(message: Message) -> dict[str, object]:
    return {
        "receiver": message.receiver,
        "address": [part.strip() for part in message.to.split(",")],
        "day": say_full_date(message.asked_at.date(), message.language),
        "subject": message.subject,
        "paragraphs": message.body.strip().split("\n\n"),
        "foot": message.subject,
    }


def _line(cells: tuple[str, ...]) -> str:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="").writerow(map(csv_cell, cells))
    return out.getvalue()
