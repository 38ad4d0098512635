"""The mails of a demo, read back from the files they became (notify/folder.py)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path

MOST = 30
LINK = re.compile(r"^https?://\S+$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Mail:
    """name: what stands before the @ of its Message-ID. link: the address that stands in a line of its own, "" without
    one.
    """

    name: str
    at: datetime
    to: str
    subject: str
    text: str
    link: str
    language: str


def newest_mails(folder: Path, most: int = MOST) -> list[Mail]:
    """The newest first. Names begin with the time, so that they need not be opened to be put in order."""
    files = sorted(folder.glob("[!.]*.eml"), reverse=True)
    return [_read(file.read_bytes()) for file in files[:most]]


def _read(content: bytes) -> Mail:
    message = message_from_bytes(content, _class=EmailMessage, policy=default)
    text = str(message.get_content())
    link = LINK.search(text)
    return Mail(
        name=str(message["Message-ID"] or "").strip().lstrip("<").partition("@")[0],
        at=_moment(str(message["Date"])),
        to=str(message["To"]),
        subject=str(message["Subject"]),
        text=text,
        link=link[0] if link else "",
        language=str(message["Content-Language"] or "en"),
    )


def _moment(written: str) -> datetime:
    """A Date header that says no zone means UTC (RFC 5322)."""
    at = parsedate_to_datetime(written)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
