"""One-time codes (SR-35), and which phones may be sent one (DOMAIN 8). Pure."""

from __future__ import annotations

import secrets
import unicodedata
from datetime import date, datetime, timedelta

from django.utils.crypto import constant_time_compare, salted_hmac

from cardline.kit.secret import Secret

DIGITS = 6
CODE_LASTS = timedelta(minutes=10)
BOUND_AFTER = timedelta(days=30)
CHANGED_FOR = timedelta(days=30)  # how long a number that went to another carrier or SIM card proves little


def new_code() -> Secret:
    return Secret(f"{secrets.randbelow(10**DIGITS):0{DIGITS}}")


def tidy_code(typed: str, most: int = DIGITS) -> str:
    """The digits of what was typed, in any script and with any gaps: "١٢٣ 456" is 123456. One more than `most` where
    there are too many."""
    return "".join(str(unicodedata.digit(sign)) for sign in typed if sign.isdigit())[: most + 1]


def code_hash(code: Secret, salt: str) -> str:
    """What is kept of a code: under the installation's key, so that a stolen table cannot be tried out."""
    return salted_hmac("cardline.code", f"{salt}:{tidy_code(code.reveal())}", algorithm="sha256").hexdigest()


def is_code(typed: Secret, salt: str, kept: str) -> bool:
    """In constant time. kept: "" for a code that was never sent, and then it is wrong after the same work."""
    return constant_time_compare(code_hash(typed, salt), kept or "0" * 64)


def is_bound(since: datetime, member_since: date, now: datetime) -> bool:
    """Whether a contact point is old enough to prove anything (SR-32): ours for 30 days, or since the account's first
    day, when it was checked with everything else. Business time."""
    return now - since >= BOUND_AFTER or since.date() == member_since


def changed_lately(changed_at: datetime | None, now: datetime) -> bool:
    """Whether whoever answers a number may be somebody else since (DOMAIN 8, takeover 6). Business time."""
    return changed_at is not None and now - changed_at < CHANGED_FOR
