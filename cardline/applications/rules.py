"""Who may apply, by their age. Pure."""

from __future__ import annotations

from datetime import date

from cardline.clocks.days import add_months

OLDEST = 125  # years; nobody on record was older, and a year typed wrong is likelier


def of_age_on(born: date, least_age: int) -> date:
    """The day somebody reaches an age. Born on 29 February: the last day of that month where it has no 29th."""
    return add_months(born, least_age * 12)


def is_old_enough(born: date, least_age: int, today: date) -> bool:
    return of_age_on(born, least_age) <= today


def may_be_born_on(born: date, today: date) -> bool:
    """Whether somebody alive today can be born then."""
    return born <= today and born.year >= today.year - OLDEST
