"""On which line a TOML file says something: tomllib reads values and forgets where they stood.

Runs over text that tomllib has already accepted, so it only has to be right about valid TOML.
"""

from __future__ import annotations

import re
from bisect import bisect_left

Path = tuple[str | int, ...]

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^\s,\]}#]+(?: \d[^\s,\]}#]*)?")  # the blank is the one inside "1979-05-27 07:32:00"
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_STRINGS = (
    re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}', re.DOTALL),
    re.compile(r"'''.*?'{3,5}", re.DOTALL),
    re.compile(r'"(?:[^"\\\n]|\\.)*"'),
    re.compile(r"'[^'\n]*'"),
)


class Lines:
    """Line numbers (from 1) of every table, key and array element of one TOML text."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._ends = [match.start() for match in re.finditer("\n", source)]
        self._found: dict[Path, int] = {}
        self._counts: dict[Path, int] = {}
        self._read_document()

    def of(self, path: Path) -> int:
        """The line of a path such as ("channels", 2, "hours"), or of its nearest parent that is written."""
        while path:
            if path in self._found:
                return self._found[path]
            path = path[:-1]
        return 1

    def _read_document(self) -> None:
        table: Path = ()
        self._skip_blank()
        while self._at < len(self._source):
            if self._source[self._at] == "[":
                table = self._read_header()
            else:
                self._read_pair(table)
            self._skip_blank()

    def _read_header(self) -> Path:
        line = self._line()
        many = self._source.startswith("[[", self._at)
        self._at += 2 if many else 1
        names = self._read_key()
        self._at += 2 if many else 1
        path = (*self._into_last_elements(names[:-1], line), names[-1])
        if many:
            self._found.setdefault(path, line)
            index = self._counts.get(path, 0)
            self._counts[path] = index + 1
            path = (*path, index)
        self._found[path] = line
        return path

    def _into_last_elements(self, names: list[str], line: int) -> Path:
        """A header below an array of tables belongs to the array's last entry."""
        path: Path = ()
        for name in names:
            path = (*path, name)
            self._found.setdefault(path, line)
            if path in self._counts:
                path = (*path, self._counts[path] - 1)
        return path

    def _read_pair(self, table: Path) -> None:
        line = self._line()
        path = table
        for name in self._read_key():
            path = (*path, name)
            self._found.setdefault(path, line)
        self._skip_blank()
        self._at += 1  # the equals sign
        self._skip_blank()
        self._read_value(path)

    def _read_key(self) -> list[str]:
        names = [self._read_name()]
        self._skip_blank()
        while self._source[self._at] == ".":
            self._at += 1
            self._skip_blank()
            names.append(self._read_name())
            self._skip_blank()
        return names

    def _read_name(self) -> str:
        self._skip_blank()
        if self._source[self._at] in "\"'":
            return self._skip_string()[1:-1]
        match = _BARE_KEY.match(self._source, self._at)
        assert match is not None, "valid TOML has a key here"
        self._at = match.end()
        return match[0]

    def _read_value(self, path: Path) -> None:
        char = self._source[self._at]
        if char == "[":
            self._read_array(path)
        elif char == "{":
            self._read_inline_table(path)
        elif char in "\"'":
            self._skip_string()
        else:
            match = _SCALAR.match(self._source, self._at)
            assert match is not None, "valid TOML has a value here"
            self._at = match.end()

    def _read_array(self, path: Path) -> None:
        self._at += 1
        index = 0
        self._skip_separators()
        while self._source[self._at] != "]":
            self._found[(*path, index)] = self._line()
            self._read_value((*path, index))
            index += 1
            self._skip_separators()
        self._at += 1

    def _read_inline_table(self, path: Path) -> None:
        self._at += 1
        self._skip_separators()
        while self._source[self._at] != "}":
            self._read_pair(path)
            self._skip_separators()
        self._at += 1

    def _skip_separators(self) -> None:
        self._skip_blank()
        while self._source[self._at] == ",":
            self._at += 1
            self._skip_blank()

    def _skip_string(self) -> str:
        for string in _STRINGS:
            if match := string.match(self._source, self._at):
                self._at = match.end()
                return match[0]
        raise AssertionError("valid TOML has a string here")

    def _skip_blank(self) -> None:
        match = _BLANK.match(self._source, self._at)
        assert match is not None, "matches nothing at least"
        self._at = match.end()

    def _line(self) -> int:
        return bisect_left(self._ends, self._at) + 1
