"""What counts as one look, how long a reason opens, and which looks are odd (SR-25, SR-27). Pure."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cardline.kit.redact import Clean

ONE_LOOK = timedelta(minutes=5)
REASON_LASTS = timedelta(minutes=15)
# How long a case that was just closed can still be read: its page must not slam shut before whoever closed it.
STAYS_OPEN = timedelta(minutes=15)
MANY_MEMBERS = 30  # more than so many within MANY_WITHIN, none of them in contact (SR-27)
MANY_WITHIN = timedelta(hours=1)
LONGEST_REASON = 400


class Why(StrEnum):
    """What allowed a look: a conversation that is open, an open case, words; or it was no colleague.

    API: a system of the issuer's for itself; MEMBER: one that shows the member their own.
    """

    CONTACT = "contact"
    CASE = "case"
    REASON = "reason"
    API = "api"
    MEMBER = "member"


@dataclass(frozen=True, slots=True)
class Look:
    """A look about to happen. page: our word for what is shown; the rest as in models.View."""

    member_id: int
    case_id: int
    ref: str
    page: str
    why: Why
    from_ref: str
    channel: str = ""
    since: datetime | None = None
    reason: Clean | str = ""


def slot_of(at: datetime) -> int:
    """The five minutes of the clock in which looks of one actor at one case, for one why, are one look."""
    return int(at.timestamp()) // int(ONE_LOOK.total_seconds())


def day_of(at: datetime) -> int:
    """The day, UTC, as a number: the slot of alarms about one member."""
    return int(at.timestamp()) // 86_400


def hour_of(at: datetime) -> int:
    """The hour as a number: the slot of an alarm about many."""
    return int(at.timestamp()) // 3_600


def is_open(is_closed: bool, closed_at: datetime | None, now: datetime) -> bool:
    """Whether a case can be read without a reason. Business time."""
    return not is_closed or (closed_at is not None and now - closed_at < STAYS_OPEN)


def folded(words: str) -> str:
    """A name or address without what people write differently: case, accents, spaces, punctuation."""
    plain = unicodedata.normalize("NFKD", words.casefold())
    return "".join(letter for letter in plain if letter.isalnum())


def same_family(one: str, other: str) -> bool:
    """Whether two family names are one; of a double name ("García-Lorca") any part counts."""
    return bool(_parts(one) & _parts(other))


def _parts(name: str) -> set[str]:
    parts = {folded(part) for part in name.replace("-", " ").split()}
    return {part for part in parts if len(part) > 2} | {folded(name)} - {""}
