"""How an issuer's members sign in: what is left out means something, and a mistake is told."""

from __future__ import annotations

import re
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from cardline.issuer.profile import ProfileError, load_profile, profiles_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(profiles_folder() / "fernhill", tmp_path / "profiles" / "fernhill"))


def written(folder: Path, section: str) -> Path:
    """The profile with this in the place of its [sign_in]."""
    file = folder / "issuer.toml"
    source = re.sub(
        r"\[sign_in\][^\[]*(?:\[[^\]]*\][^\[]*?)?(?=\n\[brand\])", section, file.read_text("utf-8")
    )
    file.write_text(source, "utf-8")
    return folder


def test_left_out_it_is_passkeys_the_issuers_own_site_and_codes(folder: Path) -> None:
    decided = load_profile(written(folder, "")).sign_in
    assert decided.ways == ("passkey", "provider", "code")
    assert decided.password_needs_code and decided.recovery_wait == timedelta(hours=48)


def test_what_the_shipped_profiles_decide() -> None:
    sample, fernhill = (load_profile(profiles_folder() / name) for name in ("american-express", "fernhill"))
    assert sample.sign_in.ways[0] == fernhill.sign_in.ways[0] == "passkey"
    assert "password" in sample.sign_in.ways and sample.sign_in.password_needs_code
    assert "password" not in fernhill.sign_in.ways


@pytest.mark.parametrize(
    ("section", "key", "said"),
    [
        ('[sign_in]\nways = ["passkey", "fingerprint"]\n', "ways", "'fingerprint' is no way to sign in"),
        ('[sign_in]\nways = ["email"]\n', "ways", "'email' is no way to sign in"),
        ("[sign_in]\nways = []\n", "ways", "one at least"),
        ('[sign_in]\nways = ["code", "code"]\n', "ways", "stands here once"),
        ("[sign_in]\nrecovery_wait_hours = 23\n", "recovery_wait_hours", "24 to 168 hours"),
        ("[sign_in]\nrecovery_wait_hours = 169\n", "recovery_wait_hours", "24 to 168 hours"),
        ("[sign_in]\nfaces = true\n", "faces", ""),
    ],
)
def test_a_mistake_is_told(section: str, key: str, said: str, folder: Path) -> None:
    with pytest.raises(ProfileError) as error:
        load_profile(written(folder, section))
    [problem] = error.value.problems
    assert problem.key == f"sign_in.{key}" and said in f"{problem}"
