"""SR-40: the policy allows no inline style or script, so no template may hold one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TEMPLATES = sorted(Path(__file__).parents[2].glob("**/templates/**/*.html"))
FORBIDDEN = {
    "a style attribute": re.compile(r"<[^>{]*\sstyle\s*=", re.IGNORECASE),
    "an event handler": re.compile(r"<[^>{]*\son[a-z]+\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "a script element": re.compile(r"<script\b", re.IGNORECASE),
    "a script address": re.compile(r"javascript:", re.IGNORECASE),
}


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: str(file.relative_to(file.parents[3])))
def test_no_template_holds_inline_code(file: Path) -> None:
    source = file.read_text()
    assert not [what for what, pattern in FORBIDDEN.items() if pattern.search(source)]


def test_the_templates_were_found() -> None:
    assert len(TEMPLATES) > 20
