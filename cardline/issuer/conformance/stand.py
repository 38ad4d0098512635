"""What a core is checked on: an installation of it that may be thrown away, with two customers and a world outside."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from cardline.issuer.core import CardCore


class Spoil(StrEnum):
    """What a hostile or broken core does to its answers. Each leaves MARK or FULL_NUMBER where it put something in."""

    FULL_NUMBER = "a card number in full where the last four belong"
    NO_ZONE = "times without their zone"
    OTHER_CURRENCY = "amounts in another currency"
    CONTROL = "control characters inside names"
    LONG_WORDS = "names of ten thousand letters"
    HUGE = "a page far longer than was asked for"
    WRONG_TYPE = "objects where texts and numbers belong"
    UNKNOWN_STATE = "a state nobody has heard of"
    OTHER_ROWS = "somebody else's card and account"
    TRUNCATED = "an answer that stops in the middle"
    NOT_JSON = "an answer in another language"
    DEEP = "a hundred thousand brackets"
    NOTHING = "an empty answer"


MARK = "HOSTILE-7F3A"
FULL_NUMBER = "4111111111111111"


class Transport(Protocol):
    """The way between us and a core that runs elsewhere, made to misbehave. Each lasts until `mend`."""

    def lose_answers(self) -> None:
        """What is asked arrives and is done; the answer never comes."""

    def cut(self) -> None:
        """Nothing arrives."""

    def spoil(self, how: Spoil) -> None: ...

    def mend(self) -> None: ...

    def changes(self) -> int:
        """How many times a card's state was really changed so far."""


class Stand(Protocol):
    """A core with a past: `customer` has an active card `card`, `stranger` another one, and nobody anything else.

    transport: None for a core inside our own process, between which and us nothing can be lost.
    """

    core: CardCore
    customer: str
    card: str
    stranger: str
    strangers_card: str
    transport: Transport | None

    def purchase(self, merchant: str, amount_minor: int) -> None:
        """A merchant asks for an amount with the customer's card, a minute later than the last one did.

        An active card buys: a transaction, and an approved authorisation where the core keeps them. Else: declined.
        """

    def now(self) -> datetime:
        """Aware UTC: later each time it is asked."""


MakeStand = Callable[[], AbstractContextManager[Stand]]
