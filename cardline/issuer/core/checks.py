"""What can go wrong with a core, and the checks that refuse what cannot be."""

from __future__ import annotations

import re
from datetime import datetime

from cardline.kit.money import Money

MAX_WORDS = 120  # of a name, a merchant or a place, in characters
_DIGITS = re.compile(r"[0-9]+")


class CoreError(Exception):
    """Something about the core. Nobody catches this one; its kinds below say what to do."""


class CoreUnknown(CoreError):
    """No answer in time: whether it happened is not known. Ask again with the same key; never say it failed."""


class CoreNotFound(CoreError):
    """The core has no such card, account or customer, or this customer may not see it."""


class CoreRefused(CoreError):
    """The core said no. `reason` is one word of ours, such as "closed"; each function names those it uses.

    Any function may refuse with "not_offered" (a part this core does not have: see `Part`) and any change with
    "key_reused" (the key was used for something else).
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class BadReply(CoreError):
    """The core answered something that cannot be: a card number in full, a time without a zone, a wrong currency."""


def check_token(*tokens: str) -> None:
    for token in tokens:
        if not 0 < len(token) <= 64 or not token.isascii() or (token.isdigit() and len(token) >= 12):
            raise BadReply("a token is at most 64 plain characters, and no card number")


def check_words(*words: str) -> None:
    for text in words:
        if len(text) > MAX_WORDS or not text.isprintable():
            raise BadReply("a name is at most 120 printable characters")


def check_zone(*times: datetime | None) -> None:
    for at in times:
        if at is not None and at.tzinfo is None:
            raise BadReply("a time came without its zone")


def check_digits(text: str, *lengths: int) -> None:
    if not _DIGITS.fullmatch(text) or len(text) not in lengths:
        raise BadReply(f"{' or '.join(map(str, lengths))} digits were expected")


def check_one_currency(*amounts: Money | None) -> None:
    currencies = {money.currency for money in amounts if money is not None}
    if len(currencies) > 1:
        raise BadReply(f"one thing with {len(currencies)} currencies")


def check_not_negative(*amounts: Money | int | None) -> None:
    for amount in amounts:
        minor = amount.amount_minor if isinstance(amount, Money) else amount
        if minor is not None and minor < 0:
            raise BadReply("an amount that cannot be negative is")
