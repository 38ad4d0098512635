"""Files as people and attackers make them, small enough to be made in each test."""

from __future__ import annotations

import io
import struct
import zlib
from zipfile import ZIP_DEFLATED, ZipFile

from PIL import Image

from cardline.files.probe import standard_test_string

EICAR = standard_test_string()  # every scanner calls it harmful, and it is not

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
MAIL = (
    b"From: shop@merchant.example\r\nTo: maya@home.example\r\nSubject: Your order\r\n"
    b"Date: Mon, 23 Nov 2026 12:00:00 +0000\r\n\r\nThank you for your order.\r\n"
)
TABLE = b"date,merchant,amount\n2026-11-20,Bakery,48.20\n2026-11-21,Bakery,48.20\n"


def picture(kind: str = "JPEG", width: int = 40, height: int = 20) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), (30, 90, 120)).save(out, kind)
    return out.getvalue()


def heic() -> bytes:
    """The outside of one: boxes with their lengths, and nothing to see in them."""
    brands = b"heic" + bytes(4) + b"mif1heic"
    return _box(b"ftyp", brands) + _box(b"meta", bytes(40)) + _box(b"mdat", bytes(100))


def _box(name: bytes, inside: bytes) -> bytes:
    return struct.pack(">I4s", len(inside) + 8, name) + inside


def archive(members: dict[str, bytes], packed: bool = True) -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as made:
        for name, inside in members.items():
            made.writestr(name, inside, None if packed else 0)
    return out.getvalue()


def nested(depth: int) -> bytes:
    """An archive in an archive … : depth 1 is a plain one."""
    inside = archive({"note.txt": b"hello"})
    for _ in range(depth - 1):
        inside = archive({"inner.zip": inside})
    return inside


def document(text: str, **more: bytes) -> bytes:
    types = b"<?xml version='1.0'?><Types/>"
    words = f"<w:document><w:p><w:t>{text}</w:t></w:p></w:document>".encode()
    return archive({"[Content_Types].xml": types, "word/document.xml": words, **more})


def noise(size: int) -> bytes:
    """Bytes that cannot be packed, the same each time."""
    out, seed = b"", 1
    while len(out) < size:
        seed = zlib.crc32(struct.pack(">I", seed))
        out += struct.pack(">I", seed)
    return out[:size]
