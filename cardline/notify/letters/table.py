"""Which parts a kind of letter has to hold, by country and law, and what each says: `kinds/<kind>.toml`.

Read and checked once. A text that lacks a language, a part without words, a placeholder nobody fills: the start
refuses, and names file, part and language. docs/howto/add-a-letter.md says how one is added.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from cardline.kit import sql
from cardline.kit.safe_text import one_line
from cardline.notify.letters import facts

FOLDER = Path(__file__).parent / "kinds"
OMBUDSMAN = Path(__file__).parent / "ombudsman.toml"
LANGUAGES = ("en", "es")
EVERYWHERE = "any"
COUNTRIES = ("US", "GB", "CA", "AU")
LAWS = ("z", "e", "b")  # of the US: Regulation Z, E and B
# What one consent to letters on our pages covers (15 USC 7001(c)(1)(B)(ii) wants it said which).
CLASSES = ("cards", "disputes", "applications", "complaints")
# The messages (notify/texts) that go by post: to the place they are about, so that no consent covers them.
NOTICES = "notices"
# Filled in by themselves: the issuer's name, its line for this member, its site, where papers go, who is above us.
BY_ITSELF = frozenset({"issuer", "phone", "site", "letters_to", "ombudsman", "ombudsman_at"})
REFERENCE = "reference"
NOTICE = "notice."  # what the id of a notice begins with; the rest is the message's
SUBJECT = "subject"
NOT_PARTS = frozenset({SUBJECT, "choices", "none"})


class TableError(ValueError):
    """One or more kinds of letter cannot be used. `problems`: a line each, with the file it is in."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class UnknownLetter(LookupError):
    """There is no such kind, or none for that country or law: a mistake in the code that asked for it."""


@dataclass(frozen=True, slots=True)
class Part:
    """Something a letter must say. source: the law and its section, or "Product" with the reason. where: "any", a
    country ("US"), or a country and a law ("US.z").
    """

    id: str
    source: str
    where: tuple[str, ...]

    def is_needed(self, country: str, law: str) -> bool:
        return bool({EVERYWHERE, country, f"{country}.{law}"} & set(self.where))


@dataclass(frozen=True, slots=True)
class Wording:
    """A kind in one language: its subject, the words of each part, of each choice, and for lists without a line."""

    subject: str
    parts: Mapping[str, str]
    choices: Mapping[str, Mapping[str, str]]
    none: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LetterKind:
    """covers: the class of letters a consent has to cover. only: countries whose law knows this letter, none for all.
    laws: those it can be written under; none where no law is named. by_law: law wants it in writing. days: business
    days within which it leaves, our own limit beside the law's.
    """

    id: str
    covers: str
    only: tuple[str, ...]
    laws: tuple[str, ...]
    by_law: bool
    days: int
    facts: Mapping[str, str]
    parts: tuple[Part, ...]
    wordings: Mapping[str, Wording]

    @property
    def is_notice(self) -> bool:
        """Whether it is a message on paper: bound to its place, and for whoever opens the envelope alone."""
        return self.covers == NOTICES

    @property
    def leaves_as(self) -> str:
        """What the restrictions are asked about it: what law wants is told even to those who want no contact."""
        if self.is_notice:
            return f"message:{self.id.removeprefix(NOTICE)}"
        return f"letter:{self.covers if self.by_law else 'courtesy'}"

    def in_(self, language: str) -> Wording:
        return self.wordings.get(language.partition("-")[0]) or self.wordings[LANGUAGES[0]]

    def parts_for(self, country: str, law: str) -> tuple[Part, ...]:
        """In the order of the letter. Raises UnknownLetter where there is no such letter."""
        if self.only and country not in self.only:
            raise UnknownLetter(f"{self.id} is a letter of {', '.join(self.only)}, not of {country}")
        if (law or self.laws) and law not in self.laws:
            known = ", ".join(self.laws) or "none"
            raise UnknownLetter(f"{self.id} under {law or 'no law'}: its laws are {known}")
        return tuple(part for part in self.parts if part.is_needed(country, law))

    def version(self, language: str, country: str, law: str) -> str:
        """Changes with every word of it: kept with each letter, so that one can tell what it was written from."""
        words = self.in_(language)
        parts = [[part.id, part.source, words.parts[part.id]] for part in self.parts_for(country, law)]
        whole = [self.id, language, country, law, words.subject, parts, words.choices, words.none]
        return hashlib.sha256(sql.to_sorted_json(whole).encode()).hexdigest()[:12]


