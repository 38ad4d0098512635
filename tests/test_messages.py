"""Spanish says everything English says: each sentence is translated, whole, with the same named parts."""

from __future__ import annotations

import gettext
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from cardline.config.messages import compile_messages

ROOT = Path(__file__).resolve().parents[1]
SPANISH = Path("es") / "LC_MESSAGES" / "django.po"
CATALOGUE = ROOT / "cardline" / "locale" / SPANISH

# What code or markup puts into a sentence: %(name)s, {name}, and tags with their attributes.
PARTS = re.compile(r"%\(\w+\)[sd]|\{\w+\}|<[^>]+>")


def test_every_sentence_is_translated() -> None:
    assert [message.id for message in sentences_of(CATALOGUE) if not is_translated(message)] == []


def test_a_translation_keeps_the_named_parts() -> None:
    lost = {
        said: translated
        for message in sentences_of(CATALOGUE)
        for said, translated in pairs(message)
        if parts(said) != parts(translated)
    }
    assert lost == {}


def test_the_file_holds_nothing_of_the_machine_that_made_it() -> None:
    text = CATALOGUE.read_text(encoding="utf-8")
    assert re.findall(r"POT-Creation-Date|^#: /.*|^#:.*:\d+.*", text, re.MULTILINE) == []


def test_what_setup_compiles_speaks_spanish(tmp_path: Path) -> None:
    (tmp_path / SPANISH).parent.mkdir(parents=True)
    shutil.copy(CATALOGUE, tmp_path / SPANISH)
    assert compile_messages(tmp_path) == 1

    spoken = gettext.translation("django", localedir=tmp_path, languages=["es"])
    for message in sentences_of(CATALOGUE):
        if isinstance(message.id, tuple):
            heard = [spoken.ngettext(*message.id, count) for count in (1, 2)]
            assert heard == list(message.string)
        elif message.context:
            assert spoken.pgettext(message.context, message.id) == message.string
        else:
            assert spoken.gettext(message.id) == message.string


@pytest.mark.skipif(
    shutil.which("xgettext") is None, reason="gettext is not installed; `bin/setup test` does it"
)
def test_what_the_tree_says_now_is_in_the_catalogue(tmp_path: Path) -> None:
    unread = shutil.ignore_patterns("__pycache__", "static", "tests", "*.mo")
    shutil.copytree(ROOT / "cardline", tmp_path / "cardline", ignore=unread)

    subprocess.run([ROOT / "bin" / "messages", tmp_path], check=True)

    extracted = sentences_of(tmp_path / "cardline" / "locale" / SPANISH)
    assert len(extracted) > 500
    untranslated = [message.id for message in extracted if not is_translated(message)]
    assert untranslated == [], "run bin/messages and translate these"


# ------------------------------------------------------------------------------------------------- reading a file


def sentences_of(file: Path) -> list[Message]:
    with file.open("rb") as source:
        catalogue: Catalog = read_po(source, abort_invalid=True)
    return [message for message in catalogue if message.id]


def is_translated(message: Message) -> bool:
    forms = message.string if isinstance(message.string, tuple) else (message.string,)
    return not message.fuzzy and all(form.strip() for form in forms)


def pairs(message: Message) -> Iterator[tuple[str, str]]:
    """Each sentence with its translation. The singular may leave out the number, in either language."""
    if isinstance(message.id, str):
        yield message.id, message.string
        return
    one, many = message.string
    yield message.id[1], many
    yield (message.id[0], one) if parts(one) == parts(message.id[0]) else (message.id[1], one)


def parts(text: str) -> list[str]:
    return sorted(PARTS.findall(text))
