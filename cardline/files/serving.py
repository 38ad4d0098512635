"""What a file's own origin answers: the file to save, a picture drawn anew, or one page for everything else."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from typing import BinaryIO

from django.utils.http import content_disposition_header

from cardline.files import shelf
from cardline.files.kinds import MEDIA_TYPES, PICTURES, Kind, with_ending
from cardline.files.links import Asked, follow
from cardline.files.models import StoredFile
from cardline.files.pictures import NotDrawn, draw_anew
from cardline.files.sweeps import report_damaged
from cardline.kit import clock

Headers = list[tuple[bytes, bytes]]

# On every answer of this origin. The sandbox has no exception: no script, no form, no origin of its own.
ALWAYS: Headers = [
    (b"content-security-policy", b"sandbox; default-src 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cache-control", b"no-store"),
]
GONE = (
    "This link has run out, or never led to a file. Go back to the page and open the file there again.\n"
    "Este enlace ha caducado o nunca llevó a un archivo. Vuelva a la página y abra allí el archivo otra vez.\n"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """body: open, at its begin; whoever sends it closes it."""

    status: int
    size_bytes: int
    body: BinaryIO
    headers: Headers = field(default_factory=list)


def answer_to(said: str) -> Answer:
    """The answer to a link. Not theirs, not there, too old and damaged are one answer (SR-22)."""
    asked = follow(said)
    return _handed_out(asked) if asked else _gone()


def _handed_out(asked: Asked) -> Answer:
    try:
        data = shelf.opened(asked.file.token)
    except FileNotFoundError:
        return _gone()
    if not shelf.is_unchanged(data, asked.file.sha256):
        data.close()
        report_damaged(asked.file, clock.now())
        return _gone()
    if asked.wish == "look" and asked.file.type in PICTURES:
        return _picture(asked.file, data)
    return _whole(asked.file, data)


def _picture(file: StoredFile, data: BinaryIO) -> Answer:
    """One that cannot be drawn is handed out to be saved."""
    try:
        drawn = draw_anew(data)
    except NotDrawn:
        data.seek(0)
        return _whole(file, data)
    data.close()
    headers = _headers("image/jpeg", len(drawn), as_attachment=False, name=with_ending(file.name, Kind.JPEG))
    return Answer(200, len(drawn), BytesIO(drawn), headers)


def _whole(file: StoredFile, data: BinaryIO) -> Answer:
    kind = MEDIA_TYPES[Kind(file.type)]
    return Answer(
        200, file.size_bytes, data, _headers(kind, file.size_bytes, as_attachment=True, name=file.name)
    )


def _gone() -> Answer:
    words = GONE.encode()
    headers = [
        *ALWAYS,
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", b"%d" % len(words)),
    ]
    return Answer(404, len(words), BytesIO(words), headers)


def _headers(kind: str, size_bytes: int, *, as_attachment: bool, name: str) -> Headers:
    disposition = content_disposition_header(as_attachment, name) or "inline"
    return [
        *ALWAYS,
        (b"content-type", kind.encode()),
        (b"content-length", b"%d" % size_bytes),
        (b"content-disposition", disposition.encode("latin-1")),
    ]
