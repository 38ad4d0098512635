"""Looking into archives without believing what they say of themselves (SR-55).

Nothing is unpacked onto the shelf: each member passes through a temporary file, counted byte by byte against one budget
for the whole file, however deep it lies.
"""

from __future__ import annotations

import stat
import struct
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from cardline.files.kinds import DEEPEST, LARGEST, MIB, MOST_MEMBERS, MOST_RATIO, MOST_UNPACKED, Unfit

_PART = 1 << 16
_END = b"PK\x05\x06"
_END_LENGTH = 22
_LONGEST_COMMENT = 65_535
_LOCATOR_64 = b"PK\x06\x07"
_ENTRY = b"PK\x01\x02"
# Bytes of directory that MOST_MEMBERS may take, with names as long as file systems have them. Python reads all of it.
_LARGEST_DIRECTORY = MOST_MEMBERS * 600
_LOCKED = 0x1
_DOCUMENT = {"[Content_Types].xml", "word/document.xml"}
# What libraries raise for bytes that are no archive, or a broken one.
_BROKEN = (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, struct.error, ValueError)


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside, open and at its begin; gone when the next one is asked for."""

    name: str
    file: BinaryIO


@dataclass(slots=True)
class Budget:
    """What one file may still unpack to. packed: its own size in bytes."""

    packed: int
    members: int = 0
    unpacked: int = 0

    def one_more(self) -> None:
        self.members += 1
        if self.members > MOST_MEMBERS:
            raise Unfit("too_many_inside")

    def count(self, size: int) -> None:
        self.unpacked += size
        if self.unpacked > MOST_UNPACKED or self.unpacked > self.packed * MOST_RATIO:
            raise Unfit("bomb")


def members_of(file: BinaryIO, budget: Budget, depth: int = 1) -> Iterator[Member]:
    """Every file inside, those in archives inside with it. Raises Unfit as soon as a limit is passed."""
    if depth > DEEPEST:
        raise Unfit("too_deep")
    with _opened(file) as archive:
        for info in archive.infolist():
            budget.one_more()
            _check(info)
            if info.is_dir():
                continue
            with tempfile.SpooledTemporaryFile(max_size=MIB) as spool:
                inside = cast(BinaryIO, spool)
                _unpack(archive, info, inside, budget)
                if _begins(inside, b"PK\x03\x04"):
                    yield from members_of(inside, budget, depth + 1)
                else:
                    yield Member(info.filename, inside)


def is_document(file: BinaryIO) -> bool:
    """Whether an archive is a text document (DOCX). Raises Unfit for other office files, which we do not take."""
    with _opened(file) as archive:
        names = set(archive.namelist())
    if names >= _DOCUMENT:
        return True
    if "[Content_Types].xml" in names:
        raise Unfit("unknown")
    return False


def end_of_archive(file: BinaryIO, size: int) -> tuple[int, int] | None:
    """Where an archive's last record begins, and how long its directory is; None when there is none.

    A record counts when a directory really lies before it: four bytes by chance are none.
    """
    start = max(0, size - _END_LENGTH - _LONGEST_COMMENT)
    file.seek(start)
    tail = file.read(size - start)
    place = tail.rfind(_END)
    while place >= 0:
        record = tail[place : place + _END_LENGTH]
        if len(record) == _END_LENGTH:
            length = struct.unpack("<I", record[12:16])[0]
            if _is_directory(file, start + place, length):
                return start + place, length
        place = tail.rfind(_END, 0, place)
    return None


def _is_directory(file: BinaryIO, end: int, length: int) -> bool:
    if length == 0 or length > end:
        return False
    file.seek(end - length)
    return file.read(4) == _ENTRY


@contextmanager
def _opened(file: BinaryIO) -> Iterator[ZipFile]:
    """The archive, its directory read. Raises Unfit where that would be dear, and for whatever is broken."""
    size = file.seek(0, 2)
    found = end_of_archive(file, size)
    if found is None:
        raise Unfit("truncated")
    end, length = found
    if length > _LARGEST_DIRECTORY:
        raise Unfit("too_many_inside")
    file.seek(max(0, end - 20))
    if file.read(4) == _LOCATOR_64:  # for files of four gigabytes; here only a way to say two things at once
        raise Unfit("damaged")
    try:
        with ZipFile(file) as archive:
            yield archive
    except _BROKEN as problem:
        raise Unfit("damaged") from problem


def _check(info: ZipInfo) -> None:
    """Raises Unfit for a member that is locked, would land elsewhere, is a link, or holds programs of a document."""
    if info.flag_bits & _LOCKED:
        raise Unfit("locked")
    if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise Unfit("damaged")
    parts = info.filename.replace("\\", "/").split("/")
    if ".." in parts or parts[0] == "" or ":" in parts[0] or not info.filename.isprintable():
        raise Unfit("tricky_names")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise Unfit("tricky_names")
    if parts[-1].lower() == "vbaproject.bin":
        raise Unfit("macros")


def _unpack(archive: ZipFile, info: ZipInfo, into: BinaryIO, budget: Budget) -> None:
    """Raises Unfit for a member larger than a file may be by itself: a scanner that takes our files takes what is in
    them, too, and does not pass over the rest of a long one without a word.
    """
    with archive.open(info) as member:
        while part := member.read(_PART):
            budget.count(len(part))
            into.write(part)
            if into.tell() > LARGEST:
                raise Unfit("too_big_inside")


def _begins(file: BinaryIO, signature: bytes) -> bool:
    file.seek(0)
    begin = file.read(len(signature))
    file.seek(0)
    return begin == signature
