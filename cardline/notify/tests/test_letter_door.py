"""Letters: a PDF each, and a list of them, for whoever prints and posts them."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pypdf
import pytest

from cardline.conftest import NOON
from cardline.kit.refusals import Overloaded
from cardline.notify.doors import Message, NotTaken
from cardline.notify.doors.letter import LIST, LetterFolder
from cardline.ui import paper


def a_letter(name: str = "a" * 32, receiver: str = "Maya Okafor") -> Message:
    return Message(
        name=name, to="1 Elm St, New York, NY 10001", language="es",
        subject="Su domicilio ha cambiado", body="Su domicilio ha cambiado.\n\nDíganoslo <ahora>:\nhttps://x/y\n",
        secret=False, receiver=receiver, asked_at=NOON, made_at=NOON,
    )  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "letters"


def rows(folder: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO((folder / LIST).read_text("utf-8"))))


def test_a_letter_is_a_paper_in_its_readers_language(folder: Path) -> None:
    assert LetterFolder(folder).send(a_letter()) == ""
    file = folder / f"20261123-{'a' * 32}.pdf"
    pdf = pypdf.PdfReader(io.BytesIO(file.read_bytes()))
    words = pdf.pages[0].extract_text()
    for line in (
        "Maya Okafor",
        "1 Elm St",
        "NY 10001",
        "2026",
        "Díganoslo <ahora>:",
        "https://x/y",
        "Página 1 de 1",
    ):
        assert line in words
    assert file.stat().st_mode & 0o777 == 0o600 == (folder / LIST).stat().st_mode & 0o777


def test_the_list_names_each_letter_once_however_often_it_is_written(folder: Path) -> None:
    door = LetterFolder(folder)
    for letter in (a_letter(), a_letter(), a_letter("b" * 32, "=cmd()")):
        door.send(letter)
    assert rows(folder) == [
        ["asked", "file", "to", "address", "language"],
        ["2026-11-23", f"20261123-{'a' * 32}.pdf", "Maya Okafor", "1 Elm St, New York, NY 10001", "es"],
        ["2026-11-23", f"20261123-{'b' * 32}.pdf", "'=cmd()", "1 Elm St, New York, NY 10001", "es"],
    ]
    assert len(list(folder.glob("*.pdf"))) == 2 and not list(folder.glob(".*"))


def test_where_no_paper_can_be_made_it_is_tried_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*args: Any) -> bytes:
        raise Overloaded()

    for name, stand_in, problem in (
        ("can_make_paper", lambda: False, "not_set_up"),
        ("pdf_of", busy, "not_taken"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(paper, name, stand_in)
            with pytest.raises(NotTaken, match=problem) as no:
                LetterFolder(folder).send(a_letter())
            assert not no.value.permanent


def test_a_folder_that_cannot_be_written_is_said(folder: Path) -> None:
    folder.write_text("a file is in the way")
    with pytest.raises(NotTaken, match="not_set_up"):
        LetterFolder(folder).send(a_letter())
