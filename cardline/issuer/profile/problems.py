"""What can be wrong with a profile, said so that its author can put it right without reading code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: where it is, what is wrong, and what to do about it.

    key: dotted, with the entry's id in brackets, such as `phone_lines[corporate-us].e164`; "" for the whole
    file.
    """

    file: str
    line: int
    key: str
    what: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}: " + (f"{self.key}: " if self.key else "")
        return f"{where}{self.what} {self.remedy}".rstrip()


class Misread(ValueError):
    """A word of the profile cannot be read as what it should be; it says what is wrong and the remedy."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what} {remedy}")
        self.what, self.remedy = what, remedy


class ProfileError(Exception):
    """A profile cannot be used. `problems` holds every mistake found, in the order of the files' lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        count = len(self.problems)
        head = (
            "The issuer profile has a mistake:" if count == 1 else f"The issuer profile has {count} mistakes:"
        )
        super().__init__("\n".join([head, *(f"  {problem}" for problem in self.problems)]))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A remedy for a word that is not known: the nearest ones, or the list of all when none is near."""
    choices: Sequence[str] = sorted(set(known))
    near = get_close_matches(word, choices, n=2, cutoff=0.6)
    if near:
        return "Did you mean " + " or ".join(near) + "?"
    return f"Known here: {', '.join(choices)}." if choices else "Nothing of this kind is declared."
