"""What points are worth, which numbers of them can be used, and what a charge brought."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from cardline.issuer.core import Kind, RewardsEntry, RewardsKind, RewardsOption, Transaction, TransactionState
from cardline.kit.money import Money
from cardline.rewards.rules import (
    Earning,
    Portion,
    Why,
    choices_for,
    earning_of,
    least_of,
    most_of,
    why_not,
    worth_of,
)

AT = datetime(2026, 11, 20, 15, tzinfo=UTC)


def option(least: int = 1_000, step: int = 500, cents: int = 600, currency: str = "USD") -> RewardsOption:
    return RewardsOption("statement_credit", least, step, Money(cents, currency))


@pytest.mark.parametrize(
    ("points", "cents", "worth"),
    [(1_000, 600, 600), (1_500, 600, 900), (500, 3, 1), (1, 600, 0), (10**12, 600, 600 * 10**9)],
)
def test_a_worth_is_never_more_than_the_points_give(points: int, cents: int, worth: int) -> None:
    assert worth_of(option(cents=cents), points) == Money(worth, "USD")


def test_a_worth_is_in_the_currency_of_the_option() -> None:
    assert worth_of(option(cents=5, currency="JPY"), 3_000) == Money(15, "JPY")


@pytest.mark.parametrize(
    ("least", "step", "held", "fits", "most"),
    [
        (1_000, 500, 16_832, 1_000, 16_500),
        (1_000, 500, 1_000, 1_000, 1_000),
        (1_000, 500, 999, 1_000, 0),
        (1_000, 500, 0, 1_000, 0),
        (1_000, 500, -700, 1_000, 0),
        (1_200, 500, 1_400, 1_500, 0),  # enough of them, and no step among them
        (1_200, 500, 1_500, 1_500, 1_500),
        (1, 1, 1, 1, 1),
    ],
)
def test_the_least_and_the_most_fit_the_steps(least: int, step: int, held: int, fits: int, most: int) -> None:
    wanted = option(least, step)
    assert (least_of(wanted), most_of(wanted, held)) == (fits, most)
    if most:
        assert why_not(wanted, most, held) is None


@pytest.mark.parametrize(
    ("points", "why"),
    [
        (1_000, None),
        (5_000, None),
        (999, Why.TOO_SMALL),
        (0, Why.TOO_SMALL),
        (-1_000, Why.TOO_SMALL),
        (1_001, Why.WRONG_STEP),
        (5_500, Why.TOO_FEW_POINTS),
        (999_999_999_999_500, Why.TOO_FEW_POINTS),
    ],
)
def test_a_number_that_cannot_be_used_has_one_reason(points: int, why: Why | None) -> None:
    assert why_not(option(), points, held=5_400) == why


@pytest.mark.parametrize(
    ("held", "choices"),
    [
        (16_832, [(Portion.MOST, 16_500), (Portion.HALF, 8_000), (Portion.LEAST, 1_000)]),
        (2_400, [(Portion.MOST, 2_000), (Portion.HALF, 1_000)]),  # half of it is the least as well
        (1_900, [(Portion.MOST, 1_500), (Portion.LEAST, 1_000)]),
        (1_200, [(Portion.MOST, 1_000)]),
        (900, []),
        (-40, []),
    ],
)
def test_ready_made_choices_differ_and_can_all_be_used(held: int, choices: list[Any]) -> None:
    found = choices_for(option(), held)
    assert [(choice.portion, choice.points) for choice in found] == choices
    assert not any(why_not(option(), choice.points, held) for choice in found)


def charge(kind: Kind = Kind.PURCHASE, *, pending: bool = False) -> Transaction:
    return Transaction(
        token="txn_1",
        account="acc_1",
        card="card_1",
        last4="4471",
        state=TransactionState.PENDING if pending else TransactionState.POSTED,
        merchant="Harbour Hotel",
        place="",
        amount=Money(48_20, "USD"),
        channel="chip",
        at=AT,
        posted_at=None if pending else AT,
        kind=kind,
    )


EARNED = RewardsEntry("pts_1", "acc_1", RewardsKind.EARN, 48, AT, "Harbour Hotel", "txn_1")


@pytest.mark.parametrize(
    ("of", "lines", "in_programme", "earning"),
    [
        (charge(), [EARNED], True, Earning.EARNED),
        (charge(), [EARNED], False, Earning.EARNED),  # it left the programme since
        (charge(), [], True, Earning.NOTHING),
        (charge(), [], False, Earning.NO_PROGRAMME),
        (charge(pending=True), [], True, Earning.PENDING),
        (charge(Kind.REFUND), [], True, Earning.TAKES_BACK),
        (charge(Kind.CASH), [], True, Earning.NEVER),
        (charge(Kind.PAYMENT), [], True, Earning.NEVER),
        (charge(Kind.INTEREST), [], True, Earning.NEVER),
    ],
)
def test_what_is_said_about_the_points_of_a_charge(
    of: Transaction, lines: list[RewardsEntry], in_programme: bool, earning: Earning
) -> None:
    assert earning_of(of, lines, in_programme=in_programme) == earning
