"""What a flow can say to whoever runs it. Plain values: no clock, no database, no screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from cardline.kit.words import Words

Json = Any
AT = "at "  # how a promise names the instant it is due
MOST_CHOICES = 5  # on a keypad one can keep five in mind


class Kind(StrEnum):
    """What is asked for; each has a form on a page, in a chat and on a keypad."""

    CHOICE = "choice"  # one of `options`: its id
    YES_NO = "yes_no"  # a boolean
    DIGITS = "digits"  # a text of digits
    MONEY = "money"  # minor units of `currency`, an integer
    DATE = "date"  # ISO 8601
    CARD = "card"  # the core's token of one of the member's cards
    CHARGES = "charges"  # tokens of charges, a list that may be empty
    TEXT = "text"  # a person's own words, redacted
    FILE = "file"  # tokens of files they gave, a list that may be empty


@dataclass(frozen=True, slots=True)
class Option:
    """id: what is kept. words: what is shown and read out. hint: a second line for screens."""

    id: str
    words: Words
    hint: Words | None = None


@dataclass(frozen=True, slots=True)
class Say:
    words: Words


@dataclass(frozen=True, slots=True)
class Ask:
    """A question. step: its name, kept with the answer. may_skip: none is an answer, too (None).

    spoken: other words for the ear, where those for the eye do not do. least, most: of digits or characters. among:
    which cards are asked about, or whose charges (`Talk.ask_card`, `Talk.ask_charges`). danger: it cannot be undone.
    private: in no line of the case, and forgotten as soon as a command has it or the conversation ends.
    """

    step: str
    kind: Kind
    words: Words
    options: tuple[Option, ...] = ()
    hint: Words | None = None
    spoken: Words | None = None
    may_skip: bool = False
    least: int = 1
    most: int = 400
    currency: str = ""
    among: str = ""
    danger: bool = False
    private: bool = False


@dataclass(frozen=True, slots=True)
class Find:
    """Look something up. what: a name of flows/finding.py. The answer is what was found, as JSON."""

    step: str
    what: str
    values: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Do:
    """Run a command. action: a name of flows/doing.py. The answer is an `Outcome`, as JSON."""

    step: str
    action: str
    values: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verify:
    """Make surer that it is them. level: 1–3. The answer: whether it was reached; False when they would rather not."""

    step: str
    level: int
    words: Words


@dataclass(frozen=True, slots=True)
class Promise:
    """We will `words` by a time. within: "answer" (the queue's own answer time) or "<n> business days", or "at " and an
    instant in ISO 8601 that was looked up before.

    The answer is {"due_at", "n"}.
    """

    step: str
    words: Words
    within: str
    queue: str = ""


@dataclass(frozen=True, slots=True)
class HandOver:
    """To a person of the need's queue, with everything said so far. Ends the flow."""

    words: Words


@dataclass(frozen=True, slots=True)
class Done:
    """The end. outcome: one word for figures."""

    outcome: str
    words: Words


Verb = Say | Ask | Find | Do | Verify | Promise | HandOver | Done
Step = Ask | Find | Do | Verify | Promise


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a `Do` went. refused: the refusal's code, "" when it was done. result: the command's own values.

    sentence: what the refusal says to the person, in their language.
    """

    refused: str = ""
    sentence: str = ""
    result: Mapping[str, Json] = field(default_factory=dict)

    @property
    def done(self) -> bool:
        return not self.refused

    def __getitem__(self, name: str) -> Json:
        return self.result[name]

    def get(self, name: str) -> Json:
        return self.result.get(name)

    def kept(self) -> Json:
        if self.refused:
            return {"refused": self.refused, "sentence": self.sentence}
        return {"done": dict(self.result)}


def outcome_kept(kept: Mapping[str, Json]) -> Outcome:
    if "refused" in kept:
        return Outcome(refused=str(kept["refused"]), sentence=str(kept.get("sentence", "")))
    return Outcome(result=dict(kept["done"]))
