"""Train the model of needs again: `python -m cardline.needs.train`, with requirements/train.txt installed.

The same sentences and the same seed give the same file. What the training measures on the way (five folds, each
sentence judged by a model that never saw it) is printed and written into the file's header, and copied from there
into docs/needs.md.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize_scalar
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from cardline.needs.catalogue import OUT_OF_SCOPE, needs
from cardline.needs.corpus import SEED, Sentence, fingerprint, sentences
from cardline.needs.model import HEADER_LENGTH, MAGIC, MODEL_FILE, RARITY_STEPS
from cardline.needs.text import Features, features, plain

FOLDS = 5
MARGIN_COST = 0.5  # C of the support vector machine; chosen once on a public 77-intent set, not tuned since
FEATURES_KEPT = {"words": 16_000, "letters": 19_000}
OWN_WEIGHT = 2.0  # our own sentences speak of cards; most public ones speak of a banking app
BALANCE = -0.4  # a need with ten times the sentences weighs 10 ** 0.6 times as much, not ten times
COVERAGE = 0.9  # the surest share of sentences that we act upon without a question

Floats: TypeAlias = "NDArray[np.float64]"
Whole: TypeAlias = "NDArray[np.int64]"


@dataclass(frozen=True)
class Space:
    """The features of one kind that a model knows: their hashes in order, and how rare each is."""

    hashes: Whole
    rarities: Floats

    def matrix(self, found: Sequence[frozenset[int]]) -> sparse.csr_matrix:
        """One row a text, of length one, or empty where it shares nothing with the model."""
        place = {int(feature): at for at, feature in enumerate(self.hashes)}
        rows, columns = [], []
        for row, text in enumerate(found):
            for feature in text:
                if feature in place:
                    rows.append(row)
                    columns.append(place[feature])
        counts = sparse.csr_matrix(
            (self.rarities[columns], (rows, columns)), shape=(len(found), len(self.hashes))
        )
        lengths = np.sqrt(np.asarray(counts.multiply(counts).sum(axis=1)).ravel())
        return (sparse.diags(1 / np.where(lengths > 0, lengths, 1)) @ counts).tocsr()

    def only(self, kept: Whole) -> Space:
        return Space(self.hashes[kept], self.rarities[kept])


@dataclass(frozen=True)
class Trained:
    spaces: dict[str, Space]
    weights: dict[str, Floats]  # one row a need
    bias: Floats

    def scores(self, texts: Sequence[Features]) -> Floats:
        """One row a text, one column a need."""
        return self.bias + sum(
            space.matrix([getattr(text, kind) for text in texts]) @ self.weights[kind].T
            for kind, space in self.spaces.items()
        )


def train(texts: Sequence[Features], labels: Whole, weights: Floats) -> Trained:
    """Fit on everything, keep the features that matter, fit again on those alone."""
    spaces = {kind: _space([getattr(text, kind) for text in texts]) for kind in FEATURES_KEPT}
    first = _fit(texts, labels, weights, spaces)
    kept = {
        kind: space.only(_most_telling(first.weights[kind], FEATURES_KEPT[kind]))
        for kind, space in spaces.items()
    }
    return _fit(texts, labels, weights, kept)


def _space(found: Sequence[frozenset[int]]) -> Space:
    seen = Counter(feature for text in found for feature in text)
    hashes = np.array(sorted(seen), dtype=np.int64)
    counts = np.array([seen[int(feature)] for feature in hashes])
    rarities = np.log((1 + len(found)) / (1 + counts)) + 1
    # Rounded as the file stores them, so that the trained and the shipped model weigh alike.
    return Space(hashes, np.minimum(np.round(rarities * RARITY_STEPS), 255) / RARITY_STEPS)


def _most_telling(weights: Floats, number: int) -> Whole:
    """The features with the largest weight for any need, in order of their hashes."""
    return np.sort(np.argsort(-np.abs(weights).max(axis=0), kind="stable")[:number])


def _fit(texts: Sequence[Features], labels: Whole, weights: Floats, spaces: dict[str, Space]) -> Trained:
    matrices = {kind: space.matrix([getattr(text, kind) for text in texts]) for kind, space in spaces.items()}
    machine = LinearSVC(C=MARGIN_COST, random_state=SEED)
    machine.fit(sparse.hstack(list(matrices.values())).tocsr(), labels, sample_weight=weights)
    first_letters = matrices["words"].shape[1]
    return Trained(
        spaces=spaces,
        weights={"words": machine.coef_[:, :first_letters], "letters": machine.coef_[:, first_letters:]},
        bias=machine.intercept_,
    )


def sample_weights(given: Sequence[Sentence], labels: Whole) -> Floats:
    counts = np.bincount(labels)
    ours = np.array([OWN_WEIGHT if one.source.startswith(("own", "cue")) else 1.0 for one in given])
    return ours * (counts[labels] / counts.mean()) ** BALANCE


# ------------------------------------------------------------------------------------------- measuring


def out_of_fold(given: Sequence[Sentence], texts: Sequence[Features], labels: Whole) -> Floats:
    """Each sentence's score for each need by a model that did not see it. Cues are always training, never judged."""
    judged = np.array([index for index, one in enumerate(given) if not one.source.startswith("cue")])
    cues = np.array([index for index, one in enumerate(given) if one.source.startswith("cue")])
    weights = sample_weights(given, labels)
    scores = np.zeros((len(given), len(np.unique(labels))))
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    for seen, held_out in folds.split(judged, labels[judged]):
        learnt = np.concatenate([judged[seen], cues])
        fold = train([texts[at] for at in learnt], labels[learnt], weights[learnt])
        scores[judged[held_out]] = fold.scores([texts[at] for at in judged[held_out]])
    return scores