def letter_kind(of: str) -> LetterKind:
    """Raises UnknownLetter for an id that is none, TableError where a kind cannot be used."""
    try:
        return _loaded()[of]
    except KeyError:
        raise UnknownLetter(f"there is no letter {of}; known: {', '.join(_loaded())}") from None


def letter_kinds() -> Mapping[str, LetterKind]:
    return _loaded()


@cache
def ombudsman_of(country: str) -> Mapping[str, Mapping[str, str]]:
    """Who decides a complaint we did not settle, by language: `name` and `at`; nothing where nobody is known."""
    found: dict[str, Any] = tomllib.loads(OMBUDSMAN.read_text("utf-8")).get(country, {})
    return {language: found[language] for language in LANGUAGES if language in found}


def table_problems(folder: Path = FOLDER) -> list[str]:
    """Everything wrong with the kinds; a line each."""
    try:
        load(folder)
    except TableError as error:
        return error.problems
    return []


def notice_problems(by_post: Mapping[str, frozenset[str]]) -> list[str]:
    """What keeps messages from going by post. by_post: of each that may, the values it is filled with."""
    problems = [
        f"{NOTICE}{name}: no message of that name goes by post"
        for name in sorted(_notices() - by_post.keys())
    ]
    for name, values in sorted(by_post.items()):
        kind = _loaded().get(f"{NOTICE}{name}")
        if kind is None:
            problems.append(f"{NOTICE}{name}.toml: is missing, and the message {name} goes by post")
        elif kind.facts.keys() != values:
            problems.append(f"{NOTICE}{name}.toml: is filled with other facts than the message {name}")
    return problems


def _notices() -> set[str]:
    return {kind.id.removeprefix(NOTICE) for kind in _loaded().values() if kind.is_notice}


@cache
def _loaded() -> Mapping[str, LetterKind]:
    return load(FOLDER)


def load(folder: Path) -> Mapping[str, LetterKind]:
    """All kinds of a folder, by id. Raises TableError with every mistake."""
    problems: list[str] = []
    found: dict[str, LetterKind] = {}
    for file in sorted(folder.glob("*.toml")):
        try:
            one = _read(file)
        except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
            problems.append(f"{file.name}: cannot be read: {error}")
            continue
        problems += [f"{file.name}: {problem}" for problem in _problems(one)]
        found[one.id] = one
    if problems:
        raise TableError(problems)
    return found


def _read(file: Path) -> LetterKind:
    written: dict[str, Any] = tomllib.loads(file.read_text("utf-8"))
    return LetterKind(
        id=file.stem,
        covers=written["covers"],
        only=tuple(written.get("only", ())),
        laws=tuple(written.get("laws", ())),
        by_law=written.get("by_law", bool(written.get("laws"))),
        days=int(written["days"]),
        facts=written["facts"],
        parts=tuple(Part(one["id"], one["source"].strip(), tuple(one["for"])) for one in written["parts"]),
        wordings={language: _wording(written[language]) for language in LANGUAGES if language in written},
    )


def _wording(written: Mapping[str, Any]) -> Wording:
    parts = {name: words.strip() for name, words in written.items() if name not in NOT_PARTS}
    return Wording(
        written.get(SUBJECT, "").strip(), parts, written.get("choices", {}), written.get("none", {})
    )


