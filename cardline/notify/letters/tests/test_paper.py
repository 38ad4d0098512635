"""A letter as a PDF: the same file each time, the address in the window, the reference on each page."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pypdf
import pytest

from cardline.cases.models import Case
from cardline.conftest import NOON
from cardline.kit.actors import Actor, Kind
from cardline.members.models import AccessNeeds, Member
from cardline.notify.letters import paper
from cardline.notify.letters.address import address_block
from cardline.notify.letters.models import Letter
from cardline.notify.letters.paper import LetterAltered, NoPaper, pdf_of_letter
from cardline.notify.letters.tests.samples import facts_of
from cardline.trust.queries import code_of, look_up
from cardline.trust.rules import shown

pytestmark = pytest.mark.django_db
Write = Callable[..., Letter]
MM = 72 / 25.4


def pages_of(letter: Letter) -> list[pypdf.PageObject]:
    return list(pypdf.PdfReader(io.BytesIO(pdf_of_letter(letter))).pages)


def placed(page: pypdf.PageObject, words: str) -> tuple[float, float]:
    """Where words begin, in mm from the upper left corner of the sheet."""
    found: list[tuple[float, float]] = []

    def look(text: str, now: Any, matrix: Any, *rest: Any) -> None:
        if words in text:
            x = matrix[4] * now[0] + now[4]
            y = matrix[5] * now[3] + now[5]
            found.append((x / MM, (float(page.mediabox.height) - y) / MM))

    page.extract_text(visitor_text=look)
    return found[0]


@pytest.mark.parametrize(
    ("place", "home", "block"),
    [
        ("1 Elm St., Apt. 2, New York, NY 10001", "US", ("MAYA OKAFOR", "1 ELM ST", "APT 2", "NEW YORK NY 10001")),
        ("P.O. Box 12, El Paso, TX 79998-1535", "US", ("MAYA OKAFOR", "PO BOX 12", "EL PASO TX 79998-1535")),
        ("1 High St, Leeds LS1 4AP, GB", "GB", ("Maya Okafor", "1 High St", "Leeds LS1 4AP")),
        ("1 High St, Leeds LS1 4AP, GB", "US", ("Maya Okafor", "1 High St", "Leeds LS1 4AP", "UNITED KINGDOM")),
        ("Hauptstr. 1, 10115 Berlin, DE", "US", ("Maya Okafor", "Hauptstr. 1", "10115 Berlin", "GERMANY")),
        ("1 Elm St, New York, NY 10001", "GB", ("MAYA OKAFOR", "1 ELM ST", "NEW YORK NY 10001", "UNITED STATES")),
        ("Somewhere", "US", ("MAYA OKAFOR", "SOMEWHERE")),
    ],
)  # fmt: skip
def test_the_address_is_as_the_post_reads_it(place: str, home: str, block: tuple[str, ...]) -> None:
    assert address_block("Maya Okafor", place, home) == block


def test_it_is_the_same_file_each_time_and_says_what_was_sent(written: Write) -> None:
    letter = written()
    assert pdf_of_letter(letter) == pdf_of_letter(Letter.objects.get())
    words = " ".join(pages_of(letter)[0].extract_text().split())
    for part in (
        "MAYA OKAFOR",
        "NEW YORK NY 10001",
        "Summary of your report",
        "7K4-29QM",
        "$48.20",
        "Page 1 of 1",
    ):
        assert part in words


def test_a_printed_one_says_how_to_check_that_it_is_ours(written: Write) -> None:
    letter = written()
    assert letter.proves_us is not None
    code = shown(code_of(letter.proves_us.salt))
    assert code in pages_of(letter)[0].extract_text()
    found = look_up(code, Actor(Kind.MEMBER, str(letter.member_id)))
    assert found is not None and (found.kind, found.is_theirs) == ("letter", True)


def test_a_newer_text_or_name_changes_no_old_letter(written: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    letter = written()
    before = pdf_of_letter(letter)
    Member.objects.update(given_name="Mia", language="es")
    monkeypatch.setattr("cardline.notify.letters.table._loaded", dict)
    assert pdf_of_letter(Letter.objects.get()) == before


def test_the_address_lies_in_the_window_whatever_stands_above_it(written: Write) -> None:
    letter = written()
    x, y = placed(pages_of(letter)[0], "MAYA OKAFOR")
    left, top, width, height = letter.content["window"]
    assert left - 0.1 <= x <= left + 2 and top <= y <= top + 8
    _x, last = placed(pages_of(letter)[0], "NEW YORK NY 10001")
    assert last <= top + height
    letter.content["note"] = "A long note. " * 60
    letter.seal = paper.seal_of(letter.content)
    assert placed(pages_of(letter)[0], "MAYA OKAFOR") == pytest.approx((x, y), abs=0.2)


def test_every_page_has_its_number_and_the_reference(written: Write) -> None:
    given = {
        **facts_of("dispute.acknowledgement"),
        "charges": [f"Nov {n}, Alder Pharmacy" for n in range(1, 31)],
    }
    pages = pages_of(written("dispute.acknowledgement", facts=given))
    assert len(pages) > 1
    for n, page in enumerate(pages, 1):
        text = page.extract_text()
        assert f"Page {n} of {len(pages)}" in text and "Reference 7K4-29QM" in text


def test_the_page_is_the_profiles_and_print_is_large_for_who_needs_it(written: Write, member: Member) -> None:
    letter = written()
    assert [round(float(side)) for side in pages_of(letter)[0].mediabox[2:]] == [612, 792]
    letter.content["page"] = "a4"
    letter.seal = paper.seal_of(letter.content)
    assert [round(float(side)) for side in pages_of(letter)[0].mediabox[2:]] == [595, 842]
    AccessNeeds.objects.create(member=member, needs=["large_print"], since=NOON)
    assert len(pages_of(written())) > len(pages_of(letter))


def test_in_spanish_all_of_it_is_spanish(written: Write, member: Member) -> None:
    Member.objects.update(language="es")
    words = " ".join(pages_of(written())[0].extract_text().split())
    for part in (
        "Resumen de su aviso",
        "Referencia 7K4-29QM",
        "Página 1 de 1",
        "23 nov 2026",
        "está perdida",
    ):
        assert part in words


def test_what_somebody_typed_is_text(written: Write, case: Case) -> None:
    given = {**facts_of("dispute.acknowledgement"), "claim": "<b>Paid</b> & <img src='file:///etc/passwd'>"}
    assert "<b>Paid</b> & <img" in pages_of(written("dispute.acknowledgement", facts=given))[0].extract_text()


def test_one_that_was_altered_is_not_shown(written: Write) -> None:
    letter = written()
    letter.content["subject"] = "Another"
    with pytest.raises(LetterAltered):
        pdf_of_letter(letter)


def test_where_no_paper_can_be_made_it_says_what_to_do(
    written: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper, "can_make_paper", lambda: False)
    with pytest.raises(NoPaper, match="bin/setup"):
        pdf_of_letter(written())
