"""The model file: made from the sentences in the tree, whole, small, and read without training libraries."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cardline.needs.catalogue import needs
from cardline.needs.corpus import cues, fingerprint, own, sentences
from cardline.needs.model import MODEL_FILE, ModelUnreadable, model, read_model
from cardline.needs.text import LONGEST, features, plain


def test_the_model_was_trained_on_the_sentences_in_the_tree() -> None:
    assert model().fingerprint == fingerprint(sentences()), "run python -m cardline.needs.train"


def test_every_need_has_sentences_of_ours_in_both_languages() -> None:
    english, spanish = ({one.need: 0 for one in own(language)} for language in ("en", "es"))
    for language, found in (("en", english), ("es", spanish)):
        for one in own(language):
            found[one.need] += 1
    public = {one.need for one in sentences() if not one.source.startswith(("own", "cue"))}
    assert set(english) == set(spanish) == set(needs())
    assert all(count >= 8 for count in spanish.values())
    assert all(count >= 15 for name, count in english.items() if name not in public)
    assert {one.need for language in ("en", "es") for one in cues(language)} <= set(needs())


def test_the_model_knows_every_need_and_its_shares_add_up() -> None:
    shares = model().probabilities(plain("I was charged twice"))
    assert set(shares) == set(needs())
    assert sum(shares.values()) == pytest.approx(1)


def test_the_model_is_small_and_calibrated_on_held_out_sentences() -> None:
    assert MODEL_FILE.stat().st_size < 4_000_000
    assert model().figures["calibration error"] <= 0.03
    assert model().figures["banking77 needs"] >= 0.92


def test_reading_it_needs_no_training_library() -> None:
    code = (
        "import sys; from cardline.needs.triage import triage; triage('lost my card');"
        "assert not {'numpy', 'sklearn', 'scipy', 'django'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[3])


@pytest.mark.parametrize("kept", [0, 5, 20, 2_000, 1_000_000])
def test_a_file_cut_short_is_refused(kept: int, tmp_path: Path) -> None:
    cut = tmp_path / "model.bin"
    cut.write_bytes(MODEL_FILE.read_bytes()[:kept])
    with pytest.raises(ModelUnreadable, match="cardline.needs.train"):
        read_model(cut)


def test_another_file_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "model.bin"
    other.write_bytes(b"not a model of needs " * 1000)
    with pytest.raises(ModelUnreadable):
        read_model(other)


def test_plain_text_drops_accents_case_and_marks() -> None:
    assert plain("  ALGUIEN usó\u200b mi\ttarjeta\r\n") == "alguien uso mi tarjeta"
    assert plain("can’t") == "can't"
    assert len(plain("ﷺ" * 10_000)) <= LONGEST * 2


def test_features_are_words_pairs_and_letter_runs() -> None:
    found = features("lost card")
    assert len(found.words) == 3
    assert features("lost").letters < found.letters
    assert features("") == (frozenset(), frozenset())


def test_the_documentation_tells_the_figures_of_this_model() -> None:
    written = (Path(__file__).parents[3] / "docs" / "needs.md").read_text(encoding="utf-8")
    for name, share in model().figures.items():
        assert f"| {name} | {100 * share:.1f} % |" in written
