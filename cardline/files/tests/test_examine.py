"""What a file is, from its bytes; and every way we know of to make one that is not what it seems. Source: SR-55."""

from __future__ import annotations

import io
import os
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest

from cardline.files.examine import examine
from cardline.files.kinds import LARGEST, MIB, Kind, Unfit, with_ending
from cardline.files.tests import made
from cardline.kit.safe_text import file_name


def kind(data: bytes) -> Kind:
    return examine(io.BytesIO(data))


def why_not(data: bytes) -> str:
    with pytest.raises(Unfit) as refused:
        kind(data)
    return refused.value.why


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (made.PDF, Kind.PDF),
        (made.picture("PNG"), Kind.PNG),
        (made.picture("JPEG"), Kind.JPEG),
        (made.picture("JPEG") + b"what telephones write behind the end", Kind.JPEG),
        (made.heic(), Kind.HEIC),
        (b"I was charged twice.\n", Kind.TXT),
        ("Me cobraron dos veces. ñ".encode("windows-1252"), Kind.TXT),
        ("Me cobraron dos veces".encode("utf-16"), Kind.TXT),
        (made.TABLE, Kind.CSV),
        (made.MAIL, Kind.EML),
        (made.document("Hello"), Kind.DOCX),
        (made.archive({"a.txt": b"hello", "b/c.jpg": made.picture()}), Kind.ZIP),
        (made.nested(3), Kind.ZIP),
    ],
)  # fmt: skip
def test_its_kind_is_told_by_its_bytes(data: bytes, expected: Kind) -> None:  # SR-55
    assert kind(data) == expected


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b"MZ\x90\x00" + bytes(60), "unknown"),
        (b"\x7fELF" + bytes(60), "unknown"),
        (b"\x1f\x8b\x08" + bytes(60), "unknown"),
        (b"notes/../../etc/passwd".ljust(257, b"\0") + b"ustar\0" + bytes(400), "unknown"),
        (b"<html><script>alert(1)</script></html>", "unknown"),
        (b"\xef\xbb\xbf  <svg xmlns='http://www.w3.org/2000/svg'/>", "unknown"),
        (b"<?xml version='1.0'?><a/>", "unknown"),
        (b"#!/bin/sh\nrm -rf /\n", "unknown"),
        (made.PDF[:60], "truncated"),
        (made.picture("PNG")[:-16], "truncated"),
        (made.picture("JPEG")[:-2], "truncated"),
        (made.heic()[:-1], "truncated"),
        (made.archive({"a.txt": b"hello"})[:-30], "truncated"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "truncated"),
        (made.archive({"macro.exe": b"MZ" + bytes(60)}), "unknown_inside"),
        (made.archive({"page.html": b"<html>"}), "unknown_inside"),
        (made.archive({"[Content_Types].xml": b"<a/>", "xl/workbook.xml": b"<a/>"}), "unknown"),
        (made.document("Hello", **{"word/vbaProject.bin": b"\0"}), "macros"),
        (made.nested(4), "too_deep"),
    ],
    ids=lambda part: part if isinstance(part, str) else "bytes",
)  # fmt: skip
def test_what_we_do_not_take(data: bytes, why: str) -> None:  # SR-55
    assert why_not(data) == why


# --------------------------------------------------------------------------------------- two kinds of file at once


@pytest.mark.parametrize("host", [made.picture("PNG"), made.picture("JPEG"), made.PDF])
def test_a_file_that_is_an_archive_too_is_refused(host: bytes) -> None:
    inside = made.archive({"a.txt": b"hello"})
    assert why_not(host + inside) == "two_in_one"


@pytest.mark.parametrize("host", [b"Words first.\n", made.picture("JPEG")[:20]])
def test_a_file_that_is_a_pdf_too_is_refused(host: bytes) -> None:
    data = host + made.PDF + made.picture("JPEG")[20:] if host[:1] == b"\xff" else host + made.PDF
    assert why_not(data) in ("two_in_one", "truncated")


def test_a_photo_with_a_pdf_in_its_comment_is_refused() -> None:
    photo = made.picture("JPEG")
    comment = b"\xff\xfe" + struct.pack(">H", len(made.PDF) + 2) + made.PDF
    assert why_not(photo[:2] + comment + photo[2:]) == "two_in_one"


