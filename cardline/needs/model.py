"""The trained model at run time: a file of small whole numbers, mapped and read row by row, and a sum of rows.

A text's score for a need is the sum, over the words (and, apart, the letter runs) it has in common with the model,
of that feature's weight for the need, divided by the length of the feature vector. The file holds one row of weights
for each feature, already multiplied by how rare the feature is; a sentence touches a few hundred of them, so
neither numpy nor the whole file is needed.

The file: magic, length of the header, header in JSON, then for each kind of feature its sorted hashes (32 bits),
its rarities (8 bits) and its rows (8 bits, one column a need). `train` writes it.
"""

from __future__ import annotations

import json
import math
import mmap
import struct
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cardline.needs.catalogue import DATA
from cardline.needs.text import Features, features

MODEL_FILE = DATA / "model.bin"
MAGIC = b"needs\x00\x01\n"
RARITY_STEPS = 16  # a rarity of 1.0 is stored as 16
HEADER_LENGTH = struct.Struct("<I")


class ModelUnreadable(RuntimeError):
    """The model file is not one of ours, or not whole. Make it again with `python -m cardline.needs.train`."""


@dataclass(frozen=True, slots=True)
class _Table:
    """The features of one kind: where a hash stands, how rare it is, and its row of weights."""

    hashes: memoryview
    rarities: memoryview
    rows: memoryview
    scale: float  # what a weight of 1 in the file is worth

    def add_to(self, scores: list[float], found: frozenset[int]) -> None:
        """Add this kind's part to the scores of a text whose hashed features are `found`."""
        width = len(scores)
        rows = []
        length_squared = 0
        for feature in found:
            at = bisect_left(self.hashes, feature)
            if at < len(self.hashes) and self.hashes[at] == feature:
                rows.append(self.rows[at * width : (at + 1) * width])
                length_squared += self.rarities[at] ** 2
        if rows:
            worth = self.scale * RARITY_STEPS / math.sqrt(length_squared)
            for column, total in enumerate(map(sum, zip(*rows, strict=True))):
                scores[column] += worth * total


@dataclass(frozen=True, slots=True)
class Model:
    """needs: the need each column stands for.

    sure: the confidence from which on we act without asking.
    temperature: what the scores are divided by so that a confidence of 0.8 is right eight times in ten.
    fingerprint: of the sentences it was trained on, see `train`.
    """

    needs: tuple[str, ...]
    bias: tuple[float, ...]
    temperature: float
    sure: float
    fingerprint: str
    figures: Mapping[str, float]
    words: _Table
    letters: _Table

    def probabilities(self, plain_text: str) -> dict[str, float]:
        """How likely each need is, adding up to 1."""
        found: Features = features(plain_text)
        scores = list(self.bias)
        self.words.add_to(scores, found.words)
        self.letters.add_to(scores, found.letters)
        return _softmax(dict(zip(self.needs, scores, strict=True)), self.temperature)


def _softmax(scores: Mapping[str, float], temperature: float) -> dict[str, float]:
    highest = max(scores.values())
    shares = {need: math.exp((score - highest) / temperature) for need, score in scores.items()}
    total = sum(shares.values())
    return {need: share / total for need, share in shares.items()}


@cache
def model() -> Model:
    """The model the product carries, mapped once. Raises ModelUnreadable."""
    return read_model(MODEL_FILE)


def read_model(path: Path) -> Model:
    """Raises ModelUnreadable."""
    try:
        with path.open("rb") as file:
            content = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        return _parse(content)
    except (OSError, ValueError, KeyError, TypeError, struct.error) as error:
        raise ModelUnreadable(f"{path.name}: {error}. Run python -m cardline.needs.train.") from error


def _parse(content: memoryview) -> Model:
    if bytes(content[: len(MAGIC)]) != MAGIC:
        raise ValueError("not a model of needs")
    start = len(MAGIC) + HEADER_LENGTH.size
    (length,) = HEADER_LENGTH.unpack(content[len(MAGIC) : start])
    header: dict[str, Any] = json.loads(bytes(content[start : start + length]))
    width = len(header["needs"])
    at = start + length
    tables = {}
    for kind in ("words", "letters"):
        size = header[kind]["features"]
        ends = (at + 4 * size, at + 5 * size, at + 5 * size + width * size)
        if ends[-1] > len(content):
            raise ValueError("cut short")
        tables[kind] = _Table(
            hashes=content[at : ends[0]].cast("I"),
            rarities=content[ends[0] : ends[1]],
            rows=content[ends[1] : ends[2]].cast("b"),
            scale=header[kind]["scale"],
        )
        at = ends[-1]
    return Model(
        needs=tuple(header["needs"]),
        bias=tuple(header["bias"]),
        temperature=header["temperature"],
        sure=header["sure"],
        fingerprint=header["fingerprint"],
        figures=header["figures"],
        **tables,
    )
