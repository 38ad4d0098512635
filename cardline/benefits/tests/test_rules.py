"""Which edition an account has, and what of it counts on a day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cardline.benefits.rules import (
    changed_lately,
    edition_before,
    edition_of,
    edition_sold,
    editions_possible,
    in_all,
    included,
)
from cardline.issuer.profile import Benefit, Edition, Product, Text

NOTHING = Text.same("")
TODAY = date(2026, 11, 24)


def benefit(name: str, valid_from: date | None = None, valid_until: date | None = None) -> Benefit:
    return Benefit(
        name, NOTHING, NOTHING, (), (), (), "", "", NOTHING, (), valid_from, valid_until, "1", "product"
    )


def edition(name: str, opened: date, *benefits: str, for_all: date | None = None) -> Edition:
    return Edition(name, opened, for_all, NOTHING, benefits)


FIRST = edition("first", date.min, "phone", "trip")
SECOND = edition("second", date(2024, 1, 1), "phone", "pool", for_all=date(2026, 10, 1))
THIRD = edition("third", date(2026, 6, 1), "phone", "pool", "bike")
CARD = Product("card", "A Card", "credit", NOTHING, (), True, (FIRST, SECOND, THIRD))
BENEFITS = {one: benefit(one) for one in ("phone", "trip", "pool", "bike")}

OLD, MIDDLE, NEW = date(2020, 3, 1), date(2025, 3, 1), date(2026, 7, 1)


@pytest.mark.parametrize(
    ("opened_on", "today", "wanted"),
    [
        (OLD, date(2026, 9, 30), "first"),
        (OLD, date(2026, 10, 1), "second"),  # it reaches everybody from that day on
        (OLD, TODAY, "second"),
        (MIDDLE, date(2025, 3, 1), "second"),
        (MIDDLE, TODAY, "second"),
        (date(2023, 12, 31), date(2024, 1, 1), "first"),
        (date(2024, 1, 1), date(2024, 1, 1), "second"),
        (NEW, TODAY, "third"),
    ],
)
def test_an_account_has_the_newest_edition_that_reaches_it(opened_on: date, today: date, wanted: str) -> None:
    found = edition_of(CARD, opened_on=opened_on, named="", today=today)
    assert found is not None and found.id == wanted


def test_what_the_core_says_counts_before_any_day() -> None:
    assert edition_of(CARD, opened_on=NEW, named="first", today=TODAY) == FIRST


def test_an_edition_nobody_described_is_not_guessed() -> None:
    assert edition_of(CARD, opened_on=NEW, named="zeroth", today=TODAY) is None
    late = Product("late", "Late Card", "credit", NOTHING, (), True, (SECOND,))
    assert edition_of(late, opened_on=date(2020, 1, 1), named="", today=date(2024, 5, 1)) is None


@pytest.mark.parametrize(
    ("today", "wanted"),
    [
        (date(2023, 1, 1), ["first"]),
        (date(2025, 1, 1), ["first", "second"]),
        (date(2026, 9, 30), ["first", "second", "third"]),
        (TODAY, ["second", "third"]),
    ],
)
def test_a_card_whose_account_is_somebody_else_s_may_have_one_of_several(
    today: date, wanted: list[str]
) -> None:
    assert [one.id for one in editions_possible(CARD, today)] == wanted


def test_a_new_account_gets_what_is_sold_today() -> None:
    sold = [edition_sold(CARD, day) for day in (date(2023, 1, 1), date(2025, 1, 1), TODAY)]
    assert sold == [FIRST, SECOND, THIRD]


def test_what_another_edition_brought_is_told_for_ninety_days() -> None:
    assert edition_before(CARD, SECOND, OLD) == FIRST
    days = (0, 1, 90, 91)
    told = [changed_lately(SECOND, FIRST, date(2026, 10, 1) + timedelta(days=day)) for day in days]
    assert told == [date(2026, 10, 1)] * 3 + [None]


def test_nothing_changed_for_who_had_it_from_the_beginning() -> None:
    assert edition_before(CARD, SECOND, MIDDLE) is None
    assert edition_before(CARD, THIRD, NEW) is None
    assert changed_lately(SECOND, None, TODAY) is None


def test_what_an_edition_took_away_ended_the_day_before_it_came() -> None:
    gives = included(BENEFITS, SECOND, FIRST, TODAY)
    assert [one.id for one in gives.now] == ["phone", "pool"]
    assert [(one.benefit.id, one.last_day) for one in gives.ended] == [("trip", date(2026, 9, 30))]


def test_it_is_shown_for_a_year_because_it_can_be_claimed_for_a_while() -> None:
    last = date(2026, 9, 30)
    shown = [included(BENEFITS, SECOND, FIRST, last + timedelta(days=day)).ended for day in (365, 366)]
    assert [len(ended) for ended in shown] == [1, 0]


@pytest.mark.parametrize(
    ("day", "where"),
    [
        (date(2026, 5, 31), "later"),
        (date(2026, 6, 1), "now"),
        (date(2026, 9, 30), "now"),
        (date(2026, 10, 1), "ended"),
        (date(2027, 10, 1), ""),
    ],
)
def test_a_benefit_counts_from_its_first_to_its_last_day(day: date, where: str) -> None:
    season = {"pool": benefit("pool", date(2026, 6, 1), date(2026, 9, 30))}
    gives = included(season, edition("one", date.min, "pool"), None, day)
    assert [name for name in ("now", "later", "ended") if getattr(gives, name)] == [where] * bool(where)
    assert gives.is_empty == (not where)


def test_where_the_edition_is_not_known_only_what_all_have_is_said() -> None:
    assert [one.id for one in in_all(BENEFITS, (FIRST, SECOND), TODAY).now] == ["phone"]
    assert [one.id for one in in_all(BENEFITS, (SECOND, THIRD), TODAY).now] == ["phone", "pool"]
