"""How many points somebody can use for something, what they are worth there, and what a charge brought. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from cardline.issuer.core import Kind, RewardsEntry, RewardsOption, Transaction, TransactionState
from cardline.kit.money import Money


class Why(StrEnum):
    """Why an option does not take so many points; the words of the core's protocol."""

    TOO_SMALL = "too_small"
    WRONG_STEP = "wrong_step"
    TOO_FEW_POINTS = "too_few_points"


class Portion(StrEnum):
    """How much of the points a ready-made choice takes."""

    MOST = "most"
    HALF = "half"
    LEAST = "least"


@dataclass(frozen=True, slots=True)
class Choice:
    portion: Portion
    points: int


class Earning(StrEnum):
    """What is to be said about the points of a charge."""

    EARNED = "earned"
    PENDING = "pending"  # they come once it is posted
    NOTHING = "nothing"  # it was to bring points, and none stand in the history
    TAKES_BACK = "takes_back"  # a refund
    NEVER = "never"  # cash, a fee, interest, a payment
    NO_PROGRAMME = "no_programme"  # its account collects none


def worth_of(option: RewardsOption, points: int) -> Money:
    """What these points become; a broken minor unit is not promised."""
    return Money(option.value.amount_minor * points // 1_000, option.value.currency)


def least_of(option: RewardsOption) -> int:
    """The smallest number of points that is enough and fits the steps."""
    return -(-option.least // option.step) * option.step


def most_of(option: RewardsOption, points: int) -> int:
    """The most of these points that the option takes; 0 where they do not suffice."""
    fitting = points - points % option.step
    return fitting if fitting >= least_of(option) else 0


def why_not(option: RewardsOption, points: int, held: int) -> Why | None:
    """None where they can be used. held: what the account has."""
    if points < least_of(option):
        return Why.TOO_SMALL
    if points % option.step:
        return Why.WRONG_STEP
    return Why.TOO_FEW_POINTS if points > held else None


def choices_for(option: RewardsOption, held: int) -> tuple[Choice, ...]:
    """Everything, half of it, and the least, as far as they differ; none where nothing can be used."""
    most, least = most_of(option, held), least_of(option)
    if not most:
        return ()
    wanted = (
        Choice(Portion.MOST, most),
        Choice(Portion.HALF, most_of(option, held // 2)),
        Choice(Portion.LEAST, least),
    )
    differing = {choice.points: choice for choice in reversed(wanted) if choice.points}
    return tuple(sorted(differing.values(), key=lambda choice: -choice.points))


def earning_of(charge: Transaction, lines: Sequence[RewardsEntry], *, in_programme: bool) -> Earning:
    """lines: what the history of points says about this charge. in_programme: its account collects points."""
    if charge.kind == Kind.REFUND:
        return Earning.TAKES_BACK
    if charge.kind != Kind.PURCHASE:
        return Earning.NEVER
    if lines:
        return Earning.EARNED
    if not in_programme:
        return Earning.NO_PROGRAMME
    return Earning.PENDING if charge.state == TransactionState.PENDING else Earning.NOTHING
