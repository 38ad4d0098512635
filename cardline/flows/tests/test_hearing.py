"""A few typed or spoken words as an answer: understood surely, or not at all."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from cardline.flows.choices import NO, YES
from cardline.flows.hearing import Heard, hear, person_words_of
from cardline.flows.talk import Talk, option
from cardline.flows.verbs import Ask, Option
from cardline.issuer.profile import Text, VoiceMenu
from cardline.kit.words import Reader

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
ENGLISH, SPANISH = (Reader(language, ZoneInfo("America/New_York"), NOW) for language in ("en", "es"))
CARDS = (
    option("c1", "Card ending %(last4)s", last4="4471"),
    option("c2", "Card ending %(last4)s, %(holder)s", last4="2031", holder="Tom"),
)
talk = Talk()
SURE = talk.yes_no("sure", "Sure?")
CARD = talk.ask_card("card", "Which card?")


def heard(
    text: str, ask: Ask, choices: tuple[Option, ...] = (), reader: Reader = ENGLISH
) -> list[str] | Heard:
    return hear(text, ask, choices, reader)


@pytest.mark.parametrize("text", ["yes", "Yes!", "yeah ok", "sí", "SI", "claro que si", "1", "Correct."])
def test_yes(text: str) -> None:
    assert heard(text, SURE) == [YES]


@pytest.mark.parametrize("text", ["no", "No.", "nope", "2", "not that one", "no, gracias"])
def test_no(text: str) -> None:
    assert heard(text, SURE) == [NO]


@pytest.mark.parametrize(
    "text",
    ["", "3", "maybe", "yes and no", "I lost it yesterday on the train and nobody has called me back yes"],
)
def test_neither_is_not_understood(text: str) -> None:
    assert heard(text, SURE) is Heard.NOTHING


@pytest.mark.parametrize(
    "text", ["0", "agent", "A person please", "representative!", "un agente", "quiero una persona"]
)
@pytest.mark.parametrize("ask", [SURE, CARD], ids=["yes or no", "card"])
def test_a_person_is_one_word_away(text: str, ask: Ask) -> None:
    assert heard(text, ask, CARDS) is Heard.PERSON


def test_somebodys_own_words_are_only_a_wish_for_a_person_when_they_are_nothing_else() -> None:
    what = talk.ask_text("what", "What happened?")
    assert heard("agent", what) is Heard.PERSON
    assert heard("A person took my bag", what) == ["A person took my bag"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1", ["c1"]),
        ("2", ["c2"]),
        ("4471", ["c1"]),
        ("the", Heard.NOTHING),
        ("Tom", ["c2"]),
        ("card", Heard.NOTHING),
    ],
)
def test_a_card_by_its_place_or_its_own_words(text: str, wanted: object) -> None:
    assert heard(text, CARD, CARDS) == wanted


@pytest.mark.parametrize("text", ["3", "9999", "both", "4471 and 2031"])
def test_what_is_no_card_is_not_guessed(text: str) -> None:
    assert heard(text, CARD, CARDS) is Heard.NOTHING


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("none", []),
        ("ninguna", []),
        ("no", []),
        ("1, 2", ["c1", "c2"]),
        ("2 y 2", ["c2"]),
        ("1 and maybe 2", Heard.NOTHING),
    ],
)
def test_several(text: str, wanted: object) -> None:
    assert heard(text, talk.ask_charges("unknown", "Which?", card="c1"), CARDS) == wanted


def test_digits_go_on_as_typed() -> None:
    assert heard(" 4 4 7 1 ", talk.ask_digits("last4", "Last four?", least=4, most=4)) == ["4 4 7 1"]


def test_the_issuers_own_words_and_keys_lead_to_a_person() -> None:
    menu = VoiceMenu(("9",), (Text.of(en="helper", es="ayudante"),), Text.same(""), Text.same(""))
    words = person_words_of(menu)
    for said in ("9", "a helper", "Ayudante!", "0"):
        assert hear(said, SURE, (), ENGLISH, words) is Heard.PERSON
