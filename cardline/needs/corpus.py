"""The sentences the model is trained on: our own and the public sets, each under the need it means.

Credit and licences of the public sets stand beside them in `data/public/`.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from cardline.needs.catalogue import DATA, OUT_OF_SCOPE
from cardline.needs.text import features, plain

PUBLIC = DATA / "public"

SEED = 7  # which foreign sentences are drawn, and how training starts

# Topics of a home assistant, not of a card issuer: enough of each to know them as foreign.
FOREIGN_PER_INTENT = 30

# CLINC150 intents that are neither a need nor plainly foreign: a plain "yes" says nothing about why someone came.
_SILENT = frozenset(
    {"yes", "no", "maybe", "cancel", "repeat", "order_status", "insurance", "insurance_change"}
)

# NLU++ tags a sentence several times; these combinations name one need without doubt.
_NLUPP_NEEDS: tuple[tuple[frozenset[str], frozenset[str], str], ...] = (
    # all of these tags, none of those, need
    (frozenset({"handoff"}), frozenset({"deny"}), "contact.human"),
    (frozenset({"lost_stolen", "card"}), frozenset({"pin", "deny"}), "lost_stolen.report"),
    (
        frozenset({"arrival", "card"}),
        frozenset({"pin", "make_open_apply_setup_get_activate"}),
        "card_access.delivery",
    ),
)
_NLUPP_SMALL_TALK = frozenset({"greet", "thank", "end_call"})


class Sentence(NamedTuple):
    text: str
    need: str
    source: str  # own-en, own-es, cue-en, cue-es, banking77, clinc150, clinc150-oos, clinc150-foreign, nlupp


def sentences() -> list[Sentence]:
    """Every training sentence, the same ones each time."""
    ours = (sentence for language in ("en", "es") for part in (own, cues) for sentence in part(language))
    return [*ours, *_banking77(), *_clinc150(Random(SEED)), *_nlupp()]  # noqa: S311 - a sample of sentences protects nothing


def fingerprint(given: Sequence[Sentence]) -> str:
    """Of the sentences and of what the model sees of them: it changes when the model must be trained again."""
    digest = hashlib.sha256()
    for one in given:
        seen = features(plain(one.text))
        digest.update(f"{one.need}\n{sum(seen.words)}\n{sum(seen.letters)}\n".encode())
    return digest.hexdigest()


def own(language: str) -> Iterator[Sentence]:
    """Our own sentences: what people say, one sentence a line."""
    for need, line in _lines_by_need(f"utterances-{language}.txt"):
        yield Sentence(line, need, f"own-{language}")


def cues(language: str) -> Iterator[Sentence]:
    """Words that give a need away, as short sentences."""
    for need, line in _lines_by_need(f"cues-{language}.txt"):
        for cue in line.split(","):
            yield Sentence(cue.strip(), need, f"cue-{language}")


def _lines_by_need(name: str) -> Iterator[tuple[str, str]]:
    """(need id, line) of a file whose headings are need ids in brackets."""
    need = ""
    for line in (DATA / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            need = line.strip("[]")
        elif line and not line.startswith("#"):
            yield need, line


def _banking77() -> Iterator[Sentence]:
    meaning = _meaning("banking77")
    for row in _rows(PUBLIC / "banking77" / "train.csv"):
        yield Sentence(row["text"], meaning[row["category"]], "banking77")


def _clinc150(random: Random) -> Iterator[Sentence]:
    meaning = _meaning("clinc150")
    foreign = defaultdict(list)
    for row in (*_rows(PUBLIC / "clinc150" / "train.csv"), *_rows(PUBLIC / "clinc150" / "val.csv")):
        intent = row["intent"]
        if intent == "oos":
            yield Sentence(row["text"], OUT_OF_SCOPE, "clinc150-oos")
        elif intent in meaning:
            yield Sentence(row["text"], meaning[intent], "clinc150")
        elif intent not in _SILENT:
            foreign[intent].append(row["text"])
    for intent in sorted(foreign):
        for text in random.sample(foreign[intent], FOREIGN_PER_INTENT):
            yield Sentence(text, OUT_OF_SCOPE, "clinc150-foreign")


def _nlupp() -> Iterator[Sentence]:
    for line in (PUBLIC / "nlupp" / "train.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        tags = frozenset(entry["intents"])
        if tags and tags <= _NLUPP_SMALL_TALK:
            yield Sentence(entry["text"], "contact.chitchat", "nlupp")
        for wanted, unwanted, need in _NLUPP_NEEDS:
            if wanted <= tags and not unwanted & tags:
                yield Sentence(entry["text"], need, "nlupp")
                break


def _meaning(source: str) -> Mapping[str, str]:
    return {row["intent"]: row["need"] for row in _rows(PUBLIC / "intents.csv") if row["source"] == source}


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
