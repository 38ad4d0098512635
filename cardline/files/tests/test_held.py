"""A supervisor decides about a file that was held back: let go, checked again, deleted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from cardline.audit.models import AuditEvent
from cardline.cases.models import Entry
from cardline.files import shelf
from cardline.files.commands import NotHandedOut, lose_file, open_file
from cardline.files.held import (
    LONGEST_REASON,
    NotHeldBack,
    NothingSaid,
    ScannerFoundSomething,
    check_again,
    delete_held_file,
    release_file,
)
from cardline.files.lines import lines_of
from cardline.files.models import StoredFile
from cardline.files.sweeps import check_waiting, rows_without_bytes, tidy_up
from cardline.files.tests import made
from cardline.files.tests.clamd import fake_clamd
from cardline.files.tests.conftest import Give
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.redact import clean
from cardline.kit.refusals import NotPermitted, NotThere
from cardline.kit.worker import work_through_outbox
from cardline.members.restrictions.door import UnderRestriction
from cardline.members.restrictions.tests.scene import place

WHY = clean("She says it is the number of her order.")
DECISIONS = [release_file, check_again, delete_held_file]


@pytest.fixture
def numbered(give: Give, now: datetime) -> StoredFile:
    """Held back for digits that fit a card."""
    file = give(b"order 3782 822463 10005", "order.txt")
    check_waiting(now)
    file.refresh_from_db()
    assert (file.state, file.why) == ("quarantined", "card_number")
    return file


@pytest.fixture
def harmful(give: Give, now: datetime, settings: Any) -> StoredFile:
    """Held back because the scanner knew it."""
    file = give(made.EICAR, "a.txt")
    with fake_clamd() as settings.CARDLINE_SCANNER:
        check_waiting(now)
    settings.CARDLINE_SCANNER = ""
    file.refresh_from_db()
    assert (file.state, file.why) == ("quarantined", "harmful")
    return file


def told(file: StoredFile) -> tuple[str, bool]:
    """The newest entry about it, and whether the member reads it."""
    entry = Entry.objects.filter(case=file.case_id).latest("n")
    return entry.kind, entry.visible


@pytest.mark.django_db
def test_one_that_is_let_go_can_be_opened_and_says_who_let_it_go_and_why(
    numbered: StoredFile, maya: Actor, sam: Actor, now: datetime
) -> None:
    with pytest.raises(NotHandedOut):
        open_file(by=maya, now=now, file_id=numbered.pk)
    release_file(by=sam, now=now, file_id=numbered.pk, why=WHY)
    assert open_file(by=maya, now=now, file_id=numbered.pk) == numbered.token
    numbered.refresh_from_db()
    assert (numbered.decided_by, numbered.decided_at, numbered.decided_why) == (sam.key, now, WHY)
    assert told(numbered) == ("file.released", True)
    assert AuditEvent.objects.get(name="file.release").about == f"file:{numbered.pk}"
    (line,) = lines_of([numbered], now, to_staff=True)
    assert line.note == f"Sam Ortiz: {WHY}" and not line.is_held
    assert lines_of([numbered], now, to_staff=False)[0].note == ""  # the reason is for colleagues


@pytest.mark.django_db
def test_what_a_scanner_found_nobody_lets_go(harmful: StoredFile, sam: Actor, now: datetime) -> None:
    with pytest.raises(ScannerFoundSomething):
        release_file(by=sam, now=now, file_id=harmful.pk, why=WHY)
    harmful.refresh_from_db()
    assert harmful.state == "quarantined" and harmful.decided_by == ""


@pytest.mark.django_db
def test_it_is_checked_again_and_stands_as_the_scanner_says_now(
    harmful: StoredFile, sam: Actor, now: datetime, settings: Any
) -> None:
    check_again(by=sam, now=now, file_id=harmful.pk, why=WHY)
    assert told(harmful) == ("file.checked_again", False)
    with fake_clamd() as settings.CARDLINE_SCANNER:
        assert check_waiting(now) == 1
    harmful.refresh_from_db()
    assert harmful.state == "quarantined"  # it still knows it
    settings.CARDLINE_SCANNER = ""
    check_again(by=sam, now=now, file_id=harmful.pk, why=clean("They mended the signature."))
    assert check_waiting(now) == 1
    harmful.refresh_from_db()
    assert harmful.state == "clean"


@pytest.mark.django_db
def test_deleted_its_bytes_are_gone_and_its_row_is_not(
    harmful: StoredFile, maya: Actor, sam: Actor, now: datetime
) -> None:
    delete_held_file(by=sam, now=now, file_id=harmful.pk, why=WHY)
    assert shelf.holds(harmful.token)  # after the commit, by the worker
    work_through_outbox()
    assert not shelf.holds(harmful.token)
    harmful.refresh_from_db()
    assert (harmful.state, harmful.decided_by_name) == ("deleted", "Sam Ortiz")
    assert told(harmful) == ("file.deleted", True)
    with pytest.raises(NotHandedOut):
        open_file(by=maya, now=now, file_id=harmful.pk)
    # What is meant to be gone is neither missed nor reported.
    assert list(rows_without_bytes()) == [] and tidy_up(now) == 0
    assert not lose_file(by=SYSTEM, now=now, file_id=harmful.pk, why="lost")


@pytest.mark.django_db
def test_what_a_court_wants_kept_is_not_deleted(
    harmful: StoredFile, maya: Actor, sam: Actor, now: datetime
) -> None:
    place(maya, "legal_hold", now)
    with pytest.raises(UnderRestriction):
        delete_held_file(by=sam, now=now, file_id=harmful.pk, why=WHY)
    work_through_outbox()
    assert shelf.holds(harmful.token)


@pytest.mark.django_db
@pytest.mark.parametrize("decide", DECISIONS)
def test_it_takes_a_supervisor_and_a_reason(
    numbered: StoredFile, maya: Actor, dana: Actor, sam: Actor, now: datetime, decide: Any
) -> None:
    for somebody in (dana, maya):
        with pytest.raises(NotPermitted):
            decide(by=somebody, now=now, file_id=numbered.pk, why=WHY)
    for nothing in (clean("  "), clean("x" * (LONGEST_REASON + 1))):
        with pytest.raises(NothingSaid):
            decide(by=sam, now=now, file_id=numbered.pk, why=nothing)
    with pytest.raises(NotThere):
        decide(by=sam, now=now, file_id=2**40, why=WHY)
    numbered.refresh_from_db()
    assert numbered.state == "quarantined"


@pytest.mark.django_db
@pytest.mark.parametrize("decide", DECISIONS)
def test_of_two_who_decide_one_is_too_late(
    numbered: StoredFile, sam: Actor, now: datetime, decide: Any
) -> None:
    delete_held_file(by=sam, now=now, file_id=numbered.pk, why=WHY)
    with pytest.raises(NotHeldBack):
        decide(by=sam, now=now, file_id=numbered.pk, why=WHY)


@pytest.mark.django_db
def test_a_file_that_waits_or_may_be_opened_is_not_decided_about(
    give: Give, sam: Actor, now: datetime
) -> None:
    file = give(made.PDF)
    for decide in DECISIONS:
        with pytest.raises(NotHeldBack):
            decide(by=sam, now=now, file_id=file.pk, why=WHY)
    check_waiting(now)
    with pytest.raises(NotHeldBack):
        delete_held_file(by=sam, now=now, file_id=file.pk, why=WHY)
    assert shelf.holds(file.token)
