"""A report that a mail was not delivered, as mail servers write it (RFC 3464). Pure but for our own signature.

Anybody can send us mail. So any bytes are read without trust: what is no such report is said to be none, and of one
that is, nothing is taken but whether it failed, how, and which mail of ours it names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses

from cardline.notify.bounces.token import name_in_address, name_in_message_id

MOST_PARTS = 40
MOST_RECIPIENTS = 20
_STATUS = re.compile(r"([245])\.[0-9]{1,3}\.[0-9]{1,3}")
_TO = ("To", "Delivered-To", "X-Original-To")


class NotAReport(Exception):
    """Something else, or nothing that can be read. Holds a word of ours."""


@dataclass(frozen=True, slots=True)
class Bounce:
    """name: the message it is about. places: the addresses it says were not reached, in lower case. is_hard: the same
    again would get the same answer (5.x.x); else somebody tried for long and gave up (4.x.x).
    """

    name: str
    places: frozenset[str]
    is_hard: bool


def read_bounce(raw: bytes) -> Bounce | None:
    """None for a report that says nothing is lost: delayed, delivered, passed on. Raises NotAReport."""
    try:
        return _read(message_from_bytes(raw))
    except NotAReport:
        raise
    except Exception as broken:  # noqa: BLE001 - bytes of a stranger; whatever the parser stumbles over is no report
        raise NotAReport(f"unreadable:{type(broken).__name__}") from None


def _read(mail: Message) -> Bounce | None:
    kind = str(mail.get_param("report-type") or "").lower()
    if mail.get_content_type() != "multipart/report" or kind != "delivery-status":
        raise NotAReport("no_report")
    parts = _parts(mail)
    name = _named(mail, parts)
    if not name:
        raise NotAReport("names_no_mail_of_ours")
    failed = [one for one in _recipients(parts) if _word(one, "Action") == "failed"]
    if not failed:
        return None
    classes = [found[1] for one in failed if (found := _STATUS.search(_word(one, "Status")))]
    if not classes:
        raise NotAReport("no_status")
    places = {place for one in failed for place in _places(one)}
    return Bounce(name, frozenset(places), is_hard="5" in classes)


def _parts(mail: Message) -> list[Message]:
    found = []
    for part in mail.walk():
        found.append(part)
        if len(found) > MOST_PARTS:
            raise NotAReport("too_many_parts")
    return found


def _recipients(parts: list[Message]) -> Iterator[Message]:
    """The blocks of the report, one a recipient; the first block is about the mail itself (RFC 3464, 2.1)."""
    reports = [part for part in parts if part.get_content_type() == "message/delivery-status"]
    if not reports:
        raise NotAReport("no_report")
    blocks = reports[0].get_payload()
    if not isinstance(blocks, list) or len(blocks) > MOST_RECIPIENTS + 1:
        raise NotAReport("no_recipients")
    yield from (block for block in blocks[1:] if isinstance(block, Message))


def _named(mail: Message, parts: list[Message]) -> str:
    """By the envelope it came back to, else by the Message-ID of the mail that is returned with it."""
    headers = [str(value) for header in _TO for value in mail.get_all(header, [])]
    for _name, address in getaddresses(headers):
        if found := name_in_address(address):
            return found
    for returned in _returned(parts):
        if found := name_in_message_id(str(returned.get("Message-ID", ""))):
            return found
    return ""


def _returned(parts: list[Message]) -> Iterator[Message]:
    """What was sent back to us: the mail, or its headers as text."""
    for part in parts:
        inside = part.get_payload()
        if part.get_content_type() == "message/rfc822" and isinstance(inside, list) and inside:
            yield from (one for one in inside if isinstance(one, Message))
        elif part.get_content_type() == "text/rfc822-headers":
            headers = part.get_payload(decode=True)
            yield message_from_bytes(headers if isinstance(headers, bytes) else b"")


def _places(block: Message) -> Iterator[str]:
    for header in ("Final-Recipient", "Original-Recipient"):
        kind, _semicolon, place = str(block.get(header, "")).partition(";")
        if kind.strip().lower() == "rfc822" and place.strip():
            yield place.strip().strip("<>").lower()


def _word(block: Message, header: str) -> str:
    return str(block.get(header, "")).strip().lower()
