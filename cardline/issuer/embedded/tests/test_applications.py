"""Somebody applies, asks how it stands, and hears of every step by when the next one comes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from cardline.issuer.core import Applicant, Application, CoreNotFound, CoreRefused
from cardline.issuer.core import ApplicationState as State
from cardline.issuer.embedded import applications
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.days import end_of_days
from cardline.issuer.embedded.tests.house import LATER, MAYA, NOW, build_house, charge, core, inside
from cardline.kit.reference import parse_reference, show_reference

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)
NORA = Applicant("Everyday Card", "Nora", "Lindqvist", date(1990, 5, 17))


def apply(applicant: Applicant = NORA, key: str = "a") -> Any:
    return core.apply(applicant, at=NOW, key=key)


def move(reference: str, *states: State) -> Application:
    steps = [inside(applications.move_on, reference, state, at=LATER) for state in states]
    last: Application = steps[-1]
    return last


# ------------------------------------------------------------------------------------------------ applying


def test_an_application_gets_a_reference_and_a_day_for_its_next_step() -> None:
    made = apply()
    assert parse_reference(made.reference) == made.reference
    assert made == Application(
        made.reference, "Everyday Card", State.SUBMITTED, NOW, NOW, TODAY + timedelta(days=30)
    )
    assert core.application(made.reference, NORA.born) == made


def test_a_double_press_applies_once_and_another_wish_with_its_key_is_refused() -> None:
    first = apply()
    assert apply() == first
    with pytest.raises(CoreRefused, match="key_reused"):
        apply(replace(NORA, given_name="Norah"))
    assert rows.Application.objects.count() == 1
    assert apply(key="another").reference != first.reference


@pytest.mark.parametrize(
    ("born", "old_enough"),
    [
        (date(2008, 11, 24), True),  # eighteen today
        (date(2008, 11, 25), False),
        (date(2027, 1, 1), False),  # not born yet
        (date(9999, 12, 31), False),
        (date(1, 1, 1), True),
    ],
)
def test_whoever_applies_is_eighteen(born: date, old_enough: bool) -> None:
    if old_enough:
        assert apply(replace(NORA, born=born)).state == State.SUBMITTED
        return
    with pytest.raises(CoreRefused, match="too_young"):
        apply(replace(NORA, born=born))
    assert not rows.Application.objects.exists() and not rows.Request.objects.exists()


@pytest.mark.parametrize("product", ["", "   ", "x" * 81, "Everyday\nCard", "Every\x00day"])
def test_a_product_that_cannot_be_is_refused(product: str) -> None:
    with pytest.raises(CoreRefused, match="unknown_product"):
        apply(replace(NORA, product=product))


def test_a_customer_is_known_again_and_an_unknown_number_changes_nothing() -> None:
    build_house()
    apply(replace(NORA, customer=MAYA), "a1")
    apply(replace(NORA, customer="c-nobody"), "a2")
    known = rows.Application.objects.order_by("id").values_list("customer__number", flat=True)
    assert list(known) == [MAYA, None]


def test_the_wish_keeps_no_name_and_no_day_of_birth_a_second_time() -> None:
    apply()
    what = rows.Request.objects.get().what
    assert "Nora" not in what and "1990" not in what


# -------------------------------------------------------------------------------------------------- asking


def test_both_facts_are_needed_and_every_wrong_one_is_answered_alike() -> None:
    made = apply()
    other = apply(replace(NORA, born=date(1985, 1, 1)), "b")
    answers = set()
    for reference, born in (
        (made.reference, date(1990, 5, 18)),
        (made.reference, date(1985, 1, 1)),
        (other.reference, NORA.born),
        ("7K429QM", NORA.born),
        ("no reference", NORA.born),
        ("", NORA.born),
        ("7" * 500, NORA.born),
    ):
        with pytest.raises(CoreNotFound) as refused:
            core.application(reference, born)
        answers.add((type(refused.value), refused.value.args))
    assert answers == {(CoreNotFound, ("application",))}


def test_a_reference_may_be_typed_as_people_type_it() -> None:
    made = apply()
    assert core.application(show_reference(made.reference).lower(), NORA.born) == made


# ------------------------------------------------------------------------------------------------ its steps


@pytest.mark.parametrize(
    ("steps", "next_on"),
    [
        ([State.INCOMPLETE], TODAY + timedelta(days=30)),
        ([State.INCOMPLETE, State.COMPLETE], TODAY + timedelta(days=30)),
        ([State.COMPLETE, State.COUNTEROFFER], TODAY + timedelta(days=80)),
        # Business days: Thanksgiving, 26 November, and the weekend are none.
        ([State.COMPLETE, State.APPROVED], date(2026, 11, 27)),
        ([State.COMPLETE, State.COUNTEROFFER, State.APPROVED], date(2026, 11, 27)),
        ([State.COMPLETE, State.APPROVED, State.CARD_ORDERED], date(2026, 12, 4)),
        ([State.COMPLETE, State.DECLINED], None),
        ([State.INCOMPLETE, State.WITHDRAWN], None),
    ],
    ids=str,
)
def test_each_step_says_by_when_the_next_one_comes(steps: list[State], next_on: date | None) -> None:
    reference = apply().reference
    stands = move(reference, *steps)
    assert (stands.state, stands.state_since, stands.next_on) == (steps[-1], LATER, next_on)
    assert core.application(reference, NORA.born) == stands


def test_a_step_taken_twice_keeps_its_first_time() -> None:
    reference = apply().reference
    move(reference, State.COMPLETE)
    again = inside(applications.move_on, reference, State.COMPLETE, at=LATER + timedelta(days=3))
    assert again.state_since == LATER


@pytest.mark.parametrize(
    ("steps", "wrong"),
    [
        ([], State.APPROVED),
        ([], State.CARD_ORDERED),
        ([State.INCOMPLETE], State.DECLINED),
        ([State.COMPLETE], State.EXPIRED),
        ([State.COMPLETE, State.DECLINED], State.APPROVED),
        ([State.WITHDRAWN], State.COMPLETE),
        ([State.COMPLETE, State.APPROVED, State.CARD_ORDERED], State.WITHDRAWN),
    ],
    ids=str,
)
def test_a_step_that_does_not_follow_is_refused(steps: list[State], wrong: State) -> None:
    reference = apply().reference
    for state in steps:
        move(reference, state)
    with pytest.raises(CoreRefused, match="wrong_state"):
        move(reference, wrong)
    with pytest.raises(CoreNotFound):
        move("0000000", State.COMPLETE)


@pytest.mark.parametrize(
    ("steps", "days", "end"),
    [
        ([State.INCOMPLETE], 30, State.EXPIRED),
        ([State.COMPLETE, State.COUNTEROFFER], 80, State.DECLINED),
    ],
)
def test_waiting_in_vain_ends_after_its_day(steps: list[State], days: int, end: State) -> None:
    vain, waiting = apply(key="a").reference, apply(key="b").reference
    move(vain, *steps)
    last = TODAY + timedelta(days)
    after = NOW + timedelta(days + 1)
    assert inside(applications.end_waiting, last - timedelta(days=1), at=after) == 0
    assert inside(applications.end_waiting, last, at=after) == 1
    assert inside(applications.end_waiting, last, at=after) == 0
    stands = core.application(vain, NORA.born)
    assert (stands.state, stands.state_since, stands.next_on) == (end, after, None)
    assert core.application(waiting, NORA.born).state == State.SUBMITTED


def test_the_end_of_the_day_ends_it() -> None:
    charge(build_house(), 5_00)  # the first movement is where working off days begins
    reference = apply().reference
    move(reference, State.INCOMPLETE)
    inside(end_of_days, NOW + timedelta(30))
    assert core.application(reference, NORA.born).state == State.INCOMPLETE
    inside(end_of_days, NOW + timedelta(31))
    assert core.application(reference, NORA.born).state == State.EXPIRED