def _problems(kind: LetterKind) -> Iterator[str]:
    if kind.covers not in (*CLASSES, NOTICES):
        yield f"covers {kind.covers}, which nobody consents to (CLASSES)"
    for law in set(kind.laws) - set(LAWS):
        yield f"law {law} is unknown"
    if kind.days < 1:
        yield f"days is a number above 0, not {kind.days!r}"
    for name, sort in kind.facts.items():
        if sort not in facts.KINDS:
            yield f"fact {name}: nobody knows how to say a {sort}"
        if name in BY_ITSELF:
            yield f"fact {name}: is filled in by itself"
    if kind.is_notice != kind.id.startswith(NOTICE):
        yield f"a notice, and nothing else, is called {NOTICE}… and covers {NOTICES}"
    if not kind.is_notice and kind.facts.get(REFERENCE) != "reference":
        yield "fact reference is missing: it stands on each page"
    yield from _wrong_parts(kind)
    for language in LANGUAGES:
        if language in kind.wordings:
            words = kind.wordings[language]
            yield from (f"{language}: {problem}" for problem in _wrong_words(kind, words))
        else:
            yield f"nothing in {language}"


def _wrong_parts(kind: LetterKind) -> Iterator[str]:
    ids = [part.id for part in kind.parts]
    for part in kind.parts:
        if ids.count(part.id) > 1:
            yield f"part {part.id} stands there twice"
        if not part.source:
            yield f"part {part.id} names no source"
        for where in part.where:
            if not _is_a_place(kind, where):
                yield f"part {part.id} is for {where}, where there is no such letter"
    for country in kind.only or COUNTRIES:
        for law in kind.laws or ("",):
            if not kind.parts_for(country, law):
                yield f"no part for {country}{'.' + law if law else ''}"


def _is_a_place(kind: LetterKind, where: str) -> bool:
    country, _dot, law = where.partition(".")
    return where == EVERYWHERE or (country in (kind.only or COUNTRIES) and law in ("", *kind.laws))


def _wrong_words(kind: LetterKind, words: Wording) -> Iterator[str]:
    ids = {part.id for part in kind.parts}
    if not words.subject or one_line(words.subject) != words.subject:
        yield "subject: one line, and not empty"
    for name in [part.id for part in kind.parts if not words.parts.get(part.id)]:
        yield f"part {name} has no words"
    for name in sorted(words.parts.keys() - ids):
        yield f"part {name} is none of the letter’s"
    used: set[str] = set()
    for name, text in {SUBJECT: words.subject, **words.parts}.items():
        fields, problem = _fields(text)
        used |= fields
        if problem:
            yield f"part {name}: {problem}"
        for unknown in sorted(fields - kind.facts.keys() - BY_ITSELF):
            yield f"part {name}: holds {{{unknown}}}, which nobody fills"
    for name in sorted(kind.facts.keys() - used):
        yield f"fact {name} stands in no part"
    for name, sort in kind.facts.items():
        theirs = kind.in_(LANGUAGES[0]).choices.get(name, {})
        if sort == "choice" and (not theirs or words.choices.get(name, {}).keys() != theirs.keys()):
            yield f"the words for {name} are not those of {LANGUAGES[0]}"
    if words.none.keys() != kind.in_(LANGUAGES[0]).none.keys():
        yield f"the words for empty lists are not those of {LANGUAGES[0]}"


def fields_of(text: str) -> set[str]:
    """What stands in braces in the words of a part."""
    return {name for _text, name, _spec, _conversion in Formatter().parse(text) if name is not None}


def _fields(text: str) -> tuple[set[str], str]:
    try:
        pieces = list(Formatter().parse(text))
    except ValueError as error:
        return set(), str(error)
    if any(spec or conversion for _text, _name, spec, conversion in pieces):
        return set(), "a value stands in braces by its name alone"
    return fields_of(text), ""
