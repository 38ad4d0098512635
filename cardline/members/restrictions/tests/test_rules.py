"""Overlapping restrictions: the strictest answer wins, whatever their order, and instants at the edges are exact."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cardline.members.restrictions.rules import (
    Allow,
    Decision,
    Redirect,
    Refuse,
    Representative,
    Restricted,
    State,
    decide,
    state_at,
)
from cardline.members.restrictions.table import TABLE, RestrictionKind
from cardline.members.restrictions.tests.scene import NOON

TICK = timedelta(microseconds=1)
RUTH = Representative("Ruth Adeyemi", "Adeyemi & Cole")
ACTIONS = sorted(action for actions in TABLE.groups.values() for action in actions)
STRICTNESS = {Allow: 0, Redirect: 1, Refuse: 2}

minutes = st.integers(-3, 3).map(lambda n: NOON + timedelta(minutes=n))


@st.composite
def restricted(draw: st.DrawFn) -> Restricted:
    since = draw(minutes)
    return Restricted(
        id=draw(st.integers(1, 5)),
        kind=draw(st.sampled_from(RestrictionKind)),
        member=draw(st.sampled_from([1, 2])),
        touched=1,
        since=since,
        account=draw(st.sampled_from(["", "acc_a", "acc_b"])),
        until=draw(st.none() | st.integers(1, 4).map(lambda n: since + timedelta(minutes=n))),
        lifted_at=draw(st.none() | minutes),
        representative=draw(st.none() | st.just(RUTH)),
    )


def strictness(decision: Decision) -> int:
    return STRICTNESS[type(decision)]


@settings(max_examples=400, deadline=None)
@given(
    rows=st.lists(restricted(), max_size=6, unique_by=lambda one: one.id),
    action=st.sampled_from(ACTIONS),
    at=minutes,
    account=st.sampled_from(["", "acc_a"]),
    seed=st.integers(0, 9),
)
def test_the_strictest_wins_and_order_changes_nothing(
    rows: list[Restricted], action: str, at: datetime, account: str, seed: int
) -> None:
    together = decide(rows, action, at, account)
    alone = [decide([one], action, at, account) for one in rows]
    assert strictness(together) == max(map(strictness, alone), default=0)
    assert together == Allow() or together in alone
    shuffled = rows[:]
    random.Random(seed).shuffle(shuffled)
    assert decide(shuffled, action, at, account) == together
    if TABLE.protects(action):
        assert together == Allow()


def lock(**more: Any) -> Restricted:
    given = {"id": 1, "kind": RestrictionKind.FRAUD_LOCK, "member": 1, "touched": 1, "since": NOON, **more}
    return Restricted(**given)


def test_it_stands_from_its_first_instant_up_to_and_without_its_last() -> None:
    end = NOON + timedelta(hours=1)
    one = lock(until=end)
    assert [state_at(one, at) for at in (NOON - TICK, NOON, end - TICK, end)] == [
        State.PLANNED,
        State.STANDS,
        State.STANDS,
        State.OVER,
    ]
    assert decide([one], "rewards:redeem", NOON - TICK) == Allow()
    assert decide([one], "rewards:redeem", NOON) == Refuse(RestrictionKind.FRAUD_LOCK, one)
    assert isinstance(decide([one], "rewards:redeem", end - TICK), Refuse)
    assert decide([one], "rewards:redeem", end) == Allow()


def test_lifting_ends_it_at_that_instant_even_before_it_began() -> None:
    lifted = NOON + timedelta(minutes=5)
    one = lock(lifted_at=lifted)
    assert (state_at(one, lifted - TICK), state_at(one, lifted)) == (State.STANDS, State.LIFTED)
    early = lock(lifted_at=NOON - TICK)
    assert state_at(early, NOON) is State.LIFTED


def test_a_redirection_names_the_representative_and_without_one_is_a_refusal() -> None:
    row = lock(kind=RestrictionKind.REPRESENTED, representative=RUTH)
    assert decide([row], "payment:hardship_plan", NOON) == Redirect(RUTH, row)
    nobody = lock(kind=RestrictionKind.REPRESENTED)
    assert decide([nobody], "payment:hardship_plan", NOON) == Refuse(RestrictionKind.REPRESENTED, nobody)


def test_of_two_refusals_the_graver_kind_then_the_older_answers() -> None:
    hold = lock(id=1, since=NOON - timedelta(days=9))
    dead = lock(id=2, kind=RestrictionKind.DECEASED)
    older = lock(id=4, since=NOON - timedelta(days=10))
    assert decide([hold, dead], "apply:apply", NOON) == Refuse(RestrictionKind.DECEASED, dead)
    assert decide([hold, older], "apply:apply", NOON) == Refuse(RestrictionKind.FRAUD_LOCK, older)
    assert decide([lock(id=8), lock(id=7)], "apply:apply", NOON) == Refuse(
        RestrictionKind.FRAUD_LOCK, lock(id=7)
    )


def test_one_about_an_account_leaves_another_account_alone() -> None:
    one = lock(account="acc_a")
    assert decide([one], "rewards:redeem", NOON, "acc_b") == Allow()
    assert isinstance(decide([one], "rewards:redeem", NOON, "acc_a"), Refuse)
    assert isinstance(decide([one], "rewards:redeem", NOON), Refuse)  # we do not know with which


def test_anothers_restriction_stops_what_is_done_with_the_account_not_what_is_personal() -> None:
    holders = lock(kind=RestrictionKind.BANKRUPTCY, account="acc_a", member=9)
    assert isinstance(decide([holders], "card_access:activate", NOON), Refuse)
    theirs = lock(account="acc_a", member=9)
    assert decide([theirs], "info:address", NOON) == Allow()
    assert decide([theirs], "message:offer", NOON) == Allow()


def test_a_refusal_goes_before_a_redirection_of_a_graver_kind() -> None:
    redirects = lock(id=1, kind=RestrictionKind.REPRESENTED, representative=RUTH)
    refuses = lock(id=2, kind=RestrictionKind.DISASTER_RELIEF)
    assert decide([redirects, refuses], "collect", NOON) == Refuse(RestrictionKind.DISASTER_RELIEF, refuses)


def test_ones_own_restriction_stops_what_is_personal() -> None:
    assert isinstance(decide([lock()], "info:address", NOON), Refuse)
    assert isinstance(decide([lock(account="acc_a")], "info:address", NOON), Refuse)
