"""How a promise looks at a moment: its sentence, its date, one line of context, and the ring (DESIGN 3).

The same for member, agent and supervisor, so it is worked out in one place from plain values.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date
from django.utils.translation import get_language, gettext, ngettext

from cardline.kit.dates import say_date, say_full_date, say_fully, say_left, say_time, say_when
from cardline.kit.languages import locale_of

SOON_FROM = 0.8  # of the time used; also on the due day
A_DAY = timedelta(days=1)
LAST_SECOND = time(23, 59, 59)  # a promise "by Friday" is kept until then


@dataclass(frozen=True, slots=True)
class PromiseLook:
    """state: open, soon, late, kept, done_late or released. used: share of the time gone, 0 to 1."""

    sentence: str
    by: str
    line: str
    state: str
    used: float

    @property
    def dash(self) -> str:
        """The filled part of the ring, out of 100, written the same in every language."""
        return f"{self.used * 100:.1f}"


def promise_look(
    *,
    sentence: str,
    made_at: datetime,
    due_at: datetime,
    now: datetime,
    zone: ZoneInfo,
    done_at: datetime | None = None,
    released_at: datetime | None = None,
    line: str = "",
) -> PromiseLook:
    """What to show of a promise now, in the active language. Times aware; zone: where its date was given.

    line: what stands under the date (who has it now, where the parcel is); when empty, the time left, or what
    was promised and done.
    """
    language = get_language() or "en"
    if done_at:
        line = line or _promised_and_done(due_at, done_at, zone, language, now)
        if done_at > due_at:
            return PromiseLook(sentence, _done_late(due_at, done_at, zone, language), line, "done_late", 1)
        return PromiseLook(sentence, _kept(due_at, done_at, zone, language, now), line, "kept", 1)
    if released_at:
        by = gettext("Let go, %(day)s") % {"day": _day(released_at, zone, language, now)}
        return PromiseLook(sentence, by, line, "released", 1)
    if now > due_at:
        return PromiseLook(sentence, _capital(say_left(due_at, now, language)), line, "late", 1)
    used = _share_used(made_at, due_at, now)
    is_soon = used >= SOON_FROM or _is_same_day(now, due_at, zone)
    line = line or say_left(due_at, now, language)
    return PromiseLook(
        sentence, say_by(due_at, zone, language, now), line, "soon" if is_soon else "open", used
    )


def say_by(due_at: datetime, zone: ZoneInfo, language: str, now: datetime) -> str:
    """ "by Fri, Dec 11, 5 pm"; "today, Tue, Nov 24, by 6 pm"; without an hour when the whole day counts."""
    there = due_at.astimezone(zone)
    day, is_today = _day(due_at, zone, language, now), _is_same_day(now, due_at, zone)
    if there.time().replace(microsecond=0) == LAST_SECOND:
        return (
            gettext("today, %(day)s") % {"day": day} if is_today else gettext("by %(when)s") % {"when": day}
        )
    if is_today:
        return gettext("today, %(day)s, by %(time)s") % {"day": day, "time": say_time(there, language)}
    return gettext("by %(when)s") % {"when": say_when(due_at, zone, language, now)}


def say_due_fully(due_at: datetime, zone: ZoneInfo, language: str) -> str:
    """When something was promised for, as a record keeps it: "Tue, Nov 24, 2026, 5 pm New York time"."""
    there = due_at.astimezone(zone)
    if there.time().replace(microsecond=0) == LAST_SECOND:
        return say_full_date(there.date(), language)
    return say_fully(due_at, zone, language)


def _kept(due_at: datetime, done_at: datetime, zone: ZoneInfo, language: str, now: datetime) -> str:
    days = (due_at - done_at) // A_DAY
    if days:
        return ngettext("Kept, a day early", "Kept, %(n)d days early", days) % {"n": days}
    return gettext("Kept, %(day)s") % {"day": _day(done_at, zone, language, now)}


def _done_late(due_at: datetime, done_at: datetime, zone: ZoneInfo, language: str) -> str:
    weekday = format_date(done_at.astimezone(zone), "EEE", locale_of(language))
    return gettext("Done %(weekday)s, %(late)s") % {
        "weekday": weekday,
        "late": say_left(due_at, done_at, language),
    }


def _promised_and_done(
    due_at: datetime, done_at: datetime, zone: ZoneInfo, language: str, now: datetime
) -> str:
    return gettext("Promised by %(due)s. Done %(done)s.") % {
        "due": say_due(due_at, zone, language, now),
        "done": say_when(done_at, zone, language, now),
    }


def say_due(due_at: datetime, zone: ZoneInfo, language: str, now: datetime) -> str:
    """The date of a promise, with its hour where it has one."""
    there, day = due_at.astimezone(zone), _day(due_at, zone, language, now)
    if there.time().replace(microsecond=0) == LAST_SECOND:
        return day
    return f"{day}, {say_time(there, language)}"


def _share_used(made_at: datetime, due_at: datetime, now: datetime) -> float:
    whole = (due_at - made_at).total_seconds()
    return min(1.0, max(0.0, (now - made_at).total_seconds() / whole)) if whole > 0 else 1.0


def _day(at: datetime, zone: ZoneInfo, language: str, now: datetime) -> str:
    return say_date(at.astimezone(zone).date(), language, now)


def _is_same_day(first: datetime, second: datetime, zone: ZoneInfo) -> bool:
    return first.astimezone(zone).date() == second.astimezone(zone).date()


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