def best_temperature(scores: Floats, labels: Whole) -> float:
    """The temperature that makes held-out sentences most likely."""

    def surprise(logarithm: float) -> float:
        return -float(np.log(_chosen(probabilities(scores, np.exp(logarithm)), labels) + 1e-12).mean())

    return float(np.exp(minimize_scalar(surprise, bounds=(-4, 1), method="bounded").x))


def probabilities(scores: Floats, temperature: float) -> Floats:
    shares = np.exp((scores - scores.max(axis=1, keepdims=True)) / temperature)
    return shares / shares.sum(axis=1, keepdims=True)


def _chosen(shares: Floats, labels: Whole) -> Floats:
    return shares[np.arange(len(labels)), labels]


def calibration_error(confidence: Floats, right: NDArray[np.bool_]) -> float:
    """Mean distance between confidence and accuracy over ten bins, weighed by their size."""
    bins = np.minimum((confidence * 10).astype(int), 9)
    return float(
        sum(
            abs(confidence[bins == one].mean() - right[bins == one].mean()) * (bins == one).mean()
            for one in np.unique(bins)
        )
    )


def figures(
    given: Sequence[Sentence], labels: Whole, names: Sequence[str], scores: Floats, temperature: float
) -> dict[str, float]:
    """What is measured on held-out sentences, as shares of one."""
    judged = np.array([not one.source.startswith("cue") for one in given])
    source = np.array([one.source for one in given])[judged]
    labels = labels[judged]
    shares = probabilities(scores, temperature)[judged]
    ranked = np.argsort(-shares, axis=1)
    right = ranked[:, 0] == labels
    confidence = shares.max(axis=1)
    public = {one.need for one in given if not one.source.startswith(("own", "cue"))}
    unheard = np.array([names[label] not in public for label in labels])
    surest = confidence >= np.quantile(confidence, 0.1)
    bank = source == "banking77"
    found = {
        "all": right.mean(),
        "all at 90 % coverage": right[surest].mean(),
        "all top 3": (ranked[:, :3] == labels[:, None]).any(axis=1).mean(),
        "calibration error": calibration_error(confidence, right),
        "banking77 needs": right[bank].mean(),
        "banking77 needs at 90 % coverage": right[
            bank & (confidence >= np.quantile(confidence[bank], 0.1))
        ].mean(),
        "clinc150 card and bank needs": right[source == "clinc150"].mean(),
        "clinc150 out of scope recall": right[source == "clinc150-oos"].mean(),
        "foreign topics recall": right[source == "clinc150-foreign"].mean(),
        "in scope kept": (ranked[:, 0] != names.index(OUT_OF_SCOPE))[
            labels != names.index(OUT_OF_SCOPE)
        ].mean(),
        "own English": right[source == "own-en"].mean(),
        "own English top 3": (ranked[:, :3] == labels[:, None]).any(axis=1)[source == "own-en"].mean(),
        "own Spanish": right[source == "own-es"].mean(),
        "own Spanish top 3": (ranked[:, :3] == labels[:, None]).any(axis=1)[source == "own-es"].mean(),
        "own English, needs without public data": right[(source == "own-en") & unheard].mean(),
    }
    return {name: round(float(value), 4) for name, value in found.items()}


# ------------------------------------------------------------------------------------------- the file


def write_model(path: Path, trained: Trained, header: dict[str, object]) -> None:
    parts = []
    for kind, space in trained.spaces.items():
        worth = trained.weights[kind].T * space.rarities[:, None]
        scale = float(np.abs(worth).max() / 127)
        header[kind] = {"features": len(space.hashes), "scale": scale}
        parts += [
            space.hashes.astype("<u4").tobytes(),
            np.round(space.rarities * RARITY_STEPS).astype("u1").tobytes(),
            np.round(worth / scale).astype("i1").tobytes(),
        ]
    written = json.dumps(header, ensure_ascii=False).encode()
    written += b" " * (-(len(MAGIC) + HEADER_LENGTH.size + len(written)) % 4)
    path.write_bytes(b"".join([MAGIC, HEADER_LENGTH.pack(len(written)), written, *parts]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--to", type=Path, default=MODEL_FILE, help="where to write the model")
    target = parser.parse_args().to
    given = sentences()
    names = sorted(needs())
    labels = np.array([names.index(one.need) for one in given])
    texts = [features(plain(one.text)) for one in given]

    scores = out_of_fold(given, texts, labels)
    judged = np.array([not one.source.startswith("cue") for one in given])
    temperature = best_temperature(scores[judged], labels[judged])
    confidence = probabilities(scores[judged], temperature).max(axis=1)
    measured = figures(given, labels, names, scores, temperature)

    trained = train(texts, labels, sample_weights(given, labels))
    write_model(
        target,
        trained,
        {
            "needs": names,
            "bias": [round(float(value), 5) for value in trained.bias],
            "temperature": round(temperature, 5),
            "sure": round(float(np.quantile(confidence, 1 - COVERAGE)), 3),
            "fingerprint": fingerprint(given),
            "figures": measured,
        },
    )
    lines = [f"{name}: {value:.4f}" for name, value in measured.items()]
    lines.append(f"{target.name}: {target.stat().st_size:,} bytes, {len(given):,} sentences")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
