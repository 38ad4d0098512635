"""A member adds a file to their case: what is kept of it, where, and what is not taken."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from cardline.cases.commands import close_case
from cardline.cases.models import Case, Entry
from cardline.conftest import chat_of
from cardline.files import commands, shelf, taking
from cardline.files.commands import UPLOADS_OF_A_GUEST, open_file
from cardline.files.lines import lines_of
from cardline.files.models import StoredFile
from cardline.files.queries import file_named, files_of_case
from cardline.files.refusals import CaseIsClosed, FileRefused, FileTooLarge, NotHandedOut, ShelfIsFull
from cardline.files.sweeps import bytes_without_row, check_waiting
from cardline.files.tests import made
from cardline.files.tests.conftest import Give, arrived
from cardline.kit import limits
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.redact import clean
from cardline.kit.refusals import KeyReused, NotPermitted, NotThere, TooMany, Unavailable
from cardline.routing.commands import start_chat


def test_what_is_known_of_it(give: Give, maya: Actor, case_id: int, now: datetime) -> None:
    file = give(made.PDF, "../../my receipt.exe")
    assert (file.name, file.type, file.size_bytes) == ("my receipt.exe.pdf", "pdf", len(made.PDF))
    assert (file.state, file.member_id, file.case_id) == ("waiting", maya.member_id, case_id)
    assert (file.given_by, file.given_at) == (maya.key, now)
    with shelf.opened(file.token) as data:
        assert data.read() == made.PDF and shelf.is_unchanged(data, file.sha256)


def test_it_lies_outside_the_web_root_under_a_name_that_says_nothing(  # SR-56
    give: Give, on_a_shelf_of_its_own: Path
) -> None:
    file = give(made.PDF, "receipt.pdf")
    [place] = [one for one in on_a_shelf_of_its_own.rglob("*") if one.is_file()]
    assert place.name == file.token and place.name not in ("receipt.pdf", str(file.pk))
    assert on_a_shelf_of_its_own.stat().st_mode & 0o777 == 0o700
    assert place.stat().st_mode & 0o077 == 0
    assert not any(
        place.is_relative_to(root) for root in (Path.cwd() / "cardline", Path.cwd() / "var/static")
    )


def test_a_card_number_in_its_name_is_not_kept(give: Give) -> None:  # SR-3
    file = give(made.PDF, "card 378282246310005.pdf")
    assert "378282246310005" not in file.name
    assert not Entry.objects.filter(text__contains="378282246310005").exists()


def test_it_stands_in_the_cases_timeline(give: Give, case_id: int) -> None:
    give(made.PDF, "receipt.pdf")
    entry = Entry.objects.get(case=case_id, kind="file.added")
    assert (entry.text, entry.side, entry.visible) == ("receipt.pdf", "member", True)


def test_the_same_form_twice_adds_one_file(give: Give) -> None:  # SR-65
    first = give(made.PDF, key="form-key-0001")
    assert give(made.PDF, key="form-key-0001") == first
    assert StoredFile.objects.count() == 1 and list(shelf.tokens()) == [first.token]
    with pytest.raises(KeyReused):
        give(made.TABLE, "a.csv", key="form-key-0001")
    with shelf.opened(first.token) as data:
        assert data.read() == made.PDF


@pytest.mark.parametrize(
    ("data", "code"), [(b"", "empty"), (b"MZ" + bytes(9), "unknown"), (made.PDF[:50], "truncated")]
)
def test_nothing_is_kept_of_what_is_not_taken(
    give: Give, on_a_shelf_of_its_own: Path, data: bytes, code: str
) -> None:
    with pytest.raises(FileRefused) as refused:
        give(data)
    assert refused.value.why == code and len(str(refused.value)) > 20
    assert not StoredFile.objects.exists()
    assert [one for one in on_a_shelf_of_its_own.rglob("*") if one.is_file()] == []


def test_no_file_in_the_form_is_said_so(maya: Actor, case_id: int, now: datetime) -> None:
    for nothing in (None, "a text field"):
        with pytest.raises(FileRefused, match="No file"):
            take_file(maya, case_id, nothing, now)


def test_a_byte_more_than_25_mb_is_too_much(
    maya: Actor, case_id: int, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "LARGEST", len(made.PDF))
    assert take_file(maya, case_id, arrived(made.PDF, "a.pdf"), now)
    with pytest.raises(FileTooLarge):
        take_file(maya, case_id, arrived(made.PDF + b"\n", "a.pdf"), now)


def take_file(actor: Actor, case_id: int, file: Any, now: datetime) -> int:
    return taking.take_file(actor, case_id, file, key=None, now=now)


def test_nobody_adds_to_a_case_that_is_not_theirs(
    case_id: int, hannah: Actor, visitor: Actor, now: datetime
) -> None:
    for stranger in (hannah, visitor):
        with pytest.raises(NotThere):
            take_file(stranger, case_id, arrived(made.PDF, "a.pdf"), now)
    assert not StoredFile.objects.exists()


def test_a_closed_case_takes_none(give: Give, case_id: int, now: datetime) -> None:
    close_case(by=SYSTEM, now=now, case_id=case_id)
    with pytest.raises(CaseIsClosed):
        give(made.PDF)


def test_there_is_a_limit_for_each_account(give: Give, monkeypatch: pytest.MonkeyPatch) -> None:  # SR-44
    monkeypatch.setattr(commands, "UPLOADS", commands.Limit("uploads", 2, 3_600))
    give(made.PDF)
    give(made.PDF)
    with pytest.raises(TooMany):
        give(made.PDF)


def test_there_is_a_limit_in_all(
    give: Give, hannah: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "UPLOADS_IN_ALL", commands.Limit("uploads_in_all", 1, 3_600))
    give(made.PDF)
    hers = chat_of(hannah, None, now)["case_id"]
    with pytest.raises(TooMany):
        take_file(hannah, hers, arrived(made.PDF, "a.pdf"), now)


@pytest.mark.parametrize(
    ("name", "value"), [("MOST_IN_A_CASE", 1), ("MOST_BYTES_OF_A_MEMBER", len(made.PDF))]
)
def test_room_ends_somewhere(give: Give, monkeypatch: pytest.MonkeyPatch, name: str, value: int) -> None:
    monkeypatch.setattr(commands, name, value)
    give(made.PDF)
    with pytest.raises(ShelfIsFull):
        give(made.PDF)


def test_a_full_disk_leaves_no_row_and_says_to_try_again(  # SR-69
    give: Give, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "link", full)
    with pytest.raises(Unavailable):
        give(made.PDF)
    assert not StoredFile.objects.exists()


def test_bytes_are_forced_to_the_disk_before_the_row_is_there(
    give: Give, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    fsync, add = os.fsync, taking.add_file

    def onto_the_disk(handle: int) -> None:
        order.append("disk")
        fsync(handle)

    def into_a_row(**said: Any) -> int:
        order.append("row")
        return add(**said)

    monkeypatch.setattr(os, "fsync", onto_the_disk)
    monkeypatch.setattr(taking, "add_file", into_a_row)
    give(made.PDF)
    assert order == ["disk", "disk", "row"]  # the bytes, their name, the row


def test_bytes_whose_row_never_came_are_found(give: Give, case_id: int, now: datetime) -> None:
    Case.objects.filter(pk=case_id).update(state="closed")
    with pytest.raises(CaseIsClosed):
        give(made.PDF)
    assert len(list(bytes_without_row())) == 1


# ----------------------------------------------------------------------------------------------- a guest's file


@pytest.fixture
def guests_case(db: None, visitor: Actor, now: datetime) -> int:
    """A chat that nobody known began."""
    need = "dispute.unrecognised_charge"
    begun = start_chat(by=visitor, now=now, need=need, text=clean("A charge"), language="en", plan={})
    return int(begun["case_id"])


def gives(actor: Actor, case_id: int, now: datetime, data: bytes = made.PDF) -> StoredFile:
    with arrived(data, "report.pdf") as file:
        return StoredFile.objects.get(pk=take_file(actor, case_id, file, now))


def test_a_guest_adds_a_file_to_their_own_case_which_is_checked_first_and_opened_by_colleagues_alone(
    visitor: Actor, dana: Actor, guests_case: int, now: datetime
) -> None:
    file = gives(visitor, guests_case, now)
    assert (file.state, file.member_id, file.case_id, file.given_by) == (
        "waiting", None, guests_case, visitor.key,
    )  # fmt: skip
    with pytest.raises(NotHandedOut):
        open_file(by=dana, now=now, file_id=file.pk)
    check_waiting(now)
    assert open_file(by=dana, now=now, file_id=file.pk) == file.token
    [told] = lines_of(files_of_case(dana, guests_case), now, to_staff=True)
    assert told.can_open and told.what.endswith("a visitor")
    [line] = lines_of(files_of_case(visitor, guests_case), now, to_staff=False, to_guest=True)
    assert (line.state, line.can_open, line.can_be_seen) == ("We have it.", False, False)
    with pytest.raises(NotPermitted):
        open_file(by=visitor, now=now, file_id=file.pk)
    with pytest.raises(NotThere):
        file_named(visitor, file.token)


def test_a_guest_adds_nothing_to_the_case_of_a_member_or_of_another_guest(
    visitor: Actor, maya: Actor, case_id: int, guests_case: int, now: datetime
) -> None:
    with pytest.raises(NotThere):
        gives(visitor, case_id, now)
    with pytest.raises(NotThere):
        gives(replace(visitor, id="another guest's token"), guests_case, now)
    with pytest.raises(NotThere):
        gives(maya, guests_case, now)
    assert not StoredFile.objects.exists()


def test_a_guest_adds_few_and_small_ones(
    db: None, visitor: Actor, guests_case: int, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:  # SR-44
    for _ in range(UPLOADS_OF_A_GUEST.most):
        gives(visitor, guests_case, now)
    with pytest.raises(TooMany):
        gives(visitor, guests_case, now)
    limits.forget()
    cache.clear()  # where they are counted for all processes
    monkeypatch.setattr("cardline.files.commands.MOST_OF_A_GUEST", UPLOADS_OF_A_GUEST.most)
    with pytest.raises(ShelfIsFull):
        gives(visitor, guests_case, now)
    monkeypatch.undo()
    monkeypatch.setattr("cardline.files.commands.MOST_BYTES_OF_A_GUEST", 6 * len(made.PDF) - 1)
    with pytest.raises(ShelfIsFull):
        gives(visitor, guests_case, now)
