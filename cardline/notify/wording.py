"""What we write to members beyond our pages: texts/<id>.toml, in every language, where an issuer may say it otherwise.

A message says that there is something and where to look, never what (SR-61). So a template can be filled with nothing
but the VALUES below, each of which is looked at: a caller has no way to put a fact of an account into one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from django.conf import settings

from cardline.issuer.profile import current_profile
from cardline.kit.safe_text import one_line
from cardline.notify.segments import MOST_SEGMENTS, segments
from cardline.notify.values import CHOICES, VALUES, longest, said
from cardline.trust.rules import LENGTH, LETTERS, About, shown

FOLDER = Path(__file__).parent / "texts"
PROOF = Path(__file__).parent / "proof.toml"
LANGUAGES = ("en", "es")
DOORS = ("text", "email", "letter")
ISSUER = "issuer"  # filled in by itself, with the short name of the profile
USEFUL = timedelta(days=7)
SOME_PROOF = shown(LETTERS[0] * LENGTH)  # as long as each is


class TemplateError(ValueError):
    """One or more texts cannot be used. `problems`: a line each, with the file it is in."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Wording:
    """A template in one language. name: what colleagues call it. text: the whole of a text message. body: of an e-mail
    or letter. choices: the words a value of ours stands for, by value and word.
    """

    name: str = ""
    text: str = ""
    subject: str = ""
    body: str = ""
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Template:
    """channels: the doors it may take, the one to begin with first. about: a word of trust.rules.About: what somebody
    is told of it who checks whether it is ours. useful: how long after it was asked for somebody still has use for it.
    """

    id: str
    channels: tuple[str, ...]
    values: frozenset[str]
    wordings: Mapping[str, Wording]
    about: str = About.ACCOUNT
    useful: timedelta = USEFUL

    @property
    def can_prove_us(self) -> bool:
        """Whether it says how to check that it is ours. Not beside a one-time code: a message with two codes in it has
        one that somebody reads out to a stranger.
        """
        return "code" not in self.values

    def in_(self, language: str) -> Wording:
        return self.wordings.get(language.partition("-")[0]) or self.wordings[LANGUAGES[0]]


@dataclass(frozen=True, slots=True)
class Words:
    """What goes out. subject: one line, "" for a text message."""

    subject: str
    body: str


def template(of: str) -> Template:
    """Raises KeyError for an id that is none, TemplateError where a text cannot be used."""
    return _loaded(settings.CARDLINE_PROFILE_DIR)[of]


def written(of: str, channel: str, language: str, values: Mapping[str, str], proof: str = "") -> Words:
    """The words of a message, whose values were looked at when it was asked for (values.problem_with).

    proof: the code by which its reader can check that it is ours, said in one more sentence at the end; "" for none.
    """
    wording = template(of).in_(language)
    spoken = {name: _spoken(wording, name, value, language) for name, value in values.items()}
    spoken[ISSUER] = current_profile().short_name.in_(language)
    check = how_to_check(channel, language).format(proof=proof) if proof else ""
    if channel == "text":
        return Words("", f"{wording.text.format_map(spoken)} {check}".strip())
    body = f"{wording.body.format_map(spoken).strip()}\n\n{check}".strip()
    return Words(one_line(wording.subject.format_map(spoken)), f"{body}\n")


def how_to_check(channel: str, language: str) -> str:
    """The sentence that says how to find out whether a message is ours, with {proof} in it."""
    words = _proof_words()
    said = words.get(language.partition("-")[0]) or words[LANGUAGES[0]]
    return said["text" if channel == "text" else "body"]


def name_of(of: str, language: str) -> str:
    """What colleagues call it; the id where the template is no more."""
    found = _loaded(settings.CARDLINE_PROFILE_DIR).get(of)
    return found.in_(language).name if found else of


def by_post(profile: Path) -> Mapping[str, frozenset[str]]:
    """The messages that may be letters, with the values each is filled with. Raises TemplateError."""
    return {one.id: one.values for one in _load(profile).values() if "letter" in one.channels}


def template_problems(profile: Path) -> list[str]:
    """Everything wrong with the texts, as an issuer's profile changes them; a line each."""
    try:
        _load(profile)
    except TemplateError as error:
        return error.problems
    return []


def _spoken(wording: Wording, name: str, value: str, language: str) -> str:
    return wording.choices[name][value] if name in CHOICES else said(name, value, language)


@cache
def _proof_words() -> Mapping[str, Mapping[str, str]]:
    written = tomllib.loads(PROOF.read_text("utf-8"))
    return {
        language: {part: said.strip() for part, said in written[language].items()} for language in LANGUAGES
    }


@cache
def _loaded(profile: Path) -> Mapping[str, Template]:
    return _load(profile)


