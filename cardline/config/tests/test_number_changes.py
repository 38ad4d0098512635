"""The number-change signal from a file, and what a mistake in it does."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from cardline.config.number_changes import BadLine, changes_from, read_lines

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    file = tmp_path / "changes.csv"
    file.write_text("# from the carrier\n+1 212 555 0142, 2026-11-20T09:00:00Z  # ported\n\n")
    return file


def test_a_number_is_known_however_it_is_written(listed: Path) -> None:
    changes = changes_from(str(listed))
    assert changes is not None
    for written in ("+1 212 555 0142", "(212) 555-0142", "2125550142"):
        assert changes.number_changed_since(written) == AT
    assert changes.number_changed_since("+1 212 555 0143") is None


def test_the_later_of_two_moments_counts() -> None:
    later = "2125550142, 2026-11-22T09:00:00Z"
    for lines in (["2125550142, 2026-11-20T09:00:00Z", later], [later, "2125550142, 2026-11-20T09:00:00Z"]):
        assert read_lines(lines) == {"2125550142": datetime(2026, 11, 22, 9, 0, tzinfo=UTC)}


def test_the_file_is_read_anew_when_it_changed_and_kept_when_it_went(listed: Path) -> None:
    changes = changes_from(str(listed))
    assert changes is not None and changes.number_changed_since("2125550142") == AT
    listed.write_text("2125550143, 2026-11-20T09:00:00Z\n")
    os.utime(listed, ns=(1, 1))
    assert changes.number_changed_since("2125550142") is None
    assert changes.number_changed_since("2125550143") == AT
    listed.write_text("no such line\n")
    os.utime(listed, ns=(2, 2))
    assert changes.number_changed_since("2125550143") == AT
    listed.unlink()
    assert changes.number_changed_since("2125550143") == AT


@pytest.mark.parametrize(
    "line",
    ["2125550142", "2125550142, yesterday", "2125550142, 2026-11-20T09:00:00", "call me, 2026-11-20T09:00Z"],
)
def test_a_line_that_is_none_stops_the_start_without_saying_the_number(tmp_path: Path, line: str) -> None:
    with pytest.raises(BadLine, match="line 2"):
        read_lines(["", line])
    file = tmp_path / "changes.csv"
    file.write_text(line)
    with pytest.raises(ImproperlyConfigured, match="CARDLINE_NUMBER_CHANGES: line 1") as problem:
        changes_from(str(file))
    assert "2125550142" not in str(problem.value)


def test_without_the_setting_nothing_is_known_and_a_missing_file_stops_the_start(tmp_path: Path) -> None:
    assert changes_from("") is None
    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        changes_from(str(tmp_path / "nowhere"))
