"""Which clocks start with what happened, under which law; and what members read of them."""

from __future__ import annotations

from typing import Any

import pytest

from cardline.clocks.events import (
    JURISDICTIONS,
    RuleMissing,
    event_called,
    event_ids,
    missing_rules,
    read_events,
    read_says,
    rules_started_by,
    said_to_members,
)
from cardline.clocks.rules import BrokenRule, rule_ids, rule_named

HAPPENS = {"en": "It happened", "es": "Ocurrió"}
KNOWN = ["a.rule"]


def test_everything_that_starts_a_clock_has_its_rules_in_the_united_states() -> None:
    assert missing_rules("US") == []
    assert rules_started_by("credit_error_noticed", "US") == ("z.acknowledge", "z.resolve")
    assert rules_started_by("complaint_received", "US") == ()  # said so, and not forgotten


def test_where_nobody_said_which_clock_starts_it_is_named() -> None:
    assert {one.event for one in missing_rules("GB")} == set(event_ids()) - {"complaint_received"}
    with pytest.raises(RuleMissing, match="no rule says which clock application_received starts in GB"):
        rules_started_by("application_received", "GB")
    with pytest.raises(KeyError):
        event_called("nothing")


def test_every_jurisdiction_stands_somewhere() -> None:
    assert {where for event in event_ids() for where in event_called(event).rules} == set(JURISDICTIONS)


@pytest.mark.parametrize(
    ("entry", "word"),
    [
        ({"happens": {"en": "It happened"}, "US": ["a.rule"]}, "en and es"),
        ({"happens": HAPPENS, "US": ["b.rule"]}, "the rule b.rule is missing for US"),
        ({"happens": HAPPENS, "USA": ["a.rule"]}, "'USA' is no jurisdiction"),
        ({"happens": HAPPENS, "none": ["EU"]}, "'EU' is no jurisdiction"),
        ({"happens": HAPPENS, "US": ["a.rule"], "none": ["US"]}, "not both"),
        ({"happens": HAPPENS, "US": []}, "not both"),
    ],
)
def test_an_event_that_cannot_be_followed_is_refused(entry: dict[str, Any], word: str) -> None:
    with pytest.raises(BrokenRule, match=f"event it: .*{word}"):
        read_events({"it": entry}, KNOWN)


@pytest.mark.parametrize(
    "words", [{"en": "do it"}, {"en": "do it", "es": ""}, {"en": "do it", "es": "x" * 241}]
)
def test_words_for_members_come_in_both_languages_and_fit_a_promise(words: dict[str, str]) -> None:
    with pytest.raises(BrokenRule, match=r"says\.toml: a\.rule"):
        read_says({"a.rule": words}, KNOWN)
    with pytest.raises(BrokenRule, match=r"the rule b\.rule is missing"):
        read_says({"b.rule": {"en": "do it", "es": "hacerlo"}}, KNOWN)


def test_members_read_plain_words_and_never_a_rule() -> None:
    for rule in rule_ids():
        for language in ("en", "es"):
            words = said_to_members(rule, language)
            assert rule not in words and "CFR" not in words and not words.endswith(".")
            promised = rule_named(rule).has_act_by
            assert (
                not words or words[0].isupper() == promised
            )  # it begins what "We will" goes on with, or stands inside
    assert said_to_members("net.file", "en") == ""


def test_what_a_jurisdiction_starts_for_members_can_be_told_to_them() -> None:
    told = [rule for event in event_ids() for rules in event_called(event).rules.values() for rule in rules]
    inside = {"ca.escalate_internal", "in.internal_ombudsman", "us.card_after_address_change"}
    assert {rule for rule in told if not said_to_members(rule, "en")} == inside
