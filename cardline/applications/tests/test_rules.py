"""Who is old enough, on the very day."""

from __future__ import annotations

from datetime import date

import pytest

from cardline.applications.rules import is_old_enough, may_be_born_on, of_age_on


@pytest.mark.parametrize(
    ("born", "on"),
    [
        (date(2008, 11, 24), date(2026, 11, 24)),
        (date(2008, 2, 29), date(2026, 2, 28)),
        (date(2000, 12, 31), date(2018, 12, 31)),
    ],
)
def test_one_is_of_age_on_the_birthday(born: date, on: date) -> None:
    assert of_age_on(born, 18) == on
    assert is_old_enough(born, 18, on)
    assert not is_old_enough(born, 18, on.replace(day=on.day - 1))


@pytest.mark.parametrize(
    ("born", "possible"),
    [
        (date(2026, 11, 24), True),
        (date(2026, 11, 25), False),
        (date(1901, 1, 1), True),
        (date(1900, 12, 31), False),
        (date(190, 5, 17), False),
    ],
)
def test_a_year_typed_wrong_is_noticed(born: date, possible: bool) -> None:
    assert may_be_born_on(born, date(2026, 11, 24)) is possible
