"""What a word says and what an answer does, as tables."""

from __future__ import annotations

import pytest

from cardline.fraud.rules import Effect, Word, effect_of, read_word


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("YES", Word.YES),
        (" yes! ", Word.YES),
        ("Sí.", Word.YES),
        ("SI", Word.YES),
        ("no", Word.NO),
        ("¡NO!", Word.NO),
        ("No idea", Word.OTHER),
        ("yes and no", Word.OTHER),
        ("", Word.OTHER),
        ("1", Word.OTHER),
        ("nosotros", Word.OTHER),
    ],
)
def test_one_word_in_either_language_is_an_answer_and_more_is_for_a_person(text: str, word: Word) -> None:
    assert read_word(text) == word


YES, NO = True, False
PAGE, TEXT = False, True


@pytest.mark.parametrize(
    ("state", "mine", "by_text", "is_fresh", "effect"),
    [
        ("asked", YES, TEXT, True, Effect.LIFT),
        ("asked", YES, PAGE, True, Effect.LIFT),
        ("asked", NO, TEXT, True, Effect.FREEZE),
        ("silent", YES, TEXT, True, Effect.LIFT),
        ("silent", YES, TEXT, False, Effect.LATE),
        ("silent", YES, PAGE, False, Effect.LIFT),
        ("silent", NO, TEXT, False, Effect.FREEZE),
        ("answered_yes", YES, TEXT, True, Effect.SAME),
        ("answered_yes", NO, TEXT, False, Effect.FREEZE),
        ("answered_no", NO, PAGE, True, Effect.SAME),
        ("answered_no", YES, TEXT, True, Effect.AGAINST),
        ("answered_no", YES, PAGE, True, Effect.LIFT),
    ],
)
def test_a_no_always_protects_and_a_yes_by_text_never_undoes_one(
    state: str, mine: bool, by_text: bool, is_fresh: bool, effect: Effect
) -> None:
    assert effect_of(state, mine=mine, by_text=by_text, is_fresh=is_fresh) == effect
