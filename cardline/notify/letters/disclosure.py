"""What a member reads before they agree to letters without paper, and its version."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cardline.notify.letters.table import LANGUAGES

FILE = Path(__file__).parent / "disclosure.toml"


@dataclass(frozen=True, slots=True)
class Disclosure:
    """version: changes with every word, in whichever language."""

    lines: Mapping[str, tuple[str, ...]]
    version: str

    def in_(self, language: str) -> tuple[str, ...]:
        return self.lines.get(language.partition("-")[0]) or self.lines[LANGUAGES[0]]


@cache
def current_disclosure() -> Disclosure:
    return read_disclosure(FILE)


def read_disclosure(file: Path) -> Disclosure:
    """Raises KeyError where a language is missing: nobody can agree to what they cannot read."""
    raw = file.read_bytes()
    written: dict[str, Any] = tomllib.loads(raw.decode("utf-8"))
    lines = {language: tuple(written[language]["lines"]) for language in LANGUAGES}
    return Disclosure(lines, hashlib.sha256(repr(sorted(lines.items())).encode()).hexdigest()[:12])
