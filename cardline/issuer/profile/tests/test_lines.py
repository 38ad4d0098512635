"""Finding the line of a key: tricky TOML by hand, then every key of the shipped profiles."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cardline.issuer.profile import profiles_folder
from cardline.issuer.profile.lines import Lines

TRICKY = '''\
# a comment with [brackets] and = signs
top = 1
"quoted key" = "has # no comment and a \\" quote"

[plain] # [[not this]]
literal = 'C:\\path # still text'
dotted.inner.key = true
many = [
  "one", # first
  { a = 1, b = [2, 3] },

  """two
lines, and \\"""
an end""",
]
after = 1979-05-27 07:32:00
[plain.sub]
x = { y = { z = "}" }, w = "]" }

[[list]]
id = "first"
[[list.inner]]
id = "first of first"
[[list.inner]]
id = "second of first"
[list.table]
k = "in first"

[[list]]
id = "second"
[[list.inner]]
id = "first of second"
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("top",), 2),
        (("quoted key",), 3),
        (("plain",), 5),
        (("plain", "literal"), 6),
        (("plain", "dotted", "inner", "key"), 7),
        (("plain", "many"), 8),
        (("plain", "many", 0), 9),
        (("plain", "many", 1, "b", 1), 10),
        (("plain", "many", 2), 12),
        (("plain", "after"), 16),
        (("plain", "sub", "x", "y", "z"), 18),
        (("plain", "sub", "x", "w"), 18),
        (("list", 0, "id"), 21),
        (("list", 0, "inner", 1, "id"), 25),
        (("list", 0, "table", "k"), 27),
        (("list", 1), 29),
        (("list", 1, "inner", 0, "id"), 32),
    ],
)
def test_a_key_is_found_on_its_line(path: tuple[str | int, ...], line: int) -> None:
    tomllib.loads(TRICKY)
    assert Lines(TRICKY).of(path) == line


def test_what_is_not_written_is_told_by_its_nearest_parent() -> None:
    lines = Lines(TRICKY)
    assert lines.of(("list", 1, "missing", "deeper")) == 29
    assert lines.of(("nowhere",)) == 1


def named(file: Path) -> str:
    return f"{file.parent.name}-{file.stem}"


@pytest.mark.parametrize("file", sorted(profiles_folder().glob("*/*.toml")), ids=named)
def test_every_key_of_a_shipped_profile_is_on_the_line_found_for_it(file: Path) -> None:
    source = file.read_text("utf-8")
    rows = source.splitlines()
    lines = Lines(source)
    for path, value in walk(tomllib.loads(source)):
        row = rows[lines.of(path) - 1]
        name = path[-1] if isinstance(path[-1], str) else path[-2]
        assert str(name) in row or isinstance(path[-1], int), path
        if isinstance(value, str):
            assert value in row, path


def walk(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    if path:
        yield path, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from walk(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from walk(inner, (*path, index))
