"""What an authority is worth at an instant, for every kind; no database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from cardline.members.authorities.rules import (
    Empowered,
    State,
    allows,
    scopes_of,
    state_at,
    too_much,
    valid_at,
)
from cardline.members.authorities.table import TABLE, AuthorityKind, Scope, Takes
from cardline.members.authorities.tests.scene import NOON

DAY, TICK = timedelta(days=1), timedelta(microseconds=1)
K = AuthorityKind


def one(kind: AuthorityKind, **more: object) -> Empowered:
    """Everything there, begun yesterday; after the death where the kind begins with it."""
    died = NOON - DAY if kind is K.EXECUTOR else None
    given = {"has_papers": True, "is_confirmed": True, "died_at": died, **more}
    return Empowered(kind, 1, 2, frozenset(TABLE.kinds[kind].may), NOON - DAY, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", K)
def test_with_everything_there_every_kind_is_valid_from_its_first_instant_to_its_last(kind: K) -> None:
    row = one(kind, until=NOON + DAY)
    assert state_at(row, NOON - DAY) is State.VALID
    assert state_at(row, NOON + DAY - TICK) is State.VALID
    assert state_at(row, NOON + DAY) is State.OVER
    if kind is not K.EXECUTOR:
        assert state_at(row, NOON - DAY - TICK) is State.PLANNED


@pytest.mark.parametrize("kind", K)
def test_it_ends_at_the_instant_it_is_revoked(kind: K) -> None:
    row = one(kind, revoked_at=NOON)
    assert state_at(row, NOON - TICK) is State.VALID
    assert state_at(row, NOON) is State.REVOKED


@pytest.mark.parametrize(
    "kind", [K.MANAGER_LIMITED, K.MANAGER_FULL, K.POWER_OF_ATTORNEY, K.GUARDIAN, K.ATTORNEY]
)
def test_whoever_was_chosen_or_appointed_for_the_living_ends_with_the_death(kind: K) -> None:
    row = one(kind, died_at=NOON)
    assert state_at(row, NOON - TICK) is State.VALID
    assert state_at(row, NOON) is State.ENDED_BY_DEATH


@pytest.mark.parametrize("kind", [K.JOINT_OWNER, K.ADDITIONAL_CARD_MEMBER, K.PROGRAM_ADMINISTRATOR])
def test_what_is_ones_own_right_does_not(kind: K) -> None:
    assert state_at(one(kind, died_at=NOON - DAY), NOON) is State.VALID


def test_an_executor_begins_with_papers_and_after_the_death_only() -> None:
    row = one(K.EXECUTOR)
    assert state_at(replace(row, has_papers=False), NOON) is State.WAITS_FOR_PAPERS
    assert state_at(replace(row, is_confirmed=False), NOON) is State.UNCONFIRMED
    assert state_at(replace(row, died_at=None), NOON) is State.WAITS_FOR_DEATH
    assert state_at(replace(row, died_at=NOON + TICK), NOON) is State.WAITS_FOR_DEATH
    assert state_at(replace(row, died_at=NOON), NOON) is State.VALID


@pytest.mark.parametrize("kind", K)
def test_without_the_papers_or_the_second_person_it_needs_it_is_worth_nothing(kind: K) -> None:
    rule = TABLE.kinds[kind]
    bare = one(kind, has_papers=False)
    assert (state_at(bare, NOON) is State.WAITS_FOR_PAPERS) == rule.papers
    alone = one(kind, is_confirmed=False)
    assert (state_at(alone, NOON) is State.UNCONFIRMED) == rule.confirmed


def test_every_kind_that_may_see_redeem_close_or_add_cards_takes_two_people() -> None:
    far = {Scope.SEE, Scope.REDEEM, Scope.CLOSE, Scope.ADD_CARDS}
    assert all(rule.confirmed for rule in TABLE.kinds.values() if rule.may & far)
    assert {kind for kind, rule in TABLE.kinds.items() if not rule.confirmed} == {
        K.ADDITIONAL_CARD_MEMBER,
        K.MANAGER_LIMITED,
    }


def test_a_row_never_gives_more_than_its_kind_may_have() -> None:
    greedy = replace(one(K.MANAGER_LIMITED), scopes=frozenset(Scope))
    assert scopes_of([greedy]) == {"pay", "dispute", "replace"}
    assert too_much(K.MANAGER_LIMITED, ["see", "pay"]) == {"see"}
    assert too_much(K.POWER_OF_ATTORNEY, list(Scope)) == frozenset()


def test_several_rows_give_what_the_valid_ones_give_together() -> None:
    paying = replace(one(K.POWER_OF_ATTORNEY), scopes=frozenset({"pay"}))
    seeing = replace(paying, scopes=frozenset({"see"}))
    over = replace(paying, scopes=frozenset({"close"}), until=NOON)
    assert scopes_of(valid_at([paying, seeing, over], NOON)) == {"pay", "see"}


def test_protecting_takes_no_scope_and_everything_else_its_own() -> None:
    assert allows(Takes.PROTECT, frozenset())
    assert not allows(Scope.PAY, frozenset({"see"}))
    assert allows(Scope.PAY, frozenset({"pay"}))
    assert not allows(Takes.ONESELF, frozenset(Scope))
