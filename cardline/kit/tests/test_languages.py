"""Names of languages and countries as they stand in the middle of a sentence."""

from __future__ import annotations

import pytest

from cardline.kit.languages import country_name, language_name


@pytest.mark.parametrize(
    ("code", "language", "said"),
    [("es", "en", "Spanish"), ("en", "es", "inglés"), ("es", "es", "español"), ("xx", "es", "xx")],
)
def test_a_language_is_named_in_ours(code: str, language: str, said: str) -> None:
    assert language_name(code, language) == said


@pytest.mark.parametrize(
    ("code", "language", "said"),
    [("US", "en", "United States"), ("US", "es", "Estados Unidos"), ("ZZZ", "en", "ZZZ")],
)
def test_a_country_is_named_in_ours(code: str, language: str, said: str) -> None:
    assert country_name(code, language) == said
