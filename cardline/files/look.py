"""What a file is, told from its bytes alone: its name and what a browser says about it count for nothing (SR-55).

Reads in parts; keeps no more than one part in memory. Looks at form, not at meaning: what is in a file is for the
scanner and for people.
"""

from __future__ import annotations

import codecs
import csv
import re
import struct
from collections.abc import Iterator
from typing import BinaryIO

from cardline.files.archive import end_of_archive, is_document
from cardline.files.kinds import Kind, Unfit

PART = 1 << 16
_HEAD = 4_096
_PNG = b"\x89PNG\r\n\x1a\n"
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"})
_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\r\f")) + b"\x7f"
_NOT_IN_1252 = b"\x81\x8d\x8f\x90\x9d"
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<[a-z!?/]", re.IGNORECASE)
_HEADER = re.compile(r"([!-9;-~]+):|[ \t]+\S")
_MAIL_HAS = frozenset({"date", "subject", "to", "message-id", "received"})
_SAMPLE_LINES = 20


def kind_of(file: BinaryIO) -> Kind:
    """The kind of a file that can be sought in. Raises Unfit: empty, unknown, truncated, two_in_one or damaged."""
    size = file.seek(0, 2)
    if size == 0:
        raise Unfit("empty")
    file.seek(0)
    head = file.read(_HEAD)
    kind = _by_signature(file, head, size) or _text_kind(file, head)
    if kind not in (Kind.ZIP, Kind.DOCX) and _is_something_else_too(file, head, size, kind):
        raise Unfit("two_in_one")
    return kind


def _by_signature(file: BinaryIO, head: bytes, size: int) -> Kind | None:
    if head.startswith(b"PK\x03\x04"):
        return Kind.DOCX if is_document(file) else Kind.ZIP
    if head.startswith(b"%PDF-"):
        return _whole(Kind.PDF, b"%%EOF" in _tail(file, size, 2_048))
    if head.startswith(_PNG):
        return _whole(Kind.PNG, _png_ends(file))
    if head.startswith(b"\xff\xd8\xff"):
        return _whole(Kind.JPEG, _jpeg_ends(file))
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return _whole(Kind.HEIC, _boxes_fit(file, size))
    return None


def _whole(kind: Kind, is_whole: bool) -> Kind:
    if not is_whole:
        raise Unfit("truncated")
    return kind


def _is_something_else_too(file: BinaryIO, head: bytes, size: int, kind: Kind) -> bool:
    """A picture that is an archive, too, or a text that is a PDF, too: each program would open another thing."""
    return end_of_archive(file, size) is not None or (kind != Kind.PDF and b"%PDF-" in head[:1_024])


# ------------------------------------------------------------------------------------------------------ pictures


def _png_ends(file: BinaryIO) -> bool:
    file.seek(len(_PNG))
    while len(begin := file.read(8)) == 8:
        length, name = struct.unpack(">I4s", begin)
        if name == b"IEND":
            return len(file.read(4)) == 4
        file.seek(length + 4, 1)
    return False


def _jpeg_ends(file: BinaryIO) -> bool:
    """Through the segments to the picture's data, then to the mark that ends it. Phones write more behind that."""
    file.seek(2)
    while len(begin := file.read(4)) == 4:
        mark, name, length = struct.unpack(">BBH", begin)
        if mark != 0xFF or length < 2:
            return False
        if name == 0xDA:
            return _comes(file, b"\xff\xd9")
        file.seek(length - 2, 1)
    return False


def _comes(file: BinaryIO, mark: bytes) -> bool:
    before = b""
    while part := file.read(PART):
        if mark in before + part:
            return True
        before = part[-len(mark) + 1 :]
    return False


def _boxes_fit(file: BinaryIO, size: int) -> bool:
    """Whether the boxes of the file (ISO 14496-12, 4.2) fill it to its end."""
    place = 0
    while place < size:
        file.seek(place)
        begin = file.read(16)
        if len(begin) < 8:
            return False
        length = struct.unpack(">I", begin[:4])[0]
        if length == 0:
            return True
        if length == 1:
            length = struct.unpack(">Q", begin[8:16])[0] if len(begin) == 16 else 0
        if length < 8:
            return False
        place += length
    return place == size


def _tail(file: BinaryIO, size: int, most: int) -> bytes:
    file.seek(max(0, size - most))
    return file.read(most)


# --------------------------------------------------------------------------------------------------------- texts


def encoding_of(file: BinaryIO) -> str:
    """How the text in the file is written: utf-8, utf-16 or windows-1252; "" when it is no text."""
    file.seek(0)
    head = file.read(2)
    if head in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16" if _decodes(file, "utf-16") else ""
    if _has_any(file, _CONTROLS):
        return ""
    if _decodes(file, "utf-8-sig"):
        return "utf-8-sig"
    return "" if _has_any(file, _NOT_IN_1252) else "windows-1252"


def parts_of(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while part := file.read(PART):
        yield part


def _has_any(file: BinaryIO, signs: bytes) -> bool:
    return any(len(part.translate(None, signs)) != len(part) for part in parts_of(file))


def _decodes(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for part in parts_of(file):
            if "\0" in decoder.decode(part):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _text_kind(file: BinaryIO, head: bytes) -> Kind:
    """Plain text, a table, or a mail. Raises Unfit for what a program would run or draw: markup and scripts."""
    encoding = encoding_of(file)
    if not encoding or _MARKUP.match(head) or head.startswith(b"#!"):
        raise Unfit("unknown")
    text = codecs.getincrementaldecoder(encoding)(errors="replace").decode(head)
    if _is_mail(text):
        return Kind.EML
    return Kind.CSV if _is_table(text) else Kind.TXT


def _is_mail(text: str) -> bool:
    begin = re.split(r"\r?\n\r?\n", text, maxsplit=1)[0]
    names = set()
    for line in begin.splitlines():
        found = _HEADER.match(line)
        if not found:
            return False
        names.add((found[1] or "").lower())
    return "from" in names and bool(names & _MAIL_HAS)


def _is_table(text: str) -> bool:
    """Several lines with the same number of cells, two at least."""
    lines = [line for line in text.splitlines()[: _SAMPLE_LINES + 1] if line.strip()]
    if len(text) >= _HEAD // 2:
        lines = lines[:-1]  # perhaps cut off
    for sign in ",;\t":
        try:
            widths = {len(row) for row in csv.reader(lines, delimiter=sign)}
        except csv.Error:
            continue
        if len(lines) > 1 and len(widths) == 1 and widths.pop() > 1:
            return True
    return False
