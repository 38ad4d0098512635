"""The file of rules: read whole, and refused where no clock could follow it."""

from __future__ import annotations

from typing import Any

import pytest

from cardline.clocks.rules import BrokenRule, read_rule, rule_ids, rule_named

WHOLE: dict[str, Any] = {
    "does": "answer",
    "start": "it came",
    "duty": "issuer",
    "source": "a law",
    "calendar": 30,
}


def test_each_rule_says_where_it_is_written_and_whose_it_is() -> None:
    for rule_id in rule_ids():
        rule = rule_named(rule_id)
        assert rule.source and rule.does and rule.start
        assert rule.has_act_by <= (rule.duty == "issuer")


def test_what_is_left_out_has_its_usual_meaning() -> None:
    rule = read_rule("a.rule", WHOLE)
    assert rule.has_act_by and rule.is_checked and rule.effective is None and not rule.at_least
    assert not read_rule("a.rule", {**WHOLE, "duty": "member"}).has_act_by


@pytest.mark.parametrize("name", ["does", "start", "duty", "source"])
def test_a_missing_word_is_named(name: str) -> None:
    with pytest.raises(BrokenRule, match=rf"a\.rule: '{name}' is missing"):
        read_rule("a.rule", {key: value for key, value in WHOLE.items() if key != name})


@pytest.mark.parametrize(
    "wrong",
    [
        {"calendar": 0},
        {"calendar": -1},
        {"calendar": "30"},
        {"business": 3},  # beside the calendar days
        {"fortnights": 2},
        {"duty": "somebody"},
        {"duty": "member", "act_by": True},
        {"cycles": 2, "calendar": 0},
        {"when": [{"any": ["new_account"]}]},
        {"when": [{"calendar": 45}]},
    ],
)
def test_what_no_clock_can_follow_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(BrokenRule, match=r"a\.rule"):
        read_rule("a.rule", {**WHOLE, **wrong})


def test_the_first_fact_that_is_so_chooses_the_span() -> None:
    rule = read_rule(
        "a.rule", {**WHOLE, "when": [{"any": ["foreign"], "calendar": 90}, {"any": ["late"], "weeks": 2}]}
    )
    assert rule.span_for({}).count == 30
    assert rule.span_for({"late": True, "foreign": True}).count == 90
    assert rule.span_for({"late": True, "foreign": False}).unit == "weeks"
