"""Business calendars: which days an issuer's offices are open (Reg E, 12 CFR 1005.2(d))."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from cardline.clocks.holidays import HolidayRule, holidays_of

MONDAY_TO_FRIDAY = frozenset(range(5))


class CalendarEnds(ValueError):
    """A day was asked for that no loaded calendar year covers. Guessing would move a legal date."""

    def __init__(self, calendar: Calendar, day: date) -> None:
        self.calendar, self.day = calendar, day
        super().__init__(
            f"The calendar {calendar.id} covers {calendar.first_year} to {calendar.last_year}, "
            f"not {day.isoformat()}. Check its source ({calendar.source}) and move first_year or last_year "
            "in cardline/clocks/calendars.toml."
        )


class UnknownCalendar(KeyError):
    """No calendar has this id."""

    def __str__(self) -> str:
        return f"unknown calendar {self.args[0]!r}; known: {', '.join(calendar_ids())}"


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days an issuer works: its weekdays less holidays, with the days it added and removed itself.

    `holidays` holds every day off of the covered years, weekend or not, with its name. `removed` are working
    days the issuer takes off besides; `added` are days it works although the rules would not (both win over
    the rules).
    """

    id: str
    title: str
    source: str
    first_year: int
    last_year: int
    holidays: dict[date, str]
    business_weekdays: frozenset[int] = MONDAY_TO_FRIDAY
    added: frozenset[date] = frozenset()
    removed: frozenset[date] = frozenset()

    def is_business_day(self, day: date) -> bool:
        """Whether the offices are open that day. Raises CalendarEnds outside the covered years."""
        self._check(day)
        if day in self.removed:
            return False
        if day in self.added:
            return True
        return day.weekday() in self.business_weekdays and day not in self.holidays

    def is_holiday(self, day: date) -> bool:
        """Whether the day is a holiday for opening hours. A weekend as such is none. Raises CalendarEnds."""
        self._check(day)
        return day in self.removed or (day in self.holidays and day not in self.added)

    def holiday_name(self, day: date) -> str | None:
        """What the day off is called, in English, or None."""
        return self.holidays.get(day) if self.is_holiday(day) else None

    def changed(
        self,
        *,
        added: Iterable[date] = (),
        removed: Iterable[date] = (),
        business_weekdays: Iterable[int] | None = None,
    ) -> Calendar:
        """This calendar with an issuer's own days. `business_weekdays`: 0 is Monday; None keeps them."""
        weekdays = self.business_weekdays if business_weekdays is None else frozenset(business_weekdays)
        return replace(
            self,
            added=self.added | frozenset(added),
            removed=self.removed | frozenset(removed),
            business_weekdays=weekdays,
        )

    def _check(self, day: date) -> None:
        if not self.first_year <= day.year <= self.last_year:
            raise CalendarEnds(self, day)


def calendar_ids() -> list[str]:
    """The calendars that ship with the product."""
    return list(_rules())


@cache
def load_calendar(calendar_id: str) -> Calendar:
    """A shipped calendar with all its years worked out. Raises UnknownCalendar."""
    rules = _rules()
    if calendar_id not in rules:
        raise UnknownCalendar(calendar_id)
    entry = rules[calendar_id]
    holidays: dict[date, str] = {}
    # One year more on either side: the holiday of a neighbouring year may be taken in ours.
    for year in range(entry["first_year"] - 1, entry["last_year"] + 2):
        for day, name in holidays_of(year, _holiday_rules(entry, rules)).items():
            holidays.setdefault(day, name)
    return Calendar(
        id=calendar_id,
        title=entry["title"],
        source=entry["source"],
        first_year=entry["first_year"],
        last_year=entry["last_year"],
        holidays=holidays,
    )


def _holiday_rules(entry: dict[str, Any], rules: dict[str, Any]) -> list[HolidayRule]:
    listed = entry["holidays"] if "holidays" in entry else rules[entry["same_holidays_as"]]["holidays"]
    return [
        HolidayRule(
            name=holiday["name"],
            rule=holiday["rule"],
            saturday=holiday.get("saturday", entry["saturday"]),
            sunday=holiday.get("sunday", entry["sunday"]),
        )
        for holiday in listed
    ]


@cache
def _rules() -> dict[str, Any]:
    return tomllib.loads(files("cardline.clocks").joinpath("calendars.toml").read_text("utf-8"))
