"""Every flow by its name, with the version its answers are kept under."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

from cardline.flows.talk import Talk
from cardline.flows.verbs import Verb

Conversation = Generator[Verb, Any, None]


@dataclass(frozen=True, slots=True)
class Flow:
    """name: a word of its family ("lost_stolen.report"). need: the one of the catalogue it is about.

    title: msgid. version: raised when answers given before would mean something else now. level: what it takes to
    begin, 0 for a stranger. slug: its address on the web.
    """

    name: str
    need: str
    title: str
    version: int
    level: int
    slug: str
    converse: Callable[[Talk], Conversation]


flows: dict[str, Flow] = {}


def flow(
    name: str, *, title: str, need: str = "", version: int = 1, level: int = 0, slug: str = ""
) -> Callable[[Callable[[Talk], Conversation]], Callable[[Talk], Conversation]]:
    """Declare a conversation. need: its own name where left out. slug: the name with dashes where left out."""

    def declare(converse: Callable[[Talk], Conversation]) -> Callable[[Talk], Conversation]:
        if name in flows:
            raise RuntimeError(f"two flows are called {name}")
        address = slug or name.replace(".", "-").replace("_", "-")
        flows[name] = Flow(name, need or name, title, version, level, address, converse)
        return converse

    return declare


def flow_called(name: str) -> Flow:
    """Raises KeyError."""
    return flows[name]


def flow_at(slug: str) -> Flow | None:
    return next((one for one in flows.values() if one.slug == slug), None)


def flows_about(need: str) -> list[Flow]:
    return [one for one in flows.values() if one.need == need]
