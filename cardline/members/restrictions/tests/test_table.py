"""The table itself: every cell filled, every answer sourced, and no restriction stops what protects (SR-39)."""

from __future__ import annotations

import copy
import tomllib
from importlib.resources import files
from typing import Any

import pytest

from cardline.members.restrictions.rules import Allow, Representative, Restricted, decide
from cardline.members.restrictions.table import (
    PLACE,
    TABLE,
    Answer,
    RestrictionKind,
    Table,
    TableError,
    UnknownAction,
)
from cardline.members.restrictions.tests.scene import NOON

PROTECTIVE = (
    "lost_stolen:freeze",
    "lost_stolen:report",
    "complaint:register",
    "dispute:open",
    "dispute:open_by_mail_or_phone",
)
ALL = [action for actions in TABLE.groups.values() for action in actions]


def written() -> dict[str, Any]:
    text = files("cardline.members.restrictions").joinpath("table.toml").read_text("utf-8")
    return copy.deepcopy(tomllib.loads(text))


def test_what_protects_is_allowed_under_every_restriction_and_all_of_them_together() -> None:
    everything = [
        Restricted(n, kind, 1, 1, NOON, representative=Representative("Ruth") if n % 2 else None)
        for n, kind in enumerate(RestrictionKind)
    ]
    for action in (*PROTECTIVE, *TABLE.groups["protect"]):
        assert TABLE.protects(action)
        assert decide(everything, action, NOON) == Allow(), action
        for kind in RestrictionKind:
            assert TABLE.answer(kind, TABLE.group_of(action)) is Answer.ALLOW, (kind, action)


def test_a_table_that_stops_protection_cannot_be_loaded() -> None:
    for kind in RestrictionKind:
        worse = written()
        worse["kinds"][kind]["allows"].remove("protect")
        worse["kinds"][kind]["answers"]["protect"] = {"answer": "refuse", "source": "a whim"}
        with pytest.raises(TableError, match="SR-39"):
            Table(worse)


def test_every_restriction_answers_to_every_group_and_names_its_source() -> None:
    for kind in RestrictionKind:
        cells = TABLE.kinds[kind].cells
        assert set(cells) == set(TABLE.groups)
        for group, cell in cells.items():
            assert (cell.answer is Answer.ALLOW) != bool(cell.source), (kind, group)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda t: t["kinds"]["deceased"]["allows"].remove("talk"), "deceased and the groups differ in talk"),
        (lambda t: t["kinds"]["deceased"]["allows"].append("market"), "deceased answers twice to market"),
        (
            lambda t: t["kinds"]["bankruptcy"]["answers"]["collect"].update(source=" "),
            "no source for collect",
        ),
        (lambda t: t["groups"]["talk"]["actions"].append("collect"), "collect stands in talk and in collect"),
        (lambda t: t["kinds"].pop("legal_hold"), "kinds"),
    ],
)
def test_a_table_with_a_hole_says_where_it_is(spoil: Any, said: str) -> None:
    table = written()
    spoil(table)
    with pytest.raises(TableError, match=said) as error:
        Table(table)
    assert PLACE in str(error.value)


def test_an_action_the_table_does_not_know_is_named_with_the_place_to_add_it() -> None:
    assert TABLE.missing(["alert:declined", "message:brand_new"]) == [
        f"message:brand_new stands in no group: add it to `actions` of one in {PLACE}"
    ]
    with pytest.raises(UnknownAction, match="message:brand_new"):
        decide([], "message:brand_new", NOON)


@pytest.mark.parametrize(
    ("kind", "action", "answer"),
    [
        ("deceased", "message:offer", "refuse"),
        ("deceased", "alert:statement_ready", "redirect"),
        ("deceased", "payment:pay_from_known_account", "redirect"),
        ("bankruptcy", "collect", "refuse"),
        ("bankruptcy", "alert:payment_due", "refuse"),
        ("bankruptcy", "payment:pay_from_known_account", "allow"),
        ("represented", "alert:payment_due", "redirect"),
        ("represented", "payment:hardship_plan", "redirect"),
        ("cease_contact", "message:news", "refuse"),
        ("cease_contact", "message:contact_changed", "allow"),
        ("military_cap", "charge", "refuse"),
        ("identity_theft_block", "collect", "refuse"),
        ("identity_theft_block", "delete", "refuse"),
        ("legal_hold", "delete", "refuse"),
        ("legal_hold", "collect", "allow"),
        ("charged_off", "lost_stolen:unfreeze", "refuse"),
        ("disaster_relief", "charge", "refuse"),
        ("disaster_relief", "collect", "refuse"),
        ("fraud_lock", "info:address", "refuse"),
        ("fraud_lock", "info:alerts", "refuse"),
        ("fraud_lock", "payment:change_autopay", "allow"),
    ],
)
def test_what_law_and_rules_say(kind: str, action: str, answer: str) -> None:
    assert TABLE.answer(RestrictionKind(kind), TABLE.group_of(action)) == answer


def test_any_agent_places_a_fraud_lock_and_only_a_supervisor_lifts_one() -> None:
    rule = TABLE.kinds[RestrictionKind.FRAUD_LOCK]
    assert (rule.place, rule.lift) == ("agent", "supervisor")
    assert {kind.lift for kind in TABLE.kinds.values()} == {"supervisor"}
