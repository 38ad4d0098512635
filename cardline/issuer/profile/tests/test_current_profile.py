"""Which profile an installation runs with."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import override_settings

from cardline.issuer.profile import current_profile, profiles_folder


def test_the_settings_name_the_folder() -> None:
    with override_settings(CARDLINE_PROFILE_DIR=profiles_folder() / "fernhill"):
        assert current_profile().id == "fernhill"
    with override_settings(CARDLINE_PROFILE_DIR=str(profiles_folder() / "american-express")):
        assert current_profile().id == "american-express"


def test_it_is_read_once() -> None:
    assert current_profile() is current_profile()


@pytest.mark.parametrize(("named", "found"), [("fernhill", "fernhill"), ("", "american-express")])
def test_without_the_setting_the_environment_names_it(
    named: str, found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARDLINE_PROFILE", named)
    with override_settings(CARDLINE_PROFILE_DIR=None):
        assert current_profile().id == found


def test_profiles_are_folders_of_the_tree() -> None:
    assert {path.name for path in Path(profiles_folder()).iterdir()} >= {"american-express", "fernhill"}
