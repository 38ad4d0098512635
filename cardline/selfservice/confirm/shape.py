"""What an approval is made of."""

from __future__ import annotations

from dataclasses import dataclass

from cardline.ui.shapes import Fact


@dataclass(frozen=True, slots=True)
class Approval:
    """title: of the page. facts: what exactly. said: the same in the message, after "your code to". word: the action as
    the level matrix calls it, for messages that say no more.
    """

    title: str
    facts: tuple[Fact, ...]
    said: str
    word: str = ""
