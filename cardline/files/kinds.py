"""The kinds of file we take, and what each may be called. Nothing else is kept (SR-55)."""

from __future__ import annotations

from enum import StrEnum

MIB = 1 << 20
LARGEST = 25 * MIB
MOST_UNPACKED = 100 * MIB
MOST_MEMBERS = 1_000
MOST_RATIO = 100
DEEPEST = 3  # an archive in an archive in an archive


class Kind(StrEnum):
    PDF = "pdf"
    PNG = "png"
    JPEG = "jpeg"
    HEIC = "heic"
    TXT = "txt"
    CSV = "csv"
    DOCX = "docx"
    EML = "eml"
    ZIP = "zip"


MEDIA_TYPES = {
    Kind.PDF: "application/pdf",
    Kind.PNG: "image/png",
    Kind.JPEG: "image/jpeg",
    Kind.HEIC: "image/heic",
    Kind.TXT: "text/plain",
    Kind.CSV: "text/csv",
    Kind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Kind.EML: "message/rfc822",
    Kind.ZIP: "application/zip",
}
_ENDINGS = {
    Kind.JPEG: ("jpg", "jpeg", "jpe", "jfif"),
    Kind.HEIC: ("heic", "heif"),
    Kind.TXT: ("txt", "text", "log", "md"),
    Kind.CSV: ("csv", "txt", "tsv"),
}
PICTURES = frozenset({Kind.PNG, Kind.JPEG})  # those that can be drawn anew (files/pictures.py)
ARCHIVES = frozenset({Kind.ZIP, Kind.DOCX})
TEXTS = frozenset({Kind.TXT, Kind.CSV})


class Unfit(Exception):
    """A file that cannot be taken. why: one of the words of files/refusals.py."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def with_ending(name: str, kind: Kind) -> str:
    """The name with an ending of its kind: "scan.exe" that is a PDF becomes "scan.exe.pdf"."""
    endings = _ENDINGS.get(kind, (kind.value,))
    stem, dot, ending = name.rpartition(".")
    return name if dot and stem and ending.lower() in endings else f"{name}.{endings[0]}"
