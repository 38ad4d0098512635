"""What evidence adds up to (DOMAIN 8): by itself, together, and at the edge of its freshness."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cardline.identity.rules import STRONG_FOR, WORTH, Proof, Shown, level_from

NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)
THIS, THAT = "add this account", "add that account"


@pytest.mark.parametrize(
    ("proof", "level"),
    [
        (Proof.SESSION, 2),
        (Proof.PHONE_CODE, 2),
        (Proof.IN_APP, 2),
        (Proof.CALL_BACK, 2),
        (Proof.PASSCODE, 2),
        (Proof.PASSKEY, 2),
        (Proof.FACTS, 1),
        ("a word nobody knows", 0),
    ],
)
def test_each_proof_has_its_worth_when_nothing_in_particular_is_asked_for(proof: str, level: int) -> None:
    assert level_from([Shown(proof, NOW)], NOW) == level


def test_nobody_is_somebody_without_evidence() -> None:
    assert level_from([], NOW, THIS) == 0


@pytest.mark.parametrize("proof", list(Proof))
def test_each_proof_counts_to_its_last_instant_and_no_longer(proof: Proof) -> None:
    worth = WORTH[proof]
    end = NOW + worth.lasts
    assert level_from([Shown(proof, NOW)], end - TICK) == worth.level
    assert level_from([Shown(proof, NOW)], end) == 0


@pytest.mark.parametrize("factor", [Proof.PHONE_CODE, Proof.IN_APP, Proof.CALL_BACK, Proof.PASSCODE])
def test_a_session_and_a_bound_factor_are_strong_for_the_action_that_was_shown(factor: Proof) -> None:
    both = [Shown(Proof.SESSION, NOW - timedelta(hours=3)), Shown(factor, NOW, THIS)]
    assert level_from(both, NOW, THIS) == 3
    assert level_from(both, NOW, THAT) == 2
    assert level_from(both, NOW) == 2
    assert level_from([both[0], Shown(factor, NOW)], NOW, THIS) == 2  # nothing was shown with it


def test_strong_is_strong_for_five_minutes() -> None:
    both = [Shown(Proof.SESSION, NOW), Shown(Proof.PHONE_CODE, NOW, THIS)]
    assert level_from(both, NOW + STRONG_FOR - TICK, THIS) == 3
    assert level_from(both, NOW + STRONG_FOR, THIS) == 2
    assert timedelta(minutes=5) == STRONG_FOR


def test_a_passkey_is_strong_by_itself_and_for_its_action_alone() -> None:
    key = [Shown(Proof.PASSKEY, NOW, THIS)]
    assert (level_from(key, NOW, THIS), level_from(key, NOW, THAT)) == (3, 2)
    assert level_from(key, NOW + STRONG_FOR, THIS) == 2


@pytest.mark.parametrize(
    "evidence",
    [
        [Shown(Proof.PHONE_CODE, NOW, THIS)],  # no session
        [Shown(Proof.PHONE_CODE, NOW, THIS), Shown(Proof.CALL_BACK, NOW, THIS)],
        [Shown(Proof.SESSION, NOW), Shown(Proof.SESSION, NOW, THIS)],  # one factor twice
        [Shown(Proof.SESSION, NOW), Shown(Proof.FACTS, NOW, THIS)],  # others know them, too
    ],
)
def test_less_than_two_factors_are_never_strong(evidence: list[Shown]) -> None:
    assert level_from(evidence, NOW, THIS) == 2


def test_a_press_in_the_browser_that_is_signed_in_is_no_second_factor() -> None:
    signed_in = Shown(Proof.SESSION, NOW, session="laptop")
    same, other = (Shown(Proof.IN_APP, NOW, THIS, session=where) for where in ("laptop", "phone"))
    assert level_from([signed_in, same], NOW, THIS) == 2
    assert level_from([signed_in, other], NOW, THIS) == 3
    assert level_from([signed_in, same, Shown(Proof.SESSION, NOW, session="phone")], NOW, THIS) == 3
    assert level_from([other], NOW, THIS) == 2


def test_a_code_typed_in_the_browser_that_is_signed_in_is_one() -> None:
    both = [
        Shown(Proof.SESSION, NOW, session="laptop"),
        Shown(Proof.PHONE_CODE, NOW, THIS, session="laptop"),
    ]
    assert level_from(both, NOW, THIS) == 3


def test_a_number_that_changed_identifies_and_an_exception_raises_no_level() -> None:
    assert level_from([Shown(Proof.CHANGED_NUMBER, NOW, THIS)], NOW, THIS) == 1
    session = Shown(Proof.SESSION, NOW)
    assert level_from([session, Shown(Proof.CHANGED_NUMBER, NOW, THIS)], NOW, THIS) == 2
    assert level_from([Shown(Proof.EXCEPTIONAL, NOW)], NOW) == 0
    assert level_from([session, Shown(Proof.EXCEPTIONAL, NOW, THIS)], NOW, THIS) == 2
