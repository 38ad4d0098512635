"""What points can be used for, and using them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cardline.clocks.days import DAY
from cardline.issuer.core import CoreRefused, Kind, RewardsKind
from cardline.issuer.embedded import ledger
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.booking import book, sides
from cardline.issuer.embedded.points import (
    enter,
    expire_lots,
    move_points,
    one_major,
    points_on,
    points_sides,
)
from cardline.issuer.embedded.shared import day_of, new_token
from cardline.issuer.profile import current_profile
from cardline.kit.money import Money

STATEMENT_CREDIT = "statement_credit"


@dataclass(frozen=True, slots=True)
class Offer:
    """A way to use points. worth: whole major units for each 1,000 points; every step is worth whole minor units."""

    id: str
    least: int
    step: int
    worth: int


# Product: what a point is worth where. A card of a shop is worth more than money, as it is with most issuers.
OFFERS = (
    Offer(STATEMENT_CREDIT, least=1_000, step=500, worth=6),
    Offer("gift_card", least=2_500, step=2_500, worth=10),
)


def offer_for(account: rows.Account, option: str, points: int) -> Offer:
    """The option of that name. Raises CoreRefused as `redeem` does."""
    offer = next((offer for offer in OFFERS if offer.id == option and account.points_rate), None)
    if offer is None:
        raise CoreRefused("unknown_option")
    if points < offer.least:
        raise CoreRefused("too_small")
    if points % offer.step:
        raise CoreRefused("wrong_step")
    return offer


def use(account: rows.Account, offer: Offer, points: int, at: datetime) -> rows.RewardsEntry:
    """Take the points, give what they are worth. Raises CoreRefused("too_few_points").

    Nobody else moves this account's points until the transaction ends, so none are spent twice at once.
    """
    ledger.lock_accounts([account.pk])
    expire_lots(account, day_of(at) - DAY, at)
    if points > points_on(account):
        raise CoreRefused("too_few_points")
    token = new_token("pts")
    if offer.id != STATEMENT_CREDIT:
        return move_points(
            account, RewardsKind.REDEEM, -points, at=at, words=offer.id, key=f"points:{token}", token=token
        )
    # One posting for both: money that came of points, and the points it came of, are there together or not at all.
    worth = worth_of(offer, points, account.currency).amount_minor
    both = sides(account, Kind.CREDIT, -worth) + points_sides(account, -points)
    credit = book(
        account,
        kind=Kind.CREDIT,
        amount_minor=-worth,
        at=at,
        key=f"points:{token}",
        words=current_profile().rewards_program,
        channel="payment",
        posting_entries=both,
    )
    assert credit.posting is not None
    return enter(
        account,
        RewardsKind.REDEEM,
        -points,
        at=at,
        words=offer.id,
        posting=credit.posting,
        about=credit,
        token=token,
    )


def worth_of(offer: Offer, points: int, currency: str) -> Money:
    return Money(points * offer.worth * one_major(currency) // 1_000, currency)
