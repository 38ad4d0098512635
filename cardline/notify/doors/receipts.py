"""What a provider of text messages tells us afterwards: whether it is really the provider, and what it says.

Signed as Twilio signs: an HMAC under the account's key over the address it was told to call, followed by the name and
value of each field in the order of the names. Nothing of that says when. So what has been told counts once (45 days),
only for a message of the last days, and a worse receipt never after a better one: a copy of an old one changes nothing.
"""

from __future__ import annotations

import hmac
import re
from base64 import b64encode
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qsl

from django.conf import settings

SIGNATURE = "X-Twilio-Signature"
MOST_BYTES = 16 << 10
TOLD_WITHIN = timedelta(
    days=3
)  # a provider tries for a day or two; after that a receipt tells nobody anything

_FIELDS = 60
_ID = re.compile(r"(?:SM|MM)[0-9a-f]{32}")
_ARRIVED = frozenset({"delivered", "read"})
_LOST = frozenset({"undelivered", "failed"})


@dataclass(frozen=True, slots=True)
class Receipt:
    """provider_id: what the provider calls the message. status: its word for it. arrived: else it was lost."""

    provider_id: str
    status: str
    arrived: bool


def callback() -> str:
    """Where receipts go, before the message's own name; "" where the provider could not reach us."""
    return f"{settings.CARDLINE_SITE}/hooks/texts/" if settings.CARDLINE_TLS else ""


def is_from_provider(body: bytes, signature: str, address: str, key: str) -> bool:
    """In constant time, over the fields as they came. address: the one it was told to call, not the request's own."""
    fields = _fields(body)
    if fields is None or not key:
        return False
    said = address + "".join(f"{name}{value}" for name, value in sorted(fields))
    expected = b64encode(hmac.new(key.encode(), said.encode(), "sha1").digest())
    return hmac.compare_digest(expected, signature.encode())


def read_receipt(body: bytes) -> Receipt | None:
    """What it says for good; None for a word in between ("sending"), and for what is no receipt."""
    fields = dict(_fields(body) or ())
    provider_id, status = fields.get("MessageSid", ""), fields.get("MessageStatus", "")
    if not _ID.fullmatch(provider_id) or status not in _ARRIVED | _LOST:
        return None
    return Receipt(provider_id, status, status in _ARRIVED)


def _fields(body: bytes) -> list[tuple[str, str]] | None:
    try:
        return parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=_FIELDS,
        )
    except ValueError:
        return None
