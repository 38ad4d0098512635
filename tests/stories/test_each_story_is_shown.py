"""The list of stories and the tests that tell them belong together: no story without its test, no test without one."""

from __future__ import annotations

import ast
from collections import Counter

import pytest

from tests.stories.telling import FOLDER, Story, stories


def names_of_those_that_tell() -> set[str]:
    """Each test of this folder that takes a story, as "file::name"."""
    return {
        f"{file.name}::{one.name}"
        for file in FOLDER.glob("test_*.py")
        for one in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(one, ast.FunctionDef) and one.name.startswith("test_")
        if "told" in [argument.arg for argument in one.args.args]
    }


def test_there_are_thirty_and_no_two_are_the_same() -> None:  # SR-38
    told = stories()
    assert len(told) >= 30
    assert [story.number for story in told] == list(range(1, len(told) + 1))
    for words in ("title", "told", "kept_from", "given"):
        assert max(Counter(getattr(story, words) for story in told).values()) == 1, words


def test_every_takeover_pattern_of_the_domain_is_told() -> None:  # DOMAIN 8
    assert {story.pattern for story in stories()} >= set(range(1, 9))


@pytest.mark.parametrize("story", stories(), ids=lambda story: f"{story.number}")
def test_a_story_says_who_they_are_and_what_they_must_not_get(story: Story) -> None:
    assert 80 < len(story.told) < 400, "two or three sentences"
    assert story.not_level in (1, 2, 3) and story.kept_from and story.given


def test_each_story_is_told_by_a_test_of_its_own() -> None:  # SR-38
    assert sorted(story.shown_by for story in stories()) == sorted(names_of_those_that_tell())
