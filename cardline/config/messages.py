"""Compiling translations with Babel, so that set-up needs no gettext tools."""

from __future__ import annotations

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def catalogues() -> list[Path]:
    """The folders translations stand in: the product's own, and an app's beside its code."""
    return sorted(folder for folder in Path(__file__).parents[1].glob("**/locale") if folder.is_dir())


def compile_messages(folder: Path) -> int:
    """Write the .mo beside each .po. Returns how many."""
    made = 0
    for po in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        with po.open("rb") as source:
            catalogue = read_po(source)
        with po.with_suffix(".mo").open("wb") as target:
            write_mo(target, catalogue, use_fuzzy=False)
        made += 1
    return made
