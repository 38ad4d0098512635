"""An issuer gives itself less time than the law does, never more, and never less to anybody else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cardline.clocks.compute import compute
from cardline.clocks.explain import steps_of
from cardline.clocks.rules import rule_ids, rule_named
from cardline.issuer.profile import load_profile
from cardline.issuer.profile.tests.test_mistakes import folder, problems

__all__ = ["folder"]

MONDAY = date(2026, 11, 2)


def with_clock(folder: Path, rule: str, most: int) -> Path:
    with (folder / "issuer.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[[clocks]]\nrule = "{rule}"\nmost = {most}\n')
    return folder


def test_a_shorter_time_makes_both_dates_earlier_and_says_what_the_law_gives(folder: Path) -> None:
    profile = load_profile(with_clock(folder, "e.investigate", 5))
    assert profile.own_clocks == {"e.investigate": 5}

    def due(rule: str, **facts: bool) -> date:
        return compute(rule, MONDAY, profile.calendar, profile.zone, facts, profile.own_clocks).due

    assert due("e.investigate") == date(2026, 11, 9) == due("e.investigate", new_account=True)
    assert due("e.provisional_credit") == date(2026, 11, 9)  # the same day (DOMAIN 2)
    assert due("e.correct") == compute("e.correct", MONDAY, profile.calendar, profile.zone).due
    told = compute("e.investigate", MONDAY, profile.calendar, profile.zone, own=profile.own_clocks)
    said = steps_of(told, profile.calendar, profile.zone)
    assert "The law gives 10 business days; the issuer gives itself less." in said
    by_law = steps_of(
        compute("e.investigate", MONDAY, profile.calendar, profile.zone), profile.calendar, profile.zone
    )
    assert not any("issuer gives itself" in step for step in by_law)


@pytest.mark.parametrize(
    ("rule", "most", "key", "said"),
    [
        ("e.investigate", 11, "most", "the law gives 10, and an issuer may only take less"),
        ("e.investigate", 0, "most", "may only take less"),
        ("e.notice_window", 30, "rule", "nobody may shorten it"),
        ("e.honor_after_debit", 2, "rule", "nobody may shorten it"),
        ("z.resolve", 1, "rule", "nobody may shorten it"),
        ("e.investigat", 5, "rule", "There is no legal clock"),
    ],
)
def test_what_an_issuer_may_not_take_stops_the_start_by_name(
    folder: Path, rule: str, most: int, key: str, said: str
) -> None:
    [one] = problems(with_clock(folder, rule, most))
    assert (
        said in one.what and one.key.endswith(key) and one.file.endswith("issuer.toml") and rule in one.what
    )


def test_only_tasks_of_the_issuers_can_be_shorter() -> None:
    for rule in map(rule_named, rule_ids()):
        assert not rule.can_be_shorter or (rule.duty == "issuer" and rule.has_act_by)
