from __future__ import annotations

import re
from pathlib import Path

import pytest

from cardline.ui.icons import DRAWINGS, icon

TEMPLATES = Path(__file__).parents[2]


@pytest.mark.parametrize("word", DRAWINGS)
def test_each_of_our_words_has_a_drawing(word: str) -> None:
    assert icon(word).startswith("<svg ")


def test_an_icon_is_hidden_from_screen_readers_and_left_to_the_style_sheet() -> None:
    drawn = icon("phone", "big")
    assert 'aria-hidden="true"' in drawn and 'class="i big"' in drawn
    assert "stroke" not in drawn and "width" not in drawn


def test_shapes_inside_keep_their_own_size() -> None:
    assert re.search(r'<rect [^>]*width="20"', icon("card"))


def test_an_icon_nobody_drew_leaves_the_page_standing() -> None:
    assert icon("no-such-drawing") == ""


def test_a_class_cannot_break_out_of_the_icon() -> None:
    assert "<script" not in icon("phone", '"><script>')


def test_templates_name_only_icons_that_exist() -> None:
    named = {
        (file.name, name)
        for file in TEMPLATES.glob("**/*.html")
        for name in re.findall(r'{% icon "([^"]+)"', file.read_text())
    }
    assert named and not [one for one in named if not icon(one[1])]
