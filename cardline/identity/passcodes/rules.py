"""Which digits make a telephone passcode. Pure, but for the slow hash, which is its point."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from functools import cache

from django.contrib.auth.hashers import check_password, make_password

from cardline.identity.codes.rules import tidy_code

FEWEST, MOST = 6, 8


class Trouble(StrEnum):
    """Why somebody would guess it early."""

    LENGTH = "length"
    SEQUENCE = "sequence"
    REPEATS = "repeats"
    DATE = "date"
    PHONE = "phone"


def trouble_with(digits: str, phones: Iterable[str]) -> Trouble | None:
    """The first reason not to take it; None when it will do. digits: tidy. phones: the member's numbers on file.

    We hold no day of birth, so everything that reads as a day is taken for one.
    """
    if not FEWEST <= len(digits) <= MOST:
        return Trouble.LENGTH
    if _is_a_sequence(digits):
        return Trouble.SEQUENCE
    if _repeats(digits):
        return Trouble.REPEATS
    if _is_a_day(digits):
        return Trouble.DATE
    if any(digits in _digits_of(phone) for phone in phones):
        return Trouble.PHONE
    return None


def tidy_passcode(typed: str) -> str:
    """The digits of what was keyed in, in any script and with any gaps; longer than any passcode where too many."""
    return tidy_code(typed, most=MOST)


def hash_of(digits: str) -> str:
    return make_password(digits)


def is_passcode(digits: str, kept: str) -> bool:
    """After the same work whether one is kept or not. kept: "" for a member who has none."""
    return check_password(digits, kept or _hash_of_nobodys()) and bool(kept)


@cache
def _hash_of_nobodys() -> str:
    return hash_of("no digits")


def _is_a_sequence(digits: str) -> bool:
    """Each digit one above, or one below, the one before it; after 9 comes 0."""
    steps = {(int(after) - int(before)) % 10 for before, after in zip(digits, digits[1:], strict=False)}
    return steps in ({1}, {9})


def _repeats(digits: str) -> bool:
    """One digit, two or three over and over (121212, 123123), or no more than two different ones."""
    if len(set(digits)) <= 2:
        return True
    return any(
        digits == (digits[:size] * len(digits))[: len(digits)] for size in (1, 2, 3, 4) if size < len(digits)
    )


def _is_a_day(digits: str) -> bool:
    if len(digits) == 6:
        a, b, c = int(digits[:2]), int(digits[2:4]), int(digits[4:])
        return any(_exists(2000 + year, month, day) for year, month, day in ((c, a, b), (c, b, a), (a, b, c)))
    if len(digits) == 8:
        end, front = int(digits[4:]), int(digits[:4])
        a, b, c, d = (int(digits[at : at + 2]) for at in (0, 2, 4, 6))
        found = ((end, a, b), (end, b, a), (front, c, d))
        return any(1900 <= year < 2100 and _exists(year, month, day) for year, month, day in found)
    return False


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _digits_of(phone: str) -> str:
    return "".join(sign for sign in phone if sign.isdecimal())
