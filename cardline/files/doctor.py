"""What `cardline doctor` says about files."""

from __future__ import annotations

from django.conf import settings

from cardline.files.probe import hardest_file
from cardline.files.scanner import Scanner, ScannerDown, current_scanner
from cardline.files.sweeps import ORPHANED_AFTER_SECONDS as LATELY
from cardline.files.sweeps import bytes_without_row, rows_without_bytes


def check_files() -> list[str]:
    """What needs a hand, a sentence each. The database is there."""
    problems = []
    scanner = current_scanner()
    if scanner is not None and not scanner.answers():
        problems.append(
            "the scanner does not answer: files wait unopened. Start it, or correct CARDLINE_SCANNER."
        )
    elif scanner is not None and not _finds_everything(scanner):
        problems.append(
            "the scanner misses the standard test string in a file as large as we take. Give it signatures, and the "
            "limits of docs/howto/configure.md."
        )
    if settings.CARDLINE_TLS and not settings.CARDLINE_FILES_ORIGIN:
        problems.append("CARDLINE_FILES_ORIGIN is not set: files are taken, and nobody can open one.")
    if lost := sum(1 for _ in rows_without_bytes()):
        problems.append(
            f"{lost} files have lost their bytes. Bring files/ back from the backup of the same day."
        )
    if orphaned := sum(1 for _ in bytes_without_row(LATELY)):
        problems.append(
            f"{orphaned} files on the disk belong to nothing. The server takes them away within an hour."
        )
    return problems


def _finds_everything(scanner: Scanner) -> bool:
    """A file it refuses for its size would wait for ever, so that counts as missed, too."""
    with hardest_file() as file:
        try:
            return scanner.is_harmful(file)
        except ScannerDown:
            return False


def notes_on_files() -> list[str]:
    """What is true and may be meant so."""
    return [] if current_scanner() else ["nobody looks for viruses: CARDLINE_SCANNER is not set."]
