"""What the doctor says of a profile."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cardline.issuer.doctor import check_profile, in_words
from cardline.issuer.profile import load_profile, profiles_folder


@pytest.mark.parametrize("profile", ["american-express", "fernhill"])
def test_a_shipped_profile_is_well(profile: str) -> None:
    assert check_profile(profiles_folder() / profile, date(2026, 11, 23)) == []


def test_a_profile_that_cannot_be_used_has_its_problems_listed(tmp_path: Path) -> None:
    (problem,) = check_profile(tmp_path)
    assert "There is no such file" in str(problem)


def test_a_calendar_that_ends_next_year_is_told_in_time() -> None:
    folder = profiles_folder() / "fernhill"
    assert check_profile(folder, date(2034, 12, 31)) == []
    (problem,) = check_profile(folder, date(2035, 1, 1))
    assert "us-federal ends with 2035" in problem.what
    assert "move last_year" in problem.remedy


def test_the_words_show_which_profile_it_is() -> None:
    said = "\n".join(in_words(load_profile(profiles_folder() / "american-express")))
    assert "american-express: American Express (unofficial sample)" in said
    assert "hours not stated for: chat, secure_message, social, email" in said
    assert "1-800-528-2122" in said