def test_four_bytes_by_chance_are_no_archive() -> None:
    assert kind(made.PDF.replace(b"endobj", b"PK\x05\x06 endobj")) == Kind.PDF


# --------------------------------------------------------------------------------------------------------- bombs


def test_a_bomb_is_seen_before_it_has_grown() -> None:
    """A gigabyte of zeros in a megabyte: read until the limit, in little memory."""
    bomb = io.BytesIO()
    with ZipFile(bomb, "w", ZIP_DEFLATED) as packing, packing.open("zeros.txt", "w") as member:
        for _ in range(200):
            member.write(bytes(MIB))
    tracemalloc.start()
    assert why_not(bomb.getvalue()) == "bomb"
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 16 * MIB


@pytest.mark.parametrize(
    "pack",
    [
        made.archive,
        lambda members: made.archive({"inner.zip": made.archive(members)}),
        lambda members: made.document("Hello", **members),
    ],
    ids=["in a ZIP", "in a ZIP in a ZIP", "in a document"],
)
def test_what_is_too_large_by_itself_is_too_large_inside(pack: Callable[[dict[str, bytes]], bytes]) -> None:
    """A scanner passes over what is longer than it reads, and calls it clean."""
    rest = os.urandom(MIB).hex().encode()  # with so much in it, it is no bomb
    kind(pack({"rest.txt": rest, "long.txt": b"a" * LARGEST}))
    assert why_not(pack({"rest.txt": rest, "long.txt": b"a" * (LARGEST + 1)})) == "too_big_inside"


def test_a_bomb_that_lies_about_its_size_is_counted_all_the_same() -> None:
    bomb = bytearray(made.archive({"a.txt": b"a" * (4 * MIB)}))
    place = bomb.rfind(b"PK\x01\x02")
    bomb[place + 24 : place + 28] = struct.pack("<I", 10)  # "ten bytes" in the directory
    assert why_not(bytes(bomb)) in ("bomb", "damaged")


def test_many_times_the_same_little_is_a_bomb_too() -> None:
    """Each member within the ratio, together above it: nested archives count against one budget."""
    inner = made.archive({"a.txt": b"ab" * 40_000})
    assert why_not(made.archive({f"{n}.zip": inner for n in range(40)})) == "bomb"


def test_more_than_a_hundred_megabytes_is_too_much_whatever_the_ratio(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("cardline.files.archive.MOST_UNPACKED", 200_000)
    text = made.noise(150_000).hex().encode()
    assert why_not(made.archive({"a.txt": text})) == "bomb"


def test_a_thousand_members_are_taken_and_one_more_is_not() -> None:
    def with_members(count: int) -> bytes:
        return made.archive({f"{n}.txt": b"x" * 20 for n in range(count)}, packed=False)

    assert kind(with_members(1_000)) == Kind.ZIP
    assert why_not(with_members(1_001)) == "too_many_inside"


def test_a_directory_of_a_hundred_thousand_is_not_even_read() -> None:
    entry = made.archive({"a": b""})
    start, end = entry.rfind(b"PK\x01\x02"), entry.rfind(b"PK\x05\x06")
    directory = entry[start:end] * 100_000
    record = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1, 1, len(directory), start, 0)
    data = io.BytesIO(entry[:start] + directory + record)
    tracemalloc.start()
    with pytest.raises(Unfit, match="too_many_inside"):
        examine(data)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < MIB


# ------------------------------------------------------------------------------------------------- tricks of archives


@pytest.mark.parametrize(
    "name", ["../../etc/cron.d/x", "/etc/passwd", "..\\up.txt", "C:\\x.txt", "a/../../b", "a\u202etxt.exe"]
)
def test_names_that_land_elsewhere_are_refused(name: str) -> None:
    assert why_not(made.archive({name: b"hello"})) == "tricky_names"


def test_a_link_inside_is_refused() -> None:
    link = ZipInfo("shadow.txt")
    link.external_attr = 0o120777 << 16
    out = io.BytesIO()
    with ZipFile(out, "w") as packing:
        packing.writestr(link, "/etc/shadow")
    assert why_not(out.getvalue()) == "tricky_names"


