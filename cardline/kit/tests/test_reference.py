"""References: given out, read aloud, typed back, and never mistaken for another."""

from __future__ import annotations

import random
import re
from itertools import combinations, pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardline.kit import reference as reference_module
from cardline.kit.redact import clean
from cardline.kit.reference import (
    EXAMPLE,
    LENGTH,
    SYMBOLS,
    BadReference,
    contact_reference,
    explain,
    new_reference,
    parse_contact_reference,
    parse_reference,
    show_reference,
    spell_reference,
)

ISSUED = [new_reference(random.Random(seed)) for seed in range(100)]


def refusal(typed: str) -> str | None:
    try:
        parse_reference(typed)
    except BadReference as bad:
        return bad.kind
    return None


def test_a_reference_is_seven_symbols_with_a_letter_among_them() -> None:  # SR-18
    for reference in ISSUED:
        assert re.fullmatch(f"[{SYMBOLS}]{{{LENGTH}}}", reference)
        assert re.search("[A-Z]", reference)
        assert not set(reference) & set("ILOU")


def test_references_are_drawn_from_the_systems_secure_chance() -> None:  # SR-18
    assert len({new_reference() for _ in range(1000)}) == 1000


def test_one_without_a_letter_is_never_issued() -> None:
    class Draws(random.Random):
        """First the digits whose check symbol is a digit too, then the design's example."""

        bodies = [next(body for body in map(str, range(100_000, 999_999)) if all_digits(body)), "7K429Q"]

        def choices(self, *args: object, **kwargs: object) -> list[str]:  # type: ignore[override]
            return list(self.bodies.pop(0))

    assert new_reference(Draws()) == "7K429QM"


def all_digits(body: str) -> bool:
    return any(refusal(body + symbol) == "no_letter" and valid(body + symbol) for symbol in "0123456789")


def valid(reference: str) -> bool:
    return reference_module._value(reference) == 0


# --- the check ----------------------------------------------------------------------------------------------


def test_every_single_wrong_symbol_is_refused() -> None:  # SR-18
    for reference in ISSUED:
        for place, symbol in product(range(LENGTH), SYMBOLS):
            wrong = reference[:place] + symbol + reference[place + 1 :]
            assert (refusal(wrong) is None) == (wrong == reference)


def test_every_swap_of_two_different_symbols_is_refused_neighbours_or_not() -> None:  # SR-18
    for reference in ISSUED:
        for left, right in combinations(range(LENGTH), 2):
            swapped = list(reference)
            swapped[left], swapped[right] = swapped[right], swapped[left]
            assert (refusal("".join(swapped)) is None) == (reference[left] == reference[right])


def test_the_check_finds_these_for_every_reference_there_is() -> None:  # SR-18
    """The check adds up one number for each place and symbol, so pairs of these prove it for all."""
    table = [
        [reference_module._value("0" * place + symbol + "0" * (LENGTH - 1 - place)) for symbol in SYMBOLS]
        for place in range(LENGTH)
    ]
    for reference in ISSUED:
        total = 0
        for place, symbol in enumerate(reference):
            total ^= table[place][SYMBOLS.index(symbol)]
        assert total == 0
    for weights in table:
        assert len(set(weights)) == 32  # one symbol for another always changes the sum
    for left, right in pairwise(table):
        for one, other in combinations(range(32), 2):
            assert left[one] ^ right[other] != left[other] ^ right[one]


def test_each_six_symbols_have_exactly_one_check_symbol() -> None:
    for body in ("000000", "7K429Q", "ZZZZZZ", "A1B2C3"):
        assert sum(valid(body + symbol) for symbol in SYMBOLS) == 1


# --- typing and reading -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "7K4-29QM",
        "7k429qm",
        " 7k4 29 qm\n",
        "7K4–29QM",
        "7K4\u201129QM",
        "\u200b7K4\u00a029QM\ufeff",
        "7-K-4-2-9-Q-M",
    ],
)
def test_it_may_be_typed_as_people_type(typed: str) -> None:
    assert parse_reference(typed) == "7K429QM"


