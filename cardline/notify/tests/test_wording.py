"""The texts of messages: complete in every language, short enough, and with no room for a fact of an account."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as ours

from cardline.issuer.profile import MATRIX
from cardline.notify import wording
from cardline.notify.segments import MOST_SEGMENTS, segments
from cardline.notify.values import VALUES
from cardline.notify.wording import template, template_problems, written


def test_the_texts_of_the_tree_can_be_used() -> None:
    assert template_problems(ours.CARDLINE_PROFILE_DIR) == []


def test_no_message_can_hold_anything_but_these() -> None:  # SR-61
    assert {"code", "link", "first_name", "reference", "day", "action", "kind"} == VALUES
    for file in wording.FOLDER.glob("*.toml"):
        assert template(file.stem).values <= VALUES


def test_a_code_can_name_whatever_asks_for_somebody_surely_known() -> None:  # SR-35
    named = template("code").in_("en").choices["action"]
    needed = {
        action for family in MATRIX.values() for action, rule in family.items() if rule.level in ("V2", "V3")
    }
    assert needed <= named.keys() and "sign_in" in named


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "481516 is your American Express code to unfreeze a card. We never ask for it: tell nobody."),
        ("es", "481516 es su código de American Express para descongelar una tarjeta. Nunca se lo pedimos:"),
    ],
)
def test_a_code_names_its_action_and_that_nobody_asks_for_it(language: str, words: str) -> None:
    said = written("code", "text", language, {"code": "481516", "action": "unfreeze"})
    assert said.subject == "" and said.body.startswith(words)


def test_a_notice_says_what_kind_of_thing_was_changed_and_not_to_what() -> None:  # SR-32
    told = {"kind": "email", "link": "/not-me/abc"}
    said = written("contact_changed", "email", "es-mx", told)
    assert said.subject == "American Express: su correo ha cambiado"
    assert "http://localhost:8000/not-me/abc\n" in said.body and "{" not in said.body


@pytest.fixture
def folder(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one text of ours that is right; the profile's own are in messages/ of it."""
    (tmp_path / "messages").mkdir()
    monkeypatch.setattr(wording, "FOLDER", tmp_path)
    write(tmp_path, RIGHT)
    assert template_problems(tmp_path) == []
    return tmp_path


RIGHT = """
channels = ["text", "email"]
values = ["link", "kind"]
[en]
name = "Note"
text = "{issuer}, {kind}: {link}"
subject = "Note on {kind}"
body = "{kind}: {link}"
[en.kind]
phone = "phone"
[es]
name = "Nota"
text = "{issuer}, {kind}: {link}"
subject = "Nota: {kind}"
body = "{kind}: {link}"
[es.kind]
phone = "teléfono"
"""


def write(folder: Path, words: str) -> None:
    (folder / "note.toml").write_text(words)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (('values = ["link", "kind"]', 'values = ["link", "kind", "amount"]'), "takes amount, which no message"),
        (('channels = ["text", "email"]', 'channels = ["text", "fax"]'), "there is no door fax"),
        ((RIGHT[RIGHT.index("[es]") :], ""), "nothing in es"),
        (('subject = "Nota: {kind}"', ""), "es: no subject"),
        (('text = "{issuer}, {kind}: {link}"', 'text = ""'), "en: no text"),
        (('body = "{kind}: {link}"', 'body = "{kind}"'), "en: body: leaves out {link}"),
        (('body = "{kind}: {link}"', 'body = "{kind} {link} {amount}"'), "holds {amount}, which it is not given"),
        (('body = "{kind}: {link}"', 'body = "{kind} {link.__class__}"'), "holds {link.__class__}"),
        (('body = "{kind}: {link}"', 'body = "{kind!r} {link}"'), "by its name alone"),
        (('body = "{kind}: {link}"', 'body = "{kind {link}"'), "body:"),
        (('subject = "Note on {kind}"', 'subject = "Note\\r\\nBcc: x"'), "subject: more than one line"),
        (('phone = "teléfono"', 'fax = "fax"'), "the words for kind are not those of en"),
        (('name = "Note"', 'name = " "'), "en: no name"),
        (('name = "Note"', 'naem = "Note"'), "cannot be read"),
        (('channels = ["text", "email"]', ""), "cannot be read"),
        (("[en]", "[en"), "cannot be read"),
        (('text = "{issuer}, {kind}: {link}"', f'text = "{{kind}}{{link}}{"x" * 230}"'), "takes 3 text messages"),
        (('phone = "teléfono"', f'phone = "{"ó" * 134}"'), "takes 5 text messages"),
        (('values = ["link", "kind"]', 'values = ["link", "kind"]\nabout = "cake"'), "is about cake"),
    ],
)  # fmt: skip
def test_each_mistake_is_named(folder: Path, change: tuple[str, str], problem: str) -> None:
    assert change[0] in RIGHT
    write(folder, RIGHT.replace(*change, 1))
    found = template_problems(folder)
    assert any(problem in line and line.startswith("note.toml") for line in found), found


def test_an_issuer_may_say_it_otherwise_and_is_checked_the_same_way(folder: Path) -> None:
    own = folder / "messages" / "note.toml"
    own.write_text('[en]\ntext = "Hello. {kind}? {link}"\n')
    assert template_problems(folder) == []
    assert wording._load(folder)["note"].in_("en").text == "Hello. {kind}? {link}"
    assert wording._load(folder)["note"].in_("es").text == "{issuer}, {kind}: {link}"
    own.write_text('values = ["code"]\n[en]\ntext = "Hello {code}"\n')
    assert any("holds {code}" in line for line in template_problems(folder))
    own.rename(own.with_name("cake.toml"))
    assert template_problems(folder) == ["messages/cake.toml: there is no such message"]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 0), ("x" * 160, 1), ("x" * 161, 2), ("x" * 306, 2), ("x" * 307, 3), ("€" * 80, 1), ("€" * 81, 2),
        ("ñ" * 160, 1), ("á" * 70, 1), ("á" * 71, 2), ("á" * 134, 2), ("á" * 135, 3), ("😀" * 35, 1), ("😀" * 36, 2),
    ],
)  # fmt: skip
def test_text_messages_are_counted_as_networks_do(text: str, parts: int) -> None:
    assert segments(text) == parts


def test_two_are_the_most() -> None:
    assert MOST_SEGMENTS == 2
