"""No command of a member is run for somebody else of which the table of authorities says nothing."""

from __future__ import annotations

from cardline.config.tests.test_restriction_table import product_commands
from cardline.kit.actors import Kind
from cardline.members.authorities.rules import State
from cardline.members.authorities.table import PLACE, TABLE, AuthorityKind, Scope, Takes
from cardline.members.authorities.words import DOING, SCOPES, STATES
from cardline.ui.capacities import CAPACITIES


def of_members() -> dict[str, bool]:
    """Whether each command a member may run has a level, by name."""
    return {one.name: bool(one.level) for one in product_commands() if Kind.MEMBER in one.kinds}


def test_every_command_of_a_member_stands_in_the_table_and_none_is_made_up() -> None:
    names = set(of_members())
    assert len(names) > 30
    assert TABLE.missing(names) == []
    assert TABLE.named() <= names


def test_a_new_command_is_found_and_told_where_to_go() -> None:
    assert TABLE.missing({*of_members(), "account.sell"}) == [
        f"account.sell stands nowhere: say in {PLACE} what it takes to run it for somebody else"
    ]
    assert TABLE.takes("account.sell") is Takes.ONESELF


def test_what_protects_freezes_and_reports_and_nothing_that_needs_a_level_but_that() -> None:
    protecting = {
        name for name, has_level in of_members().items() if TABLE.takes(name) is Takes.PROTECT and has_level
    }
    assert protecting == {
        "card.freeze",
        "card.say_else_gone",
        "card.say_gone",
        "card.say_when_noticed",
        "card.sum_up_report",
        "fraud.deny",
        "program.freeze",
    }


def test_there_are_words_for_every_kind_scope_and_state() -> None:
    assert set(CAPACITIES) == set(AuthorityKind)
    assert set(SCOPES) == set(DOING) == set(Scope)
    assert set(STATES) == set(State)
