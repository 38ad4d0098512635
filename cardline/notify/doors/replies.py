"""What somebody writes to our number, as the provider of text messages hands it on (its receipts: receipts.py)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl

from cardline.kit.redact import Clean, clean
from cardline.notify.reach import tidy_place

INBOX = "inbox"  # the last part of the address the provider is told to call with them
LONGEST_TEXT = 1_600

_ID = re.compile(r"(?:SM|MM)[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Reply:
    """id: what the provider calls the message. number: whose it is, as the doors write numbers."""

    id: str
    number: str
    text: Clean


def read_reply(body: bytes) -> Reply | None:
    """None for what is no text message of somebody's. The signature was looked at (receipts.is_from_provider)."""
    fields = dict(parse_qsl(body.decode("ascii"), keep_blank_values=True))
    message, number = fields.get("MessageSid", ""), tidy_place("text", fields.get("From", ""))
    if not _ID.fullmatch(message) or not number or "Body" not in fields:
        return None
    return Reply(message, number, clean(fields["Body"][:LONGEST_TEXT]))
