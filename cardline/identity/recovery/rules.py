"""How long a recovery can be used, and the word that stops it. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.crypto import constant_time_compare, salted_hmac

USABLE_FOR = timedelta(days=7)


class State(StrEnum):
    """no: what was said does not fit. begun: the wait begins. waiting: it goes on. open: it is over, come in."""

    NO = "no"
    BEGUN = "begun"
    WAITING = "waiting"
    OPEN = "open"


def state_at(due_at: datetime, now: datetime) -> State:
    return State.OPEN if now >= due_at else State.WAITING


def stop_word(recovery_id: int) -> str:
    """What stands in the link of the notice: nobody makes one up, and it does nothing but stop."""
    return f"{recovery_id}-{_mark(recovery_id)}"


def recovery_named(word: str) -> int:
    """The number of the recovery a link is about; 0 for a word of nobody's."""
    number, _dash, mark = word.partition("-")
    if not (number.isascii() and number.isdecimal() and len(number) <= 18):
        return 0
    return int(number) if constant_time_compare(mark, _mark(int(number))) else 0


def _mark(recovery_id: int) -> str:
    return salted_hmac("cardline.recovery", str(recovery_id), algorithm="sha256").hexdigest()[:32]
