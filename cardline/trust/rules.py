"""What a code looks like, how it is read as people type it, and how long it holds. Pure."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from enum import StrEnum

# Twenty consonants. No vowel makes a word by chance, and nothing here is taken for something else: no I, L, O, no
# digit, and V but no U. Ten of them are 43 bits, guessed by nobody at ten tries in ten minutes.
LETTERS = "BCDFGHJKMNPQRSTVWXYZ"
LENGTH = 10
CALL_LASTS = timedelta(minutes=30)
LONGEST_TYPED = 40

_BETWEEN = re.compile(r"[\s.\-‐-―_/]+")


class Kind(StrEnum):
    MESSAGE = "message"
    EMAIL = "email"
    LETTER = "letter"
    CALL = "call"


# How long a code holds. A message is often read days later, and a letter takes some: "not ours" would then be untrue of
# one that is. What somebody borrows meanwhile says when it was sent, and to whom it was not.
LASTS = {
    Kind.MESSAGE: timedelta(days=7),
    Kind.EMAIL: timedelta(days=7),
    Kind.LETTER: timedelta(days=45),
    Kind.CALL: CALL_LASTS,
}


class About(StrEnum):
    """What a message is about, as much as anybody may know who holds it."""

    ACCOUNT = "account"
    CASE = "case"
    CARD = "card"
    PAYMENT = "payment"
    SIGN_IN = "sign_in"


def letters_from(digest: bytes) -> str:
    """The code that a digest of at least 16 bytes stands for; every code equally likely, to one part in 10²⁵."""
    number = int.from_bytes(digest)
    letters = []
    for _ in range(LENGTH):
        number, one = divmod(number, len(LETTERS))
        letters.append(LETTERS[one])
    return "".join(letters)


def shown(code: str) -> str:
    """As it is printed and read aloud: "HKTRM-XWQPZ"."""
    return f"{code[:5]}-{code[5:]}"


def read(typed: str) -> str:
    """The letters of a code as somebody typed it; "" when it cannot be one."""
    letters = _BETWEEN.sub("", typed[:LONGEST_TYPED]).upper()
    return letters if len(letters) == LENGTH and set(letters) <= set(LETTERS) else ""


def hash_of(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