def test_misread_letters_are_read_as_the_digits_they_resemble() -> None:
    reference = next(found for found in map(new_reference, map(random.Random, range(9999))) if "01" in found)
    for zero, one in product("0Oo", "1IiLl"):
        assert parse_reference(reference.replace("0", zero).replace("1", one)) == reference


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("", "length"),
        ("7K4-29Q", "length"),
        ("7K4-29QM-1", "length"),
        ("7" * 1_000_000, "length"),
        ("7K4-29Q!", "symbol"),
        ("7U4-29QM", "symbol"),
        ("７K4-29QM", "symbol"),
        ("7K4\x0029QM", "symbol"),
        ("5550142", "no_letter"),
        ("7K4-29QN", "check"),
        ("7K4-92QM", "check"),
    ],
)
def test_a_refusal_says_why(typed: str, kind: str) -> None:
    assert refusal(typed) == kind


@given(st.text(max_size=20) | st.text(SYMBOLS + "oil -", max_size=12))
def test_whatever_is_typed_is_a_reference_or_a_refusal(typed: str) -> None:
    if refusal(typed) is None:
        assert valid(parse_reference(typed))


@pytest.mark.parametrize("language", ["en", "es", "es-MX", "de"])
@pytest.mark.parametrize("kind", ["length", "symbol", "no_letter", "check"])
def test_the_person_is_told_with_an_example_that_works(kind: reference_module.Problem, language: str) -> None:
    sentence = explain(kind, language)
    assert EXAMPLE in sentence
    assert parse_reference(EXAMPLE) == "7K429QM"
    assert sentence.startswith("No " if language.startswith("es") else "We ")


def test_a_wrong_check_symbol_is_explained_in_the_words_of_the_design() -> None:
    assert explain("check", "en") == (
        "We can't find that reference. It has 7 letters and numbers, like 7K4-29QM. Check for 0 and 8."
    )


def test_it_is_spelled_for_the_phone() -> None:
    assert spell_reference("7K429QM", "en") == "seven, kilo, four, two, nine, quebec, mike"
    assert spell_reference("7K429QM", "es") == "siete, kilo, cuatro, dos, nueve, quebec, mike"


def test_every_symbol_has_a_word_of_its_own() -> None:
    for language in ("en", "es"):
        words = [spell_reference(symbol, language) for symbol in SYMBOLS]
        assert len(set(words)) == 32
        for symbol, word in zip(SYMBOLS[10:], words[10:], strict=True):
            assert word[0].upper() == symbol


# --- contacts, and cards ------------------------------------------------------------------------------------


def test_contacts_are_numbered_under_their_case() -> None:
    assert contact_reference("7K429QM", 1) == "7K4-29QM-1"
    assert parse_contact_reference("7k4 29qm 12") == ("7K429QM", 12)
    with pytest.raises(ValueError, match="from 1 to 9999"):
        contact_reference("7K429QM", 0)


@given(st.integers(1, 9999), st.sampled_from(ISSUED))
def test_a_contact_reference_is_read_back(number: int, reference: str) -> None:
    assert parse_contact_reference(contact_reference(reference, number)) == (reference, number)


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("7K4-29QM", "length"),
        ("7K4-29QM-0", "length"),
        ("7K4-29QM-12345", "length"),
        ("7K4-29QM-A", "length"),
        ("7K4-29QN-1", "check"),
        ("", "length"),
    ],
)
def test_what_is_no_contact_reference_is_refused(typed: str, kind: str) -> None:
    with pytest.raises(BadReference) as refused:
        parse_contact_reference(typed)
    assert refused.value.kind == kind


@given(
    st.lists(st.sampled_from(ISSUED), min_size=1, max_size=6),
    st.sampled_from(["-1 ", " ", ", ", "\n", "-22\n"]),
)
def test_references_never_look_like_a_card(references: list[str], between: str) -> None:  # SR-18, SR-9
    for text in (between.join(references), between.join(map(show_reference, references))):
        assert clean(text) == text
