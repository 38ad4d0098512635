"""Days, times and waits as we say them: "Fri, Dec 11, 5 pm", "3 pm today", "17 days left", "2 min".

Times come in aware; they are said in the issuer's zone. `now` is passed in.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from math import ceil
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_timezone_location

from cardline.kit.languages import locale_of, spoken

UNKNOWN_WAIT = "—"

# Beyond this a day and month could be two years, and the year is said.
_NEAR = timedelta(days=183)
_DAY = {"en": "EEE, MMM d", "es": "EEE, d MMM"}
_DAY_OF_YEAR = {"en": "EEE, MMM d, y", "es": "EEE, d MMM y"}
_TODAY = {"en": "{time} today", "es": "hoy, {time}"}
_TOMORROW = {"en": "{time} tomorrow", "es": "mañana, {time}"}
_OTHER_DAY = {"en": "{day}, {time}", "es": "{day}, {time}"}
_ZONE_TIME = {"en": "{time} {place} time", "es": "{time}, hora de {place}"}
_MONTH_DAY = {"en": "MMM d", "es": "d MMM"}
_NOW = {"en": "due now", "es": "vence ahora"}
_NO_WAIT = {"en": "no wait", "es": "sin espera"}
# By language, unit and plural form of Unicode CLDR. What a language's table lacks is said as "other".
_LEFT = {
    "en": {
        "day": {"one": "1 day left", "other": "{n} days left"},
        "hour": {"one": "1 hour left", "other": "{n} hours left"},
        "minute": {"one": "1 minute left", "other": "{n} minutes left"},
    },
    "es": {
        "day": {"one": "queda 1 día", "other": "quedan {n} días"},
        "hour": {"one": "queda 1 hora", "other": "quedan {n} horas"},
        "minute": {"one": "queda 1 minuto", "other": "quedan {n} minutos"},
    },
}
_LATE = {
    "en": {
        "day": {"one": "a day late", "other": "{n} days late"},
        "hour": {"one": "an hour late", "other": "{n} hours late"},
        "minute": {"one": "a minute late", "other": "{n} minutes late"},
    },
    "es": {
        "day": {"one": "un día de retraso", "other": "{n} días de retraso"},
        "hour": {"one": "una hora de retraso", "other": "{n} horas de retraso"},
        "minute": {"one": "un minuto de retraso", "other": "{n} minutos de retraso"},
    },
}
_UNITS = (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1)))


def say_when(at: datetime, zone: ZoneInfo, language: str, now: datetime) -> str:
    """Day and time: "5 pm today", "8 am tomorrow", else "Fri, Dec 11, 5 pm" ("vie, 11 dic, 17:00")."""
    tongue = spoken(language)
    there, today = _aware(at).astimezone(zone), _aware(now).astimezone(zone).date()
    time = say_time(there, language)
    days_ahead = (there.date() - today).days
    if days_ahead in (0, 1):
        return (_TODAY, _TOMORROW)[days_ahead][tongue].format(time=time)
    return _OTHER_DAY[tongue].format(day=_say_day(there.date(), language, today), time=time)


def say_fully(at: datetime, zone: ZoneInfo, language: str) -> str:
    """For a record that is read years later: "Sun, Nov 22, 2026, 9:26 pm New York time". Nothing in it is relative."""
    tongue = spoken(language)
    there = _aware(at).astimezone(zone)
    time = _ZONE_TIME[tongue].format(time=say_time(there, language), place=say_place(zone, language))
    return _OTHER_DAY[tongue].format(day=say_full_date(there.date(), language), time=time)


def say_full_date(day: date, language: str) -> str:
    """A day with its year, always: "Fri, Dec 11, 2026"."""
    return format_date(day, _DAY_OF_YEAR[spoken(language)], locale_of(language))


@lru_cache(maxsize=1_024)
def say_month_day(day: date, language: str) -> str:
    """A day in a long list whose heading says the year: "Dec 11"."""
    return format_date(day, _MONTH_DAY[spoken(language)], locale_of(language))


def say_place(zone: ZoneInfo, language: str) -> str:
    """Whose time a zone's is: "New York"."""
    return get_timezone_location(zone, locale_of(language), return_city=True)


def say_moment(at: datetime, zone: ZoneInfo, language: str, now: datetime) -> str:
    """Day and time by the calendar, never "today": what stands on a page past midnight, "Fri, Dec 11, 5 pm"."""
    there, today = _aware(at).astimezone(zone), _aware(now).astimezone(zone).date()
    return _OTHER_DAY[spoken(language)].format(
        day=_say_day(there.date(), language, today), time=say_time(there, language)
    )


def say_there(at: datetime, zone: ZoneInfo, language: str, now: datetime) -> str:
    """The same with whose time it is, for whoever may be elsewhere: "Fri, Dec 11, 5 pm New York time"."""
    tongue = spoken(language)
    there, today = _aware(at).astimezone(zone), _aware(now).astimezone(zone).date()
    time = _ZONE_TIME[tongue].format(time=say_time(there, language), place=say_place(zone, language))
    return _OTHER_DAY[tongue].format(day=_say_day(there.date(), language, today), time=time)


def say_date(day: date, language: str, now: datetime) -> str:
    """A day that has no hour: "Fri, Dec 11". The year is said when the day is far from `now`."""
    return _say_day(day, language, _aware(now).date())


def say_time(there: datetime, language: str) -> str:
    """The time of a clock in `there`'s own zone: "5 pm", "6:42 pm", "noon"; "17:00" in Spanish."""
    if spoken(language) == "es":
        return f"{there:%H:%M}"
    if (there.hour, there.minute) == (12, 0):
        return "noon"  # half of all readers take 12 pm for midnight
    minutes = f":{there:%M}" if there.minute else ""
    return f"{(there.hour - 1) % 12 + 1}{minutes} {'am' if there.hour < 12 else 'pm'}"


def say_left(at: datetime, now: datetime, language: str) -> str:
    """How long until, or since, something is due: "17 days left", "2 hours late"; under a minute "due now".

    Whole units of time passed, rounded down; days are 24 hours.
    """
    left = _aware(at) - _aware(now)
    table = (_LEFT if left > timedelta() else _LATE)[spoken(language)]
    for unit, size in _UNITS:
        if count := abs(left) // size:
            forms = table[unit]
            return forms.get(locale_of(language).plural_form(count), forms["other"]).format(n=count)
    return _NOW[spoken(language)]


def say_wait(seconds: float | None, language: str) -> str:
    """A wait in line: "40 s", "2 min", "1 h 5 min", rounded up. "—" when we do not know, never a guess."""
    if seconds is None:
        return UNKNOWN_WAIT
    if seconds < 0:
        raise ValueError(f"a wait is {seconds} seconds; it cannot be negative")
    if seconds == 0:
        return _NO_WAIT[spoken(language)]
    if seconds <= 59:
        return f"{ceil(seconds)} s"
    hours, minutes = divmod(ceil(seconds / 60), 60)
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def _say_day(day: date, language: str, today: date) -> str:
    is_near = day.year == today.year or abs(day - today) <= _NEAR
    pattern = (_DAY if is_near else _DAY_OF_YEAR)[spoken(language)]
    return format_date(day, pattern, locale_of(language))


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError(f"{at.isoformat()} has no zone: a time without one is a wrong deadline somewhere")
    return at