def _load(profile: Path) -> Mapping[str, Template]:
    problems: list[str] = []
    found = {}
    for file in sorted(FOLDER.glob("*.toml")):
        try:
            one = _read(file, profile / "messages" / file.name)
        except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
            problems.append(f"{file.name}: cannot be read: {error}")
            continue
        problems += _problems(one)
        found[one.id] = one
    strangers = {file.stem for file in (profile / "messages").glob("*.toml")} - found.keys()
    problems += [f"messages/{name}.toml: there is no such message" for name in sorted(strangers)]
    if problems:
        raise TemplateError(problems)
    return found


def _read(file: Path, own: Path) -> Template:
    """own: what the issuer says otherwise: words alone, never the doors it takes or what it is filled with."""
    ours: dict[str, Any] = tomllib.loads(file.read_text("utf-8"))
    theirs: dict[str, Any] = tomllib.loads(own.read_text("utf-8")) if own.is_file() else {}
    wordings = {
        language: _wording({**ours[language], **theirs.get(language, {})})
        for language in LANGUAGES
        if language in ours
    }
    about = str(ours.get("about", About.ACCOUNT))
    useful = timedelta(hours=ours["useful_hours"]) if "useful_hours" in ours else USEFUL
    return Template(file.stem, tuple(ours["channels"]), frozenset(ours["values"]), wordings, about, useful)


def _wording(written: Mapping[str, Any]) -> Wording:
    choices = {name: words for name, words in written.items() if isinstance(words, dict)}
    return Wording(**{name: words for name, words in written.items() if name not in choices}, choices=choices)


def _problems(one: Template) -> Iterator[str]:
    for name in sorted(one.values - VALUES):
        yield f"{one.id}.toml: takes {name}, which no message may hold (cardline/notify/values.py)"
    if one.about not in list(About):
        yield f"{one.id}.toml: is about {one.about}, which nobody is told (cardline/trust/rules.py)"
    for channel in one.channels:
        if channel not in DOORS:
            yield f"{one.id}.toml: there is no door {channel}"
    for language in LANGUAGES:
        wording = one.wordings.get(language)
        if wording is None:
            yield f"{one.id}.toml: nothing in {language}"
        elif one.values <= VALUES:
            yield from (f"{one.id}.toml, {language}: {problem}" for problem in _wrong(one, wording, language))


def _wrong(one: Template, wording: Wording, language: str) -> Iterator[str]:
    needed = {"name": wording.name}
    if "text" in one.channels:
        needed["text"] = wording.text
    if {"email", "letter"} & set(one.channels):
        needed |= {"subject": wording.subject, "body": wording.body}
    for part, words in needed.items():
        if not words.strip():
            yield f"no {part}"
        elif part != "name":
            yield from _wrong_fields(one, part, words)
    for name in sorted(one.values & CHOICES):
        if wording.choices.get(name, {}).keys() != one.in_(LANGUAGES[0]).choices.get(name, {}).keys():
            yield f"the words for {name} are not those of {LANGUAGES[0]}"
    yield from _too_long(one, wording, language)


def _wrong_fields(one: Template, part: str, words: str) -> Iterator[str]:
    try:
        fields = [(name, spec, conversion) for _text, name, spec, conversion in Formatter().parse(words)]
    except ValueError as error:
        yield f"{part}: {error}"
        return
    used = {name for name, _spec, _conversion in fields if name is not None}
    for name in sorted(used - one.values - {ISSUER}):
        yield f"{part}: holds {{{name}}}, which it is not given"
    if any(spec or conversion for _name, spec, conversion in fields):
        yield f"{part}: a value stands in braces by its name alone"
    for name in sorted(one.values - used if part != "subject" else ()):
        yield f"{part}: leaves out {{{name}}}"
    if part != "body" and one_line(words) != words:
        yield f"{part}: more than one line"


def _too_long(one: Template, wording: Wording, language: str) -> Iterator[str]:
    """The longest it can get, with the longest of each value, and the sentence that proves us."""
    filled = {name: longest(name) for name in one.values - CHOICES}
    for name in one.values & CHOICES:
        filled[name] = max(wording.choices.get(name, {}).values(), key=len, default="")
    filled[ISSUER] = current_profile().short_name.in_(language)
    try:
        check = how_to_check("text", language).format(proof=SOME_PROOF) if one.can_prove_us else ""
        parts = segments(f"{wording.text.format_map(filled)} {check}".strip())
    except (KeyError, ValueError, IndexError, AttributeError):
        return  # said already
    if parts > MOST_SEGMENTS:
        yield f"text: takes {parts} text messages; {MOST_SEGMENTS} are the most"
