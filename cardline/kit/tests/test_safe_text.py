"""Text that goes into headers, tables and file names cannot break out of them."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardline.kit.safe_text import csv_cell, file_name, one_line

NASTY = st.text(
    st.sampled_from("\r\n\x00\t\x0b\x85\u2028\u202e=+-@'\";,ab./\\ ") | st.characters(), max_size=40
)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Your case\r\nBcc: all@example.org", "Your case Bcc: all@example.org"),
        ("a\x00b\nc\rd\u2028e\x85f", "a b c d e f"),
        ("\n  kept  inside \n", "kept  inside"),
        ("señor 😀", "señor 😀"),
        ("\ud800", ""),
    ],
)
def test_a_line_stays_one_line(text: str, line: str) -> None:  # SR-48
    assert one_line(text) == line


@given(NASTY)
def test_nothing_makes_a_second_line(text: str) -> None:  # SR-48
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert not set(line) & {"\r", "\n", "\x00"}
    assert one_line(line) == line
    line.encode()


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "＝1",
        "=cmd|' /C calc'!A0",
        "\x00=1",
        "\u00a0=1",
    ],
)
def test_a_formula_becomes_text(text: str) -> None:  # SR-48
    assert csv_cell(text).startswith("'")


@pytest.mark.parametrize("text", ["", "plain", "a=b", "3 - 2", "'=1", "señor", '"=1"'])
def test_other_text_stays(text: str) -> None:
    assert csv_cell(text) == text


@given(NASTY)
def test_no_cell_begins_like_a_formula_and_twice_is_once(text: str) -> None:  # SR-48
    cell = csv_cell(text)
    assert cell.lstrip()[:1] not in set("=+-@＝＋－＠")
    assert csv_cell(cell) == cell


@given(st.lists(NASTY, min_size=1, max_size=3))
def test_a_written_table_is_read_back(cells: list[str]) -> None:
    cells = [csv_cell(cell) for cell in cells]
    file = io.StringIO(newline="")
    csv.writer(file, quoting=csv.QUOTE_ALL).writerow(cells)
    file.seek(0)
    assert list(csv.reader(file)) == [cells]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("receipt.pdf", "receipt.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\maya\\slip.jpg", "slip.jpg"),
        ("a\r\nb\x00.txt", "a b.txt"),
        ("bill\u202efdp.exe", "billfdp.exe"),
        ('<img src="x">.png', "_img src=_x__.png"),
        ("..", "file"),
        ("", "file"),
        ("/", "file"),
        ("con.txt", "_con.txt"),
        ("NUL", "_NUL"),
        ("lpt1.tar.gz", "_lpt1.tar.gz"),
        (".profile", "profile"),
        ("recibo señor.pdf", "recibo señor.pdf"),
        ("e\u0301.txt", "é.txt"),
        ("trailing. ", "trailing"),
        ("scans\\\u00a0photo.png", "photo.png"),
    ],
)
def test_file_names(text: str, name: str) -> None:  # SR-48
    assert file_name(text) == name


def test_a_long_name_keeps_its_ending() -> None:
    name = file_name("é" * 500 + ".pdf")
    assert name.endswith("é.pdf")
    assert len(name.encode()) <= 120
    assert len(file_name("x." + "y" * 500).encode()) <= 120


@given(NASTY, st.sampled_from(["", ".pdf", ".tar.gz"]))
def test_a_name_is_one_name_everywhere(text: str, ending: str) -> None:  # SR-48
    name = file_name(text + ending)
    assert 1 <= len(name.encode()) <= 120
    assert not set(name) & set('/\\<>:"|?*\r\n\x00')
    assert name == name.strip(" .")
    assert name == one_line(name)
    assert file_name(name) == name
