"""What flows may have done: names of actions, each one command of the product.

An action gets `Here` and the flow's values, calls a command inside the running one, and returns what the flow goes on
with, as JSON. A refusal of the command is an answer to the flow (`Outcome.refused`), silence of the card core is not:
the flow waits for it. A result may carry "case_id": the case this conversation then belongs to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cardline.flows.here import Here

Json = Any
Doing = Callable[..., Mapping[str, Json]]


@dataclass(frozen=True, slots=True)
class Action:
    """results, refusals: every kind of answer it gives, from which the walk through all flows is made (check.py)."""

    run: Doing
    results: Sequence[Mapping[str, Json]]
    refusals: Sequence[str]


actions: dict[str, Action] = {}


def does(
    name: str, *, results: Sequence[Mapping[str, Json]], refusals: Sequence[str] = ()
) -> Callable[[Doing], Doing]:
    """Declare an action. results: examples of what it returns, one of each kind. refusals: codes it may answer with."""

    def declare(run: Doing) -> Doing:
        if name in actions:
            raise RuntimeError(f"two actions are called {name}")
        actions[name] = Action(run, results, refusals)
        return run

    return declare


def do(here: Here, name: str, values: Mapping[str, Json]) -> Mapping[str, Json]:
    """Raises KeyError for an unknown name, and what its command raises."""
    return actions[name].run(here, **values)
