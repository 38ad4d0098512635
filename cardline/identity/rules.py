"""Levels V0–V3 from evidence (DOMAIN 8). Pure: values and moments in, a level out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

SESSION_LASTS = timedelta(hours=12)  # SR-37
SEEN_EVERY = timedelta(minutes=5)  # how often "last seen" is written down

# SR-37. Counted from what is written down, which is up to SEEN_EVERY older than the last use: a session is over after
# 25 minutes without use at the earliest and after 30 at the latest, and never while somebody used it in the last 25.
IDLE_AFTER = timedelta(minutes=30)

STRONG_FOR = timedelta(minutes=5)  # how long a factor speaks for the action it was shown with


class Proof(StrEnum):
    """What somebody can show. The words stand in rows."""

    SESSION = "signed_in_session"
    PASSKEY = "passkey"
    PHONE_CODE = "code_to_phone"
    IN_APP = "approved_in_app"
    CALL_BACK = "called_back"
    PASSCODE = "telephone_passcode"
    FACTS = "identification_facts"
    CHANGED_NUMBER = "number_changed_lately"  # a code to it, or a call: who has it now, nobody knows
    EXCEPTIONAL = (
        "exceptional_verification"  # by two of us (identity/exceptional); it lets named actions pass
    )


class Way(StrEnum):
    """How somebody signed in. The words stand in rows."""

    PASSKEY = "passkey"
    CODE = "code"
    PASSWORD = "password"  # noqa: S105 - the word for it
    PASSWORD_AND_CODE = "password_code"  # noqa: S105
    PROVIDER = "provider"
    RECOVERY = "recovery"
    DEMO = "demo"


# What a sign-in showed besides itself. A password is no bound factor: it can be told to others.
SHOWN_BY: dict[str, Proof] = {
    Way.PASSKEY: Proof.PASSKEY,
    Way.CODE: Proof.PHONE_CODE,
    Way.PASSWORD_AND_CODE: Proof.PHONE_CODE,
    Way.RECOVERY: Proof.PHONE_CODE,
}


@dataclass(frozen=True, slots=True)
class Worth:
    """level: by itself. lasts: how long it counts. is_bound: a factor of its own beside a session."""

    level: int
    lasts: timedelta
    is_bound: bool = False


# A conversation is seldom longer than an hour; what was shown in it need not be shown twice.
IN_A_CONVERSATION = timedelta(hours=1)

EXCEPTION_LASTS = timedelta(hours=24)  # DOMAIN 8, VX

WORTH: dict[str, Worth] = {
    Proof.SESSION: Worth(2, SESSION_LASTS),
    Proof.PASSKEY: Worth(2, IN_A_CONVERSATION, is_bound=True),
    Proof.PHONE_CODE: Worth(2, IN_A_CONVERSATION, is_bound=True),
    Proof.IN_APP: Worth(2, IN_A_CONVERSATION, is_bound=True),
    Proof.CALL_BACK: Worth(2, IN_A_CONVERSATION, is_bound=True),
    Proof.PASSCODE: Worth(2, IN_A_CONVERSATION, is_bound=True),
    Proof.FACTS: Worth(1, IN_A_CONVERSATION),
    Proof.CHANGED_NUMBER: Worth(1, IN_A_CONVERSATION),
    Proof.EXCEPTIONAL: Worth(0, EXCEPTION_LASTS),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One piece of evidence: what, when, and with which action before their eyes ("" for none). session: in which
    browser, as its hash; "" where none was.
    """

    proof: str
    at: datetime
    action: str = ""
    session: str = ""


def level_from(evidence: Iterable[Shown], at: datetime, action: str = "") -> int:
    """How surely we know who is speaking, 0 to 3, when `action` is what they ask for; "" for nothing in particular.

    3 only for that one action: a passkey, or a signed-in session and a bound factor, shown with it in the last five
    minutes. What nobody was shown an action with is never strong. A press in the app is a factor of its own only in
    another browser than the one that is signed in: one browser is one factor, however often it is pressed in.
    """
    fresh = [one for one in evidence if _is_fresh(one, at)]
    if action and _is_strong(fresh, at, action):
        return 3
    return max((WORTH[one.proof].level for one in fresh), default=0)


def _is_fresh(one: Shown, at: datetime) -> bool:
    return one.proof in WORTH and at < one.at + WORTH[one.proof].lasts


def _is_strong(fresh: list[Shown], at: datetime, action: str) -> bool:
    approved = [one for one in fresh if one.action == action and at < one.at + STRONG_FOR]
    if any(one.proof == Proof.PASSKEY for one in approved):
        return True
    signed_in = [one for one in fresh if one.proof == Proof.SESSION]
    return any(_is_another_factor(one, session) for one in approved for session in signed_in)


def _is_another_factor(one: Shown, session: Shown) -> bool:
    if one.proof == Proof.IN_APP and one.session and one.session == session.session:
        return False
    return WORTH[one.proof].is_bound


def level_number(word: str) -> int:
    """2 for "V2". Raises ValueError for anything that is not V0 to V3."""
    if len(word) == 2 and word[0] == "V" and word[1] in "0123":
        return int(word[1])
    raise ValueError(f"{word!r} is no level; levels are V0, V1, V2, V3")
