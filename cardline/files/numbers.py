"""Whether a file holds a card number, security code or PIN that we must not keep (SR-12).

Looks into texts, tables, mails, text documents, and all of these in archives. A PDF or a picture cannot be read here:
the answer then says so, and whoever opens the file is told.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from email import message_from_binary_file, policy
from email.message import EmailMessage
from enum import Enum
from io import BytesIO
from typing import BinaryIO

from cardline.files.archive import Budget, Member, members_of
from cardline.files.kinds import ARCHIVES, MIB, TEXTS, Kind, Unfit
from cardline.files.look import encoding_of, kind_of, parts_of
from cardline.kit.redact import find

MOST_TEXT = 4 * MIB  # characters; reading them is the dearest thing done with a file
LARGEST_MAIL = 5 * MIB  # a mail is read whole
_OVERLAP = 256  # characters: longer than any way to write a number
_TAG = re.compile(r"<[^>]*>")
_DOCUMENT_TEXT = re.compile(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml")


class Numbers(Enum):
    NONE = "none"
    FOUND = "found"
    UNREAD = "unread"


class _TooMuch(Exception):
    """More text than is read."""


def look_for_numbers(file: BinaryIO, kind: Kind) -> Numbers:
    """The file is one that files/examine.py has let in. Raises Unfit where it no longer is."""
    reader = _Reader()
    try:
        found = any(find(text) for text in _joined(reader.texts(file, kind)))
    except _TooMuch:
        return Numbers.UNREAD
    if found:
        return Numbers.FOUND
    return Numbers.UNREAD if reader.left_out else Numbers.NONE


def _joined(texts: Iterator[str]) -> Iterator[str]:
    """Each part with the end of the one before, so that nothing hides on the border."""
    read, before = 0, ""
    for text in texts:
        read += len(text)
        if read > MOST_TEXT:
            raise _TooMuch()
        yield before + text
        before = text[-_OVERLAP:]


class _Reader:
    """Finds the text in a file. left_out: whether something in it could not be read."""

    def __init__(self) -> None:
        self.left_out = False

    def texts(self, file: BinaryIO, kind: Kind) -> Iterator[str]:
        if kind in TEXTS:
            yield from _decoded(file)
        elif kind == Kind.EML:
            yield from self._mail(file)
        elif kind in ARCHIVES:
            yield from self._archive(file, kind)
        else:
            self.left_out = True

    def _archive(self, file: BinaryIO, kind: Kind) -> Iterator[str]:
        for member in members_of(file, Budget(packed=file.seek(0, 2))):
            yield f"\n{member.name}\n"
            if _DOCUMENT_TEXT.fullmatch(member.name):
                yield _TAG.sub("", b"".join(parts_of(member.file)).decode(errors="replace"))
            elif kind == Kind.ZIP:
                yield from self._member(member)

    def _member(self, member: Member) -> Iterator[str]:
        try:
            kind = kind_of(member.file)
        except Unfit:
            return  # empty, or left behind by a system: examine() let it pass
        yield from self.texts(member.file, kind)

    def _mail(self, file: BinaryIO) -> Iterator[str]:
        if file.seek(0, 2) > LARGEST_MAIL:
            self.left_out = True
            return
        file.seek(0)
        mail = message_from_binary_file(file, policy=policy.default)
        for part in mail.walk():
            yield "\n".join(str(value) for value in part.values())
            if not part.is_multipart():
                yield from self._part(part)

    def _part(self, part: EmailMessage) -> Iterator[str]:
        content = part.get_payload(decode=True)
        inside = BytesIO(content if isinstance(content, bytes) else b"")
        if part.get_content_maintype() == "text":
            text = inside.read().decode(_charset(part), errors="replace")
            yield _TAG.sub("", text) if part.get_content_subtype() == "html" else text
            return
        try:
            kind = kind_of(inside)
        except Unfit:
            self.left_out = True
            return
        yield from self.texts(inside, kind)


def _charset(part: EmailMessage) -> str:
    named = part.get_content_charset("utf-8")
    try:
        codecs.lookup(named)
    except LookupError:
        return "utf-8"
    return named


def _decoded(file: BinaryIO) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding_of(file) or "utf-8")(errors="replace")
    for part in parts_of(file):
        yield decoder.decode(part)
