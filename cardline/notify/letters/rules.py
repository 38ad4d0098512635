"""By when a letter leaves, by which way, and when somebody looks at it again. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from cardline.clocks.calendars import Calendar
from cardline.clocks.days import add_business_days, last_business_day_on_or_before
from cardline.clocks.local import end_of_day, start_of_day

LOOK_AGAIN = timedelta(hours=1)  # at a letter on their pages: was its announcement returned?
HELD_LOOK = timedelta(minutes=15)  # at one that is held: is it free to go?
UNDO_LASTS = timedelta(minutes=30)  # after that the postman has been
SHOWN_POSTED = timedelta(days=7)  # on the desk, to take one back that the post returned

Way = Literal["paper", "electronic"]

# Why a letter takes its way, or is held: words of ours (letters/words.py says them).
CONSENT, NO_CONSENT, OLD_DISCLOSURE, NO_EMAIL = "consent", "no_consent", "old_disclosure", "no_email"
WITHDRAWN, BOUNCED = "withdrawn", "bounced"
THAT_PLACE = "that_place"  # a notice goes where it is about
RESTRICTED, NOT_SAFE, NO_ADDRESS, BAD_ADDRESS = "restricted", "not_safe", "no_address", "bad_address"
HELD_FOR = (RESTRICTED, NOT_SAFE, NO_ADDRESS, BAD_ADDRESS)


@dataclass(frozen=True, slots=True)
class Route:
    """way: on their pages with an e-mail that says so, or on paper. why: a word. place: where that e-mail goes; of a
    letter on paper its postal address, "" where it is held.
    """

    way: Way
    why: str
    place: str

    @property
    def is_held(self) -> bool:
        return self.way == "paper" and self.why in HELD_FOR


def act_by(today: date, days: int, due_on: date | None, calendar: Calendar) -> date:
    """The last day on which it is printed and posted: our own `days` business days, or the last business day on or
    before the law's last day where that comes first (DOMAIN 1); today where that is over.

    Raises CalendarEnds.
    """
    ours = add_business_days(today, days, calendar)
    laws = last_business_day_on_or_before(due_on, calendar) if due_on else ours
    return max(today, min(ours, laws))


def look_at_shown(now: datetime, act_by: date, zone: ZoneInfo) -> datetime | None:
    """When to look again at a letter on their pages: each hour, as long as paper would still be in time; then never."""
    ends = end_of_day(act_by, zone)
    return None if now >= ends else min(now + LOOK_AGAIN, ends)


def needs_paper(gone: bool, over: bool, now: datetime, act_by: date, zone: ZoneInfo) -> bool:
    """Whether the e-mail that announces a letter failed it: it was returned or given up, or has not left when the last
    day begins on which paper can be printed in time.
    """
    return over or (not gone and now >= start_of_day(act_by, zone))


def may_undo(posted_at: datetime, now: datetime) -> bool:
    return now - posted_at <= UNDO_LASTS