def test_a_locked_archive_is_refused() -> None:
    locked = bytearray(made.archive({"a.txt": b"hello"}))
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.find(signature) + place] |= 1
    assert why_not(bytes(locked)) == "locked"


def test_an_archive_with_two_directories_is_refused() -> None:
    data = made.archive({"a.txt": b"hello"})
    end = data.rfind(b"PK\x05\x06")
    assert why_not(data[:end] + b"PK\x06\x07" + bytes(16) + data[end:]) in ("damaged", "truncated")
    start = data.rfind(b"PK\x01\x02")
    directory = data[start:end] + b"PK\x06\x07" + bytes(16)
    record = data[end:]
    longer = struct.pack("<I", len(directory))
    assert why_not(data[:start] + directory + record[:12] + longer + record[16:]) == "damaged"


def test_an_archive_that_has_two_ends_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """One end that we look at, and one for very large archives that Python believes instead."""
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 1)
    data = bytearray(made.archive({"a.txt": b"hello"}))
    end, start = data.rfind(b"PK\x05\x06"), data.rfind(b"PK\x01\x02")
    assert b"PK\x06\x07" in data
    data[end + 12 : end + 16] = struct.pack("<I", end - start)
    with ZipFile(io.BytesIO(data)) as believed:
        assert believed.namelist() == ["a.txt"]
    assert why_not(bytes(data)) == "damaged"


@pytest.mark.parametrize("place", range(30, 90, 7))
def test_a_turned_byte_inside_is_damage_and_no_error(place: int) -> None:
    data = bytearray(made.archive({"a.txt": made.noise(400).hex().encode()}))
    data[place] ^= 0xFF
    assert why_not(bytes(data)) in ("damaged", "tricky_names", "unknown_inside", "bomb")


def test_what_a_mac_leaves_in_archives_is_no_reason_to_refuse_them() -> None:
    data = made.archive(
        {"photo.jpg": made.picture(), "__MACOSX/._photo.jpg": b"\x00\x05\x16\x07" + bytes(80)}
    )
    assert kind(data) == Kind.ZIP


def test_no_bytes_raise_anything_but_unfit() -> None:
    """Each kind cut off anywhere, and with a byte turned anywhere: an answer, never an error."""
    wholes = [made.PDF, made.picture("PNG"), made.picture("JPEG"), made.heic(), made.MAIL, made.nested(2)]
    for whole in wholes:
        for place in range(0, len(whole), 3):
            turned = bytearray(whole)
            turned[place] ^= 0x55
            for data in (whole[:place], bytes(turned)):
                _answered(lambda data=data: kind(data))  # type: ignore[misc]


def _answered(ask: Callable[[], Kind]) -> None:
    try:
        assert ask() in Kind
    except Unfit as refused:
        assert refused.why


# --------------------------------------------------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("given", "found", "shown"),
    [
        ("receipt.pdf", Kind.PDF, "receipt.pdf"),
        ("photo.JPG", Kind.JPEG, "photo.JPG"),
        ("invoice.pdf.exe", Kind.PDF, "invoice.pdf.exe.pdf"),
        ("receipt.pdf", Kind.PNG, "receipt.pdf.png"),
        ("noending", Kind.CSV, "noending.csv"),
        ("../../etc/passwd", Kind.TXT, "passwd.txt"),
        ("a\r\nSet-Cookie: x\0.txt", Kind.TXT, "a Set-Cookie_ x.txt"),
        ("scan\u202efdp.exe", Kind.PDF, "scanfdp.exe.pdf"),
        ("", Kind.PDF, "file.pdf"),
        (".pdf", Kind.PDF, "pdf.pdf"),
    ],
)  # fmt: skip
def test_a_name_says_what_the_file_is(given: str, found: Kind, shown: str) -> None:  # SR-48
    assert with_ending(file_name(given), found) == shown


def test_a_name_of_ten_thousand_characters_is_cut() -> None:
    name = with_ending(file_name("ñ" * 10_000 + ".pdf"), Kind.PDF)
    assert name.endswith(".pdf") and len(name.encode()) <= 130
