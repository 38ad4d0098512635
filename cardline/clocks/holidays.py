"""Working out a year's holidays from the written rules of `calendars.toml`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Weekend = Literal["stay", "friday_before", "next_free_day"]

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
          "november", "december")  # fmt: skip
PLACES = {"first": 1, "second": 2, "third": 3, "fourth": 4}
SATURDAY, SUNDAY = 5, 6
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class HolidayRule:
    """One holiday of every year, and where it goes when it falls on a weekend."""

    name: str
    rule: str
    saturday: Weekend
    sunday: Weekend


def holidays_of(year: int, rules: Iterable[HolidayRule]) -> dict[date, str]:
    """The days off that these rules give for a year: date to name.

    The dates may lie in the neighbouring year: 1 January 2028 is a Saturday, so the federal holiday of 2028
    is taken on 31 December 2027. A holiday on a weekend that is taken on another day is listed on both.
    """
    days = {_day(rule.rule, year): rule for rule in rules}
    found = {day: rule.name for day, rule in days.items()}
    for day, rule in sorted(days.items()):
        taken_on = _substitute(day, rule, found)
        if taken_on is not None:
            found[taken_on] = f"{rule.name} (observed)"
    return found


def _substitute(day: date, rule: HolidayRule, taken: dict[date, str]) -> date | None:
    """The weekday that stands in for a holiday on a weekend, or None."""
    if day.weekday() < SATURDAY:
        return None
    move = rule.saturday if day.weekday() == SATURDAY else rule.sunday
    if move == "stay":
        return None
    if move == "friday_before":
        return day - DAY
    while day.weekday() >= SATURDAY or day in taken:
        day += DAY
    return day


def _day(rule: str, year: int) -> date:
    """The date a written rule means in a year. Raises ValueError for words it does not know."""
    if match := re.fullmatch(r"(\d\d)-(\d\d)", rule):
        return date(year, int(match[1]), int(match[2]))
    if match := re.fullmatch(r"easter ([+-]\d+)", rule):
        return easter_sunday(year) + timedelta(days=int(match[1]))
    if match := re.fullmatch(r"(\w+day) before (\d\d)-(\d\d)", rule):
        before = date(year, int(match[2]), int(match[3])) - DAY
        return before - timedelta(days=(before.weekday() - WEEKDAYS.index(match[1])) % 7)
    if match := re.fullmatch(r"(\w+) (\w+day) of (\w+)", rule):
        weekday, month = WEEKDAYS.index(match[2]), MONTHS.index(match[3]) + 1
        if match[1] == "last":
            last = (date(year, month, 28) + timedelta(days=4)).replace(day=1) - DAY
            return last - timedelta(days=(last.weekday() - weekday) % 7)
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (PLACES[match[1]] - 1))
    raise ValueError(f"unknown holiday rule: {rule!r}")


def easter_sunday(year: int) -> date:
    """Easter Sunday of the Gregorian calendar.

    Source: the anonymous Gregorian computus (Nature, 20 April 1876; Meeus, Astronomical Algorithms, chapter
    8).
    """
    golden = year % 19
    century, of_century = divmod(year, 100)
    leap_centuries, century_rest = divmod(century, 4)
    moon_shift = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap_centuries - moon_shift + 15) % 30
    leap_years, year_rest = divmod(of_century, 4)
    to_sunday = (32 + 2 * century_rest + 2 * leap_years - epact - year_rest) % 7
    late_moon = (golden + 11 * epact + 22 * to_sunday) // 451
    month, day = divmod(epact + to_sunday - 7 * late_moon + 114, 31)
    return date(year, month, day + 1)
