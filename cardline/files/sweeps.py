"""What time alone does with files: check those that wait, and see that rows and bytes belong together."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime

from cardline.files import shelf
from cardline.files.commands import (
    CARD_NUMBER,
    DAMAGED,
    HARMFUL,
    LOST,
    hold_back_file,
    lose_file,
    pass_file,
    put_off_check,
    take_up_check,
)
from cardline.files.kinds import Kind, Unfit
from cardline.files.models import StoredFile
from cardline.files.numbers import Numbers, look_for_numbers
from cardline.files.scanner import Scanner, ScannerDown, current_scanner
from cardline.kit import clock
from cardline.kit.actors import SYSTEM

log = logging.getLogger("cardline.files")

AT_ONCE = 20
# Bytes without a row are of a form that was never acknowledged; one that is still being taken is not an hour old.
ORPHANED_AFTER_SECONDS = 3_600


def check_waiting(now: datetime) -> int:
    """Check files that are due, one by one, outside any transaction. Returns how many were settled."""
    due = StoredFile.objects.filter(check_at__lte=clock.machine_now()).order_by("check_at")[:AT_ONCE]
    scanner = current_scanner()
    return sum(_check(file, scanner, now) for file in due)


def _check(file: StoredFile, scanner: Scanner | None, now: datetime) -> bool:
    lease = take_up_check(by=SYSTEM, now=now, file_id=file.pk)
    if not lease:
        return False
    try:
        return _look_into(file, lease, scanner, now)
    except FileNotFoundError:
        log.error("file.lost", extra={"file": file.pk})
        return lose_file(by=SYSTEM, now=now, file_id=file.pk, why=LOST)
    except ScannerDown as problem:
        log.warning("scanner.down", extra={"reason": str(problem), "file": file.pk})
        put_off_check(by=SYSTEM, now=now, file_id=file.pk, lease=lease)
        return False


def _look_into(file: StoredFile, lease: int, scanner: Scanner | None, now: datetime) -> bool:
    """Viruses first: nothing of a harmful file is parsed. Raises FileNotFoundError, ScannerDown."""
    who = scanner.name if scanner else ""
    with shelf.opened(file.token) as data:
        if not shelf.is_unchanged(data, file.sha256):
            return report_damaged(file, now)
        if scanner and scanner.is_harmful(data):
            return hold_back_file(by=SYSTEM, now=now, file_id=file.pk, lease=lease, why=HARMFUL, scanner=who)
        try:
            numbers = look_for_numbers(data, Kind(file.type))
        except Unfit:
            numbers = Numbers.UNREAD
    if numbers == Numbers.FOUND:
        return hold_back_file(by=SYSTEM, now=now, file_id=file.pk, lease=lease, why=CARD_NUMBER, scanner=who)
    unread = numbers == Numbers.UNREAD
    return pass_file(by=SYSTEM, now=now, file_id=file.pk, lease=lease, scanner=who, unread=unread)


def report_damaged(file: StoredFile, now: datetime) -> bool:
    """Its bytes are no longer those we took; it is not handed out, and people hear of it (SR-80)."""
    log.error("file.damaged", extra={"file": file.pk})
    return lose_file(by=SYSTEM, now=now, file_id=file.pk, why=DAMAGED)


def tidy_up(now: datetime) -> int:
    """Take away bytes that belong to no row, and write down which rows have lost theirs. Returns how many of both."""
    swept = shelf.forget_arriving(ORPHANED_AFTER_SECONDS)
    for token in bytes_without_row(ORPHANED_AFTER_SECONDS):
        log.warning("file.orphaned")
        shelf.drop(token)
        swept += 1
    for file in rows_without_bytes():
        log.error("file.lost", extra={"file": file.pk})
        swept += lose_file(by=SYSTEM, now=now, file_id=file.pk, why=LOST)
    return swept


def bytes_without_row(older_than_seconds: float = 0) -> Iterator[str]:
    for token in shelf.tokens(older_than_seconds):
        if not StoredFile.objects.filter(token=token).exists():
            yield token


def rows_without_bytes() -> Iterator[StoredFile]:
    for file in StoredFile.objects.exclude(state__in=StoredFile.GONE).order_by("pk").iterator():
        if not shelf.holds(file.token):
            yield file
