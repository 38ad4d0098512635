"""Reading tables of a profile: each value is asked for once, by name and kind, and every mistake is noted.

What no reader asked for is an unknown key, so there is no second list of keys to keep in step. A value that
is wrong or missing is replaced by a harmless one and reading goes on: the author hears of all mistakes
together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from cardline.issuer.profile.lines import Lines, Path
from cardline.issuer.profile.problems import Misread, Problem, did_you_mean
from cardline.issuer.profile.text import EMPTY, Text

T = TypeVar("T")


@dataclass(slots=True)
class Reference:
    """An id that something else must declare, checked once everything has been read."""

    kind: str
    id: str
    table: Table
    key: str


@dataclass(slots=True)
class Reading:
    """What has been found out while reading one profile folder: its mistakes, and which ids point where."""

    languages: tuple[str, ...] = ()
    problems: list[Problem] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)


class Table:
    """One table of a profile, with its place in the file."""

    def __init__(
        self,
        values: Mapping[str, Any],
        *,
        reading: Reading,
        file: str,
        lines: Lines,
        path: Path = (),
        name: str = "",
    ) -> None:
        self._values = values
        self._reading = reading
        self._file = file
        self._lines = lines
        self._path = path
        self._name = name
        self._asked: set[str] = set()

    # ------------------------------------------------------------------------------------------ plain values

    def has(self, key: str) -> bool:
        """Whether the key is written here."""
        self._asked.add(key)
        return key in self._values

    def is_list(self, key: str) -> bool:
        """Whether a list is written here."""
        return self.has(key) and isinstance(self._values[key], list)

    def is_table(self, key: str) -> bool:
        """Whether a table is written here."""
        return self.has(key) and isinstance(self._values[key], dict)

    def string(self, key: str, default: str | None = None) -> str:
        """A string. Missing without a default is a mistake."""
        return self._value(key, str, "a string", default, "")

    def integer(self, key: str, default: int | None = None) -> int:
        """A whole number."""
        return self._value(key, int, "a whole number", default, 0)

    def boolean(self, key: str, default: bool | None = None) -> bool:
        """True or false."""
        return self._value(key, bool, "true or false", default, False)

    def strings(self, key: str, default: tuple[str, ...] | None = ()) -> tuple[str, ...]:
        """A list of strings; required when `default` is None."""
        return tuple(self._list(key, str, "a list of strings", default))

    def integers(self, key: str) -> tuple[int, ...]:
        """A list of whole numbers; required."""
        return tuple(self._list(key, int, "a list of whole numbers", None))

    def dates(self, key: str) -> tuple[date, ...]:
        """A list of dates written without quotes; empty when absent."""
        return tuple(self._list(key, date, "a list of dates such as 2026-12-24, without quotes", ()))

    def day(self, key: str) -> date | None:
        """A date written without quotes and without a time; None where it is absent or cannot be read."""
        if not self.has(key):
            return None
        found: date | None = self._value(key, date, "a date such as 2026-12-24, without quotes", None, None)
        if isinstance(found, datetime):
            self.problem(key, "A date belongs here, without a time.", "Write it like 2026-12-24.")
            return None
        return found

    def choice(self, key: str, choices: Iterable[str], default: str | None = None) -> str:
        """One of a few words."""
        known = tuple(choices)
        value = self.string(key, default)
        if self.has(key) and value not in known:
            self.problem(
                key, f"{value!r} is not one of the words that can stand here.", did_you_mean(value, known)
            )
            return known[0]
        return value or known[0]

    def parsed(self, key: str, parse: Callable[[str], T], stand_in: T) -> T:
        """A required string that means something more; `parse` raises Misread for one it cannot read."""
        written = self.string(key)
        if not written:
            return stand_in
        try:
            return parse(written)
        except Misread as error:
            self.problem(key, error.what, error.remedy)
            return stand_in

    # ------------------------------------------------------------------------------------------ texts

    def text(self, key: str, default: Text | None = None) -> Text:
        """A sentence or label: a table with every language; a plain string only if there is one language."""
        return self._text(key, default, same_allowed=len(self._reading.languages) < 2)

    def name(self, key: str, default: Text | None = None) -> Text:
        """A name: a table of languages, or a plain string that reads the same in all."""
        return self._text(key, default, same_allowed=True)

    def texts(self, key: str) -> tuple[Text, ...]:
        """A list of sentences; empty when absent."""
        listed = self._list(key, (str, dict), "a list of texts", ())
        same_allowed = len(self._reading.languages) < 2
        return tuple(self._as_text(key, index, value, same_allowed) for index, value in enumerate(listed))

    def names(self, key: str) -> tuple[Text, ...]:
        """A list of names; empty when absent."""
        listed = self._list(key, (str, dict), "a list of names", ())
        return tuple(self._as_text(key, index, value, True) for index, value in enumerate(listed))

    def _text(self, key: str, default: Text | None, *, same_allowed: bool) -> Text:
        value = self._value(key, (str, dict), "a text", default, EMPTY)
        return value if isinstance(value, Text) else self._as_text(key, None, value, same_allowed)

    def _as_text(self, key: str, index: int | None, value: str | dict[str, Any], same_allowed: bool) -> Text:
        at = key if index is None else f"{key}[{index + 1}]"
        path: Path = (key,) if index is None else (key, index)
        languages = self._reading.languages
        if isinstance(value, str):
            if not value.strip():
                self._problem(path, at, "This text is empty.", "Write it, or leave the key out.")
            elif not same_allowed:
                shape = ", ".join(f'{language} = "…"' for language in languages)
                self._problem(
                    path, at, f"The text is in one language only; the profile has {', '.join(languages)}.",
                    f"Write {{ {shape} }}.",
                )  # fmt: skip
            return Text.same(value)
        for language in languages:
            words = value.get(language)
            if not (isinstance(words, str) and words.strip()):
                self._problem(
                    path, at, f"The text for the language {language!r} is missing.",
                    f'Add {language} = "…", or take {language!r} out of profile.languages.',
                )  # fmt: skip
        for language in value:
            if language not in languages:
                self._problem(
                    (*path, language), f"{at}.{language}",
                    f"The profile does not declare the language {language!r}.", did_you_mean(language,
                    languages),
                )  # fmt: skip
        return (
            Text(tuple((language, str(value.get(language, ""))) for language in languages))
            if languages
            else EMPTY
        )

    # ------------------------------------------------------------------------------------------ ids of others

    def reference(self, key: str, kind: str, default: str | None = None) -> str:
        """The id of something declared elsewhere (a queue, hours). Checked when all has been read."""
        value = self.string(key, default)
        if self.has(key):
            self._reading.references.append(Reference(kind, value, self, key))
        return value

    def references(self, key: str, kind: str, default: tuple[str, ...] | None = ()) -> tuple[str, ...]:
        """A list of such ids."""
        values = self.strings(key, default)
        if self.has(key):
            self._reading.references.extend(Reference(kind, value, self, key) for value in values)
        return values

    # ------------------------------------------------------------------------------------------ tables within

    def table(self, key: str, *, required: bool = True) -> Table:
        """A table within; an empty one when it is absent and need not be there."""
        if not self.has(key):
            if required:
                self._missing(key, "a table")
            return self._inner({}, (key,), key)
        value = self._values[key]
        if not isinstance(value, dict):
            self.problem(key, "A table belongs here.", f"Write [{self._dotted(key)}] or {key} = {{ … }}.")
            value = {}
        return self._inner(value, (key,), key)

    def tables(self, key: str, *, required: bool = False) -> list[Table]:
        """The entries of an array of tables, in order. Their names show the entry's id."""
        if required and not self.has(key):
            self._missing(key, "at least one entry")
        listed = self._list(key, dict, f"entries, each headed [[{self._dotted(key)}]]", ())
        return [
            self._inner(entry, (key, index), f"{key}[{entry.get('id', index + 1)}]")
            for index, entry in enumerate(listed)
        ]

    def named_tables(self, key: str) -> dict[str, Table]:
        """The tables within a table, by name: [hours.always], [hours.service_day]."""
        within = self.table(key)
        return {name: within.table(name) for name in within.written()}

    def written(self) -> tuple[str, ...]:
        """Every key written here; to be used where the author chooses the names."""
        return tuple(self._values)

    def _inner(self, values: Mapping[str, Any], path: Path, name: str) -> Table:
        return Table(
            values, reading=self._reading, file=self._file, lines=self._lines,
            path=(*self._path, *path), name=self._dotted(name),
        )  # fmt: skip

    # ------------------------------------------------------------------------------------------ mistakes

    def problem(self, key: str, what: str, remedy: str) -> None:
        """Note a mistake at a key of this table, dotted for one further in; "" for the table itself."""
        self._problem(tuple(key.split(".")) if key else (), key, what, remedy)

    def finish(self) -> None:
        """Note every key that nobody asked for."""
        for key in self._values:
            if key not in self._asked:
                self.problem(key, "This key is not known.", did_you_mean(key, self._asked))

    def _problem(self, path: Path, key: str, what: str, remedy: str) -> None:
        line = self._lines.of((*self._path, *path))
        self._reading.problems.append(Problem(self._file, line, self._dotted(key), what, remedy))

    def _missing(self, key: str, kind: str) -> None:
        self._problem(
            (), key, f"{kind[0].upper()}{kind[1:]} is missing.", f"Add {key} to {self._name or self._file}."
        )

    def _dotted(self, key: str) -> str:
        return ".".join(part for part in (self._name, key) if part)

    def _value(self, key: str, kind: type | tuple[type, ...], said: str, default: Any, stand_in: Any) -> Any:
        if not self.has(key):
            if default is None:
                self._missing(key, said)
                return stand_in
            return default
        value = self._values[key]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is int):
            self.problem(key, f"{said[0].upper()}{said[1:]} belongs here, not {_shown(value)}.", "")
            return stand_in if default is None else default
        return value

    def _list(
        self, key: str, kind: type | tuple[type, ...], said: str, default: tuple[Any, ...] | None
    ) -> list[Any]:
        values = self._value(key, list, said, default, [])
        fit = [value for value in values if isinstance(value, kind)]
        if len(fit) != len(values):
            self.problem(key, f"{said[0].upper()}{said[1:]} belongs here.", "")
        return fit


def _shown(value: object) -> str:
    return "a table" if isinstance(value, dict) else "a list" if isinstance(value, list) else repr(value)
