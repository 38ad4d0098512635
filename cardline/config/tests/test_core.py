"""Which card core is plugged in, and what stops the start."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from cardline.config.core import card_core
from cardline.issuer.distant import DistantCore
from cardline.issuer.embedded.core import EmbeddedCore
from cardline.issuer.lithic.core import LithicCore

KEY = "lithic-key-1f9c"


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    file = tmp_path / "lithic.key"
    file.write_text(f"{KEY}\n")
    file.chmod(0o600)
    return file


def test_the_embedded_core_is_there_without_any_setting() -> None:
    assert isinstance(card_core(), EmbeddedCore)


def test_lithic_takes_its_address_and_a_file_with_the_key(key_file: Path) -> None:
    with override_settings(CARDLINE_CORE="lithic", CARDLINE_LITHIC_KEY_FILE=str(key_file)):
        core = card_core()
    assert isinstance(core, DistantCore) and not core.answers_at_once
    assert isinstance(core.itself, LithicCore)
    assert KEY not in repr(core.itself._wire)


@pytest.mark.parametrize(
    ("wrong", "variable"),
    [
        ({"CARDLINE_CORE": "abacus"}, "CARDLINE_CORE"),
        ({"CARDLINE_LITHIC_URL": "http://api.lithic.com"}, "CARDLINE_LITHIC_URL"),
        ({"CARDLINE_LITHIC_KEY_FILE": ""}, "CARDLINE_LITHIC_KEY_FILE"),
        ({"CARDLINE_LITHIC_KEY_FILE": "no/such/file"}, "CARDLINE_LITHIC_KEY_FILE"),
    ],
    ids=str,
)
def test_a_mistake_names_its_variable(key_file: Path, wrong: dict[str, Any], variable: str) -> None:
    sound = {"CARDLINE_CORE": "lithic", "CARDLINE_LITHIC_KEY_FILE": str(key_file)}
    with override_settings(**{**sound, **wrong}), pytest.raises(ImproperlyConfigured, match=f"^{variable}"):
        card_core()


@pytest.mark.parametrize("mode", [0o640, 0o604])
def test_a_key_that_others_can_read_is_refused(key_file: Path, mode: int) -> None:
    key_file.chmod(mode)
    with (
        override_settings(CARDLINE_CORE="lithic", CARDLINE_LITHIC_KEY_FILE=str(key_file)),
        pytest.raises(ImproperlyConfigured, match="others can read lithic.key"),
    ):
        card_core()


@pytest.mark.parametrize("held", ["", "two words", "a\r\nHeader: b", "\xff"])
def test_a_file_without_a_key_is_refused_and_not_quoted(key_file: Path, held: str) -> None:
    key_file.write_text(held, encoding="latin-1")
    with (
        override_settings(CARDLINE_CORE="lithic", CARDLINE_LITHIC_KEY_FILE=str(key_file)),
        pytest.raises(ImproperlyConfigured, match="^CARDLINE_LITHIC_KEY_FILE") as refused,
    ):
        card_core()
    assert not held or held not in str(refused.value)
