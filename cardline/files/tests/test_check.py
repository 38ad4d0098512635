"""A file waits until it was looked into; what is found in it is held back. Source: SR-12, SR-57."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cardline.cases.models import Entry
from cardline.files import shelf
from cardline.files.commands import hold_back_file, pass_file, put_off_check, take_up_check
from cardline.files.doctor import check_files, notes_on_files
from cardline.files.kinds import Kind
from cardline.files.models import StoredFile
from cardline.files.numbers import Numbers, look_for_numbers
from cardline.files.rules import next_try
from cardline.files.scanner import Clamd
from cardline.files.sweeps import check_waiting, rows_without_bytes, tidy_up
from cardline.files.tests import made
from cardline.files.tests.clamd import fake_clamd
from cardline.files.tests.conftest import Give
from cardline.kit import clock
from cardline.kit.actors import SYSTEM

NUMBER = "3782 822463 10005"
DOWN = "tcp:127.0.0.1:1"


def again(file: StoredFile) -> StoredFile:
    file.refresh_from_db()
    return file


def kinds(file: StoredFile) -> list[str]:
    return list(
        Entry.objects.filter(case=file.case_id, kind__startswith="file.").values_list("kind", flat=True)
    )


# ------------------------------------------------------------------------------------------------------- viruses


def test_without_a_scanner_a_file_passes_and_its_row_says_so(give: Give, now: datetime) -> None:
    file = give(made.TABLE, "a.csv")
    assert check_waiting(now) == 1
    assert (again(file).state, file.scanner, file.settled_at) == ("clean", "", now)
    assert notes_on_files() == ["nobody looks for viruses: CARDLINE_SCANNER is not set."]


def test_the_standard_test_string_is_caught(give: Give, now: datetime, settings: Any) -> None:  # SR-57
    harmful, good = give(made.EICAR, "a.txt"), give(made.PDF)
    with fake_clamd() as settings.CARDLINE_SCANNER:
        assert check_files() == [] and notes_on_files() == []
        check_waiting(now)
    assert (again(harmful).state, harmful.why, harmful.scanner) == ("quarantined", "harmful", "clamd")
    assert (again(good).state, good.scanner) == ("clean", "clamd")
    assert "file.held_back" in kinds(harmful)


def test_while_the_scanner_is_down_files_wait_and_nothing_else_does(  # SR-57
    give: Give, now: datetime, settings: Any
) -> None:
    settings.CARDLINE_SCANNER = DOWN
    file = give(made.PDF)
    assert check_waiting(now) == 0
    assert again(file).state == "waiting" and file.check_at and file.check_at > clock.machine_now()
    assert file.check_at < clock.machine_now() + timedelta(
        seconds=30
    )  # asked again soon, not when a lease ends
    assert "file.passed" not in kinds(file)
    assert any("does not answer" in problem for problem in check_files())
    assert give(made.TABLE, "a.csv").state == "waiting"  # the case goes on
    with fake_clamd() as settings.CARDLINE_SCANNER:
        StoredFile.objects.update(check_at=clock.machine_now())
        assert check_waiting(now) == 2
    assert again(file).state == "clean"


@pytest.mark.parametrize(
    "answer", [b"INSTREAM size limit exceeded. ERROR", b"stream: lstat() failed. ERROR", b"\0", b"OK"]
)
def test_an_answer_that_is_neither_yes_nor_no_is_none(
    give: Give, now: datetime, settings: Any, answer: bytes
) -> None:
    file = give(made.PDF)
    with fake_clamd(answer) as settings.CARDLINE_SCANNER:
        assert check_waiting(now) == 0
    assert again(file).state == "waiting"


def test_a_large_file_goes_to_the_scanner_in_parts(give: Give, now: datetime, settings: Any) -> None:
    file = give(made.PDF[:-7] + made.noise(300_000) + made.EICAR + b"\n%%EOF\n")
    with fake_clamd() as settings.CARDLINE_SCANNER:
        check_waiting(now)
    assert again(file).why == "harmful"


def test_it_is_asked_less_and_less_often_and_never_given_up() -> None:
    pauses = [next_try(n) for n in range(1, 30)]
    assert (
        pauses == sorted(pauses) and pauses[0] == timedelta(seconds=5) and pauses[-1] == timedelta(minutes=10)
    )


@pytest.mark.parametrize(
    "address", ["", "clamd", "tcp:host", "tcp:host:0", "tcp:host:99999", "unix:relative", "http://x"]
)
def test_an_address_of_another_shape_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="must look like"):
        Clamd(address)


# ------------------------------------------------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (Kind.TXT, f"My card is {NUMBER}.".encode()),
        (Kind.TXT, f"My card is {NUMBER}.".encode("utf-16")),
        (Kind.TXT, b"x " * 32_765 + NUMBER.encode() + b" x" * 10),  # on the border of two parts
        (Kind.CSV, f"a,b\n1,{NUMBER}\n".encode()),
        (Kind.DOCX, made.document(f"{NUMBER[:6]}</w:t></w:r><w:r><w:t>{NUMBER[6:]}")),
        (Kind.EML, made.MAIL + NUMBER.encode()),
        (Kind.EML, made.MAIL.replace(b"Your order", NUMBER.encode())),
        (
            Kind.EML,
            made.MAIL.replace(b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: base64\r\n\r\n").split(b"Thank")[0]
            + b"TXkgY2FyZCBpcyAzNzgyIDgyMjQ2MyAxMDAwNQ==",
        ),
        (Kind.ZIP, made.archive({"a.txt": NUMBER.encode()})),
        (Kind.ZIP, made.archive({"b.zip": made.archive({"a.csv": f"a,b\n1,{NUMBER}\n".encode()})})),
        (Kind.ZIP, made.archive({"order.eml": made.MAIL + NUMBER.encode()})),
        (Kind.ZIP, made.archive({f"{NUMBER}.txt": b"hello"})),
    ],
)  # fmt: skip
def test_a_card_number_in_it_is_found(kind: Kind, data: bytes, tmp_path: Path) -> None:  # SR-12
    place = tmp_path / "file"
    place.write_bytes(data)
    with place.open("rb") as file:
        assert look_for_numbers(file, kind) == Numbers.FOUND


@pytest.mark.parametrize(
    ("kind", "data", "expected"),
    [
        (Kind.TXT, b"Order 4471-2201, two loaves.", Numbers.NONE),
        (Kind.DOCX, made.document("Two loaves."), Numbers.NONE),
        (Kind.EML, made.MAIL, Numbers.NONE),
        (Kind.PDF, made.PDF, Numbers.UNREAD),
        (Kind.PNG, made.picture("PNG"), Numbers.UNREAD),
        (Kind.ZIP, made.archive({"a.pdf": made.PDF}), Numbers.UNREAD),
        (Kind.TXT, b"words " * 800_000, Numbers.UNREAD),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_not_called_read(
    kind: Kind, data: bytes, expected: Numbers, tmp_path: Path
) -> None:
    place = tmp_path / "file"
    place.write_bytes(data)
    with place.open("rb") as file:
        assert look_for_numbers(file, kind) == expected


def test_a_file_with_a_number_is_held_back_and_the_row_says_why(give: Give, now: datetime) -> None:
    held, unread = give(NUMBER.encode(), "a.txt"), give(made.PDF)
    check_waiting(now)
    assert (again(held).state, held.why) == ("quarantined", "card_number")
    assert (again(unread).state, unread.unread) == ("clean", True)


# ----------------------------------------------------------------------------------------------- two at once, loss


def test_a_checker_that_lost_its_lease_settles_nothing(give: Give, now: datetime) -> None:  # SR-67
    file = give(made.PDF)
    slow = take_up_check(by=SYSTEM, now=now, file_id=file.pk)
    assert slow and take_up_check(by=SYSTEM, now=now, file_id=file.pk) == 0
    StoredFile.objects.update(check_at=clock.machine_now())
    quick = take_up_check(by=SYSTEM, now=now, file_id=file.pk)
    said: dict[str, Any] = {"by": SYSTEM, "now": now, "file_id": file.pk, "scanner": ""}
    assert not pass_file(**said, lease=slow, unread=False)
    assert not put_off_check(by=SYSTEM, now=now, file_id=file.pk, lease=slow)
    assert hold_back_file(**said, lease=quick, why="harmful")
    assert not pass_file(**said, lease=quick, unread=False)
    assert again(file).state == "quarantined"


def test_a_turned_bit_is_reported_and_nothing_handed_out(give: Give, now: datetime) -> None:  # SR-80
    file = give(made.PDF)
    place = shelf._place(file.token)
    place.write_bytes(made.PDF.replace(b"Catalog", b"Catalof"))
    check_waiting(now)
    assert (again(file).state, file.why) == ("refused", "damaged")
    assert "file.lost" in kinds(file)


def test_rows_and_bytes_that_lost_each_other_are_found(
    give: Give, now: datetime, on_a_shelf_of_its_own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost, kept = give(made.PDF), give(made.TABLE, "a.csv")
    shelf.drop(lost.token)
    alone = on_a_shelf_of_its_own / "kept" / "ab" / ("ab" * 16)
    alone.parent.mkdir(exist_ok=True)
    alone.write_bytes(b"x")
    half = on_a_shelf_of_its_own / "incoming" / "part-x"
    half.write_bytes(b"x")
    assert list(rows_without_bytes()) == [lost]
    assert len(check_files()) == 1  # what is of this hour is still arriving
    tidy_up(now)
    assert alone.exists() and half.exists() and again(lost).why == "lost"
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 3_700)
    assert "belong to nothing" in check_files()[0]
    assert tidy_up(now) == 2
    assert not alone.exists() and not half.exists() and shelf.holds(kept.token)
    assert check_files() == []


def test_bytes_that_are_gone_before_the_check_are_told(give: Give, now: datetime) -> None:
    file = give(made.PDF)
    shelf.drop(file.token)
    check_waiting(now)
    assert (again(file).state, file.why) == ("refused", "lost")


def test_a_tls_installation_without_a_files_origin_is_told(settings: Any, db: Any) -> None:
    settings.CARDLINE_TLS, settings.CARDLINE_FILES_ORIGIN = True, ""
    assert any("CARDLINE_FILES_ORIGIN" in problem for problem in check_files())
