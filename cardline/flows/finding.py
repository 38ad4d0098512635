"""What flows may look up: names of questions, each answered by queries of the product as JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cardline.flows.here import Here

Json = Any
Finding = Callable[..., Json]


@dataclass(frozen=True, slots=True)
class Question:
    """samples: every kind of answer it gives, from which the walk through all flows is made (check.py)."""

    find: Finding
    samples: Sequence[Json]


questions: dict[str, Question] = {}


def finds(name: str, *, samples: Sequence[Json]) -> Callable[[Finding], Finding]:
    """Declare a question."""

    def declare(find: Finding) -> Finding:
        if name in questions:
            raise RuntimeError(f"two questions are called {name}")
        questions[name] = Question(find, samples)
        return find

    return declare


def find(here: Here, name: str, values: Mapping[str, Json]) -> Json:
    """Raises KeyError for an unknown name."""
    return questions[name].find(here, **values)
