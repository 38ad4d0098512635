"""The kinds of letter: each is whole in each language and place, and one that is not stops the start by name."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cardline.config.checks import letters_can_be_written
from cardline.notify.letters import table
from cardline.notify.letters.table import FOLDER, UnknownLetter, letter_kind, letter_kinds, table_problems
from cardline.ui.letter_names import CLASSES, NAMES

FILE = "dispute.acknowledgement.toml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(FOLDER / FILE, tmp_path / FILE)
    return tmp_path


def spoil(folder: Path, before: str, after: str) -> list[str]:
    text = (folder / FILE).read_text("utf-8")
    assert before in text
    (folder / FILE).write_text(text.replace(before, after), "utf-8")
    return table_problems(folder)


def test_every_kind_is_whole_and_has_a_name_on_pages() -> None:
    assert table_problems() == []
    assert set(NAMES) == set(letter_kinds())
    assert set(CLASSES) == set(table.CLASSES)


def test_every_part_says_on_what_it_rests() -> None:
    for kind in letter_kinds().values():
        for part in kind.parts:
            assert (
                "CFR" in part.source
                or "DOMAIN" in part.source
                or "Product" in part.source
                or "DISP" in part.source
            )


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("[es]", "[fr]", "nothing in es"),
        ('need_not_z = "Hasta', 'need_not_y = "Hasta', "es: part need_not_z has no words"),
        ("by {decide_by}.", "by {decided_by}.", "en: part what_we_do: holds {decided_by}, which nobody fills"),
        ("by {decide_by}.", "by then.", "en: fact decide_by stands in no part"),
        ("by {decide_by}.", "by {decide_by!r}.", "en: part what_we_do: a value stands in braces by its name alone"),
        ('claim = "words"', 'claim = "song"', "fact claim: nobody knows how to say a song"),
        ('source = "12 CFR 1005.11(b)(1), (c)(2)"', 'source = " "', "part need_not_e names no source"),
        ('for = ["US.e"]', 'for = ["GB"]', "part need_not_e is for GB, where there is no such letter"),
        ('for = ["US.e"]', 'for = ["US.b"]', "part need_not_e is for US.b, where there is no such letter"),
        ('covers = "disputes"', 'covers = "birthdays"', "covers birthdays, which nobody consents to (CLASSES)"),
        ('laws = ["z", "e"]', 'laws = ["z", "x"]', "law x is unknown"),
        ('reference = "reference"', 'refer = "reference"', "fact reference is missing: it stands on each page"),
        ('subject = "We have your dispute"', 'subject = ""', "en: subject: one line, and not empty"),
        ("days = 2", "days = 0", "days is a number above 0, not 0"),
        ("days = 2", "day = 2", "cannot be read: 'days'"),
        ('id = "charges"', 'id = "received"', "part received stands there twice"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_file_part_and_language(
    folder: Path, before: str, after: str, said: str
) -> None:
    assert f"{FILE}: {said}" in spoil(folder, before, after)


def test_the_words_for_choices_and_empty_lists_are_the_same_in_each_language(tmp_path: Path) -> None:
    text = (FOLDER / "lost.summary.toml").read_text("utf-8")
    spoiled = text.replace('stolen = "fue robada"\n', "").replace(
        "[es.none]\ncharges = ", "[es.none]\ncards = "
    )
    (tmp_path / "lost.summary.toml").write_text(spoiled, "utf-8")
    assert table_problems(tmp_path) == [
        "lost.summary.toml: es: the words for how are not those of en",
        "lost.summary.toml: es: the words for empty lists are not those of en",
    ]


def test_a_spoiled_kind_stops_the_start(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert letters_can_be_written(None) == []
    problems = spoil(folder, "[es]", "[fr]")
    monkeypatch.setattr("cardline.config.checks.table_problems", lambda: problems)
    assert [error.msg for error in letters_can_be_written(None)] == [f"letter {FILE}: nothing in es"]


def test_which_parts_are_needed_is_a_matter_of_country_and_law() -> None:
    kind = letter_kind("dispute.acknowledgement")
    by_law = {law: {part.id for part in kind.parts_for("US", law)} for law in ("z", "e")}
    assert by_law["z"] - by_law["e"] == {"need_not_z"} and by_law["e"] - by_law["z"] == {"need_not_e"}
    for country, law in (("US", ""), ("US", "b"), ("GB", "z")):
        with pytest.raises(UnknownLetter):
            kind.parts_for(country, law)
    assert letter_kind("card.replacement").parts_for("GB", "")
    with pytest.raises(UnknownLetter, match="known: application.declined, card.replacement"):
        letter_kind("birthday")


def test_the_version_changes_with_a_word_and_with_nothing_else(folder: Path) -> None:
    before = table.load(folder)[FILE.removesuffix(".toml")]
    spoil(folder, "We look into it", "We look into this")
    after = table.load(folder)[FILE.removesuffix(".toml")]
    assert before.version("en", "US", "z") != after.version("en", "US", "z")
    assert before.version("es", "US", "z") == after.version("es", "US", "z")
    assert len({before.version(tongue, "US", law) for tongue in ("en", "es") for law in ("z", "e")}) == 4
