"""What a door is: something that takes a message off our hands, or says why not."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

NO_ANSWER, NOT_TAKEN, NO_SUCH_PLACE, NOT_SET_UP = "no_answer", "not_taken", "no_such_place", "not_set_up"

KEPT = "kept_here"  # what a door says in place of a name when it wrote a file that nobody carries any further


@dataclass(frozen=True, slots=True)
class Message:
    """name: ours for it, the same at each try. subject: one line, "" where the door has none. secret: it holds a code.
    made_at: machine time. theirs: what the provider called the member's other messages to that place.
    """

    name: str
    to: str
    language: str
    subject: str = field(repr=False)
    body: str = field(repr=False)
    secret: bool
    receiver: str
    asked_at: datetime
    made_at: datetime
    theirs: frozenset[str] = frozenset()


class NotTaken(Exception):
    """Tried in vain. Holds words of ours only: what providers say names the place, and logs keep it.

    permanent: the same again would get the same answer. unsure: it may have been taken, and nobody heard.
    """

    def __init__(self, problem: str, *, permanent: bool = False, unsure: bool = False) -> None:
        super().__init__(problem)
        self.problem, self.permanent, self.unsure = problem, permanent, unsure


class Door(Protocol):
    def send(self, message: Message) -> str:
        """Hand it over. Returns what the other side calls it, "" when it gives no name, KEPT when there is no other
        side. Raises NotTaken.
        """

    def found(self, message: Message) -> str | None:
        """Whether an earlier try arrived whose answer nobody heard: its name there, or None. Raises NotTaken.

        A door that cannot ask says None, and sends again under the same name.
        """
