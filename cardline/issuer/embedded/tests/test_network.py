"""What merchants ask of the core: approved, declined with a plain reason, given back, collected, refunded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from cardline.issuer.core import (
    AlertEvent,
    CoreNotFound,
    CoreRefused,
    Decline,
    FreezeScope,
    Kind,
    Outcome,
    TransactionState,
)
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded import network
from cardline.issuer.embedded.booking import balance_of, pending_of
from cardline.issuer.embedded.recurring import Every, next_charge
from cardline.issuer.embedded.tests.world import NOW, World, inside, new_key

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def world() -> World:
    return World()


def set_card(world: World, **columns: object) -> None:
    rows.Card.objects.filter(pk=world.card.pk).update(**columns)


def refunded(purchase: rows.Transaction, amount_minor: int, key: str = "", days: int = 3) -> rows.Transaction:
    wanted = key or new_key()
    return inside(
        lambda: network.refund(purchase.token, amount_minor=amount_minor, at=NOW + days * DAY, key=wanted)
    )


# ------------------------------------------------------------------------------------ approved and declined


def test_an_approved_amount_is_pending_and_moves_no_money(world: World) -> None:
    asked = world.asks(2_500)
    held = rows.Transaction.objects.get(authorisation=asked)
    assert (asked.outcome, asked.decline) == (Outcome.APPROVED, "")
    assert (held.state, held.merchant, held.place, held.phone) == (
        TransactionState.PENDING, "Greengate Market", "Albany, NY", "+15185550100",
    )  # fmt: skip
    assert (pending_of(world.account), balance_of(world.account)) == (2_500, 0)


CARDS: dict[str, tuple[dict[str, object], Decline | None]] = {
    "good": ({}, None),
    "closed": ({"closed_at": NOW, "frozen_at": NOW}, Decline.CLOSED),
    "expired yesterday": ({"expires": date(2026, 3, 2)}, Decline.EXPIRED),
    "good until today": ({"expires": date(2026, 3, 3)}, None),
    "inactive": ({"activated_at": None}, Decline.INACTIVE),
    "frozen": ({"frozen_at": NOW}, Decline.FROZEN),
    "frozen until later": ({"frozen_at": NOW - DAY, "freeze_expires": NOW + DAY}, Decline.FROZEN),
    "freeze just over": ({"frozen_at": NOW - DAY, "freeze_expires": NOW}, None),
}


@pytest.mark.parametrize(("columns", "decline"), CARDS.values(), ids=CARDS.keys())
def test_the_state_of_the_card_decides(
    world: World, columns: dict[str, object], decline: Decline | None
) -> None:
    set_card(world, **columns)
    asked = world.asks()
    assert asked.decline == (decline or "")
    assert asked.outcome == (Outcome.DECLINED if decline else Outcome.APPROVED)
    assert rows.Transaction.objects.exists() is (decline is None)


@pytest.mark.parametrize(
    ("scope", "channel", "decline"),
    [
        (FreezeScope.NEW_PURCHASES, "online", Decline.FROZEN),
        (FreezeScope.NEW_PURCHASES, "wallet", Decline.FROZEN),
        (FreezeScope.NEW_PURCHASES, "cash", Decline.FROZEN),
        (FreezeScope.NEW_PURCHASES, "recurring", ""),
        (FreezeScope.EVERYTHING, "recurring", Decline.FROZEN),
    ],
)
def test_a_freeze_stops_what_its_scope_names(
    world: World, scope: FreezeScope, channel: str, decline: str
) -> None:
    set_card(world, frozen_at=NOW, freeze_scope=scope)
    assert world.asks(channel=channel).decline == decline


def test_the_limit_counts_what_is_owed_and_what_is_pending(world: World) -> None:
    world.buys(60_000)
    world.pending(30_000)
    assert world.asks(10_001).decline == Decline.OVER_LIMIT
    assert world.asks(10_000).outcome == Outcome.APPROVED
    assert world.asks(1).decline == Decline.OVER_LIMIT


def test_what_came_back_can_be_spent_again(world: World) -> None:
    purchase = world.buys(100_000)
    refunded(purchase, 40_000)
    assert world.asks(40_001).decline == Decline.OVER_LIMIT
    assert world.asks(40_000).outcome == Outcome.APPROVED


def test_an_account_without_a_limit_has_none() -> None:
    assert World(limit_minor=None).asks(10**9).outcome == Outcome.APPROVED


@pytest.mark.parametrize("amount_minor", [0, -1])
def test_nobody_asks_for_nothing(world: World, amount_minor: int) -> None:
    with pytest.raises(CoreRefused, match="not_positive"):
        world.asks(amount_minor)


def test_an_unknown_card_is_not_found(world: World) -> None:
    with pytest.raises(CoreNotFound):
        world.asks(card=rows.Card(token="card_none"))


def test_asked_again_with_the_same_key_it_is_the_same_authorisation(world: World) -> None:
    first = world.asks(2_500, key="k1")
    set_card(world, frozen_at=NOW)
    assert world.asks(2_500, key="k1") == first
    assert rows.Transaction.objects.count() == 1
    with pytest.raises(CoreRefused, match="key_reused"):
        world.asks(2_600, key="k1")


def test_a_declined_one_is_told_when_a_rule_asks_for_it(world: World) -> None:
    rows.AlertRule.objects.create(account=world.account, event=AlertEvent.DECLINED, on=True)
    set_card(world, frozen_at=NOW)
    asked = world.asks(900)
    alert = rows.Alert.objects.get()
    assert (alert.about, alert.event, alert.amount_minor) == (asked.token, "declined", 900)


# --------------------------------------------------------------------------- given back, collected, refunded


def test_a_reversed_amount_is_free_again(world: World) -> None:
    asked = world.asks(100_000)
    for _ in range(2):
        given_back = inside(lambda: network.reverse(asked, NOW + DAY))
        assert (given_back.outcome, given_back.reversed_at) == (Outcome.REVERSED, NOW + DAY)
    assert pending_of(world.account) == 0
    assert world.asks(100_000).outcome == Outcome.APPROVED


def test_what_was_declined_or_collected_cannot_be_reversed(world: World) -> None:
    declined = world.asks(100_001)
    collected = world.buys(500).authorisation
    for asked in (declined, collected):
        assert asked is not None
        with pytest.raises(CoreRefused, match="not_pending"):
            inside(lambda asked=asked: network.reverse(asked, NOW))  # type: ignore[misc]
    assert balance_of(world.account) == 500


def test_collecting_moves_the_money_once_and_earns_points(world: World) -> None:
    held = world.pending(2_000)
    first, posted = (
        inside(lambda: network.post_pending(held.token, at=NOW + DAY, amount_minor=2_400)) for _ in range(2)
    )
    assert first == posted
    assert (posted.state, posted.posted_at, posted.amount_minor) == (
        TransactionState.POSTED, NOW + DAY, 2_400,
    )  # fmt: skip
    assert (balance_of(world.account), pending_of(world.account)) == (2_400, 0)
    assert rows.RewardsEntry.objects.get().points == 72


def test_online_purchases_are_told_as_such_too(world: World) -> None:
    for event in (AlertEvent.PURCHASE, AlertEvent.ONLINE_PURCHASE):
        rows.AlertRule.objects.create(account=world.account, event=event, on=True)
    world.buys(500, channel="chip")
    world.buys(600, channel="online")
    told = rows.Alert.objects.order_by("amount_minor", "event").values_list("event", "amount_minor")
    assert list(told) == [("purchase", 500), ("online_purchase", 600), ("purchase", 600)]


def test_cash_is_no_purchase(world: World) -> None:
    assert world.buys(5_000, channel="cash").kind == Kind.CASH
    assert not rows.RewardsEntry.objects.exists()


def test_a_refund_goes_to_the_card_that_bought_and_takes_its_points_back(world: World) -> None:
    purchase = world.buys(5_000)
    set_card(world, closed_at=NOW)
    back = refunded(purchase, 2_000, key="r1")
    assert (back.kind, back.amount_minor, back.card) == (Kind.REFUND, -2_000, world.card)
    assert refunded(purchase, 2_000, key="r1") == back
    assert balance_of(world.account) == 3_000
    assert sum(entry.points for entry in rows.RewardsEntry.objects.all()) == 90


def test_no_more_comes_back_than_was_paid(world: World) -> None:
    purchase, other = world.buys(5_000), world.buys(5_000)
    refunded(other, 5_000)
    refunded(purchase, 3_000)
    with pytest.raises(CoreRefused, match="too_much"):
        refunded(purchase, 2_001)
    refunded(purchase, 2_000)
    assert balance_of(world.account) == 0


@pytest.mark.parametrize(
    ("made", "amount_minor", "reason"),
    [
        (lambda world: world.pending(), 100, "not_posted"),
        (lambda world: refunded(world.buys(), 500), 100, "not_posted"),
        (lambda world: world.buys(), 0, "not_positive"),
    ],
)
def test_only_a_posted_purchase_is_refunded(
    world: World, made: Callable[[World], rows.Transaction], amount_minor: int, reason: str
) -> None:
    row = made(world)
    with pytest.raises(CoreRefused, match=reason):
        refunded(row, amount_minor)


# -------------------------------------------------------------------------------------------- subscriptions


def test_a_subscription_begins_with_the_first_charge_and_goes_on(world: World) -> None:
    world.buys(1_099, merchant="Brightwater Music", channel="online", every=Every.MONTH)
    later = world.buys(1_199, merchant="Brightwater Music", channel="recurring", at=NOW + 31 * DAY)
    (known,) = rows.Subscription.objects.all()
    assert (known.amount_minor, known.since, known.last_on, known.next_on) == (
        1_199, date(2026, 3, 3), date(2026, 4, 3), date(2026, 5, 3),
    )  # fmt: skip
    assert later.recurring_since == date(2026, 3, 3)


def test_a_declined_charge_is_none_of_the_subscription(world: World) -> None:
    world.asks(1_099, merchant="Brightwater Music", channel="online", every=Every.MONTH)
    set_card(world, closed_at=NOW)
    world.asks(1_199, merchant="Brightwater Music", channel="recurring", at=NOW + 31 * DAY)
    assert rows.Subscription.objects.get().amount_minor == 1_099


def test_a_stopped_merchant_charges_no_more_by_itself_but_may_be_paid(world: World) -> None:
    rows.AlertRule.objects.create(account=world.account, event=AlertEvent.DECLINED, on=True)
    world.asks(1_099, merchant="Brightwater Music", channel="online", every=Every.MONTH)
    rows.Subscription.objects.update(stopped_at=NOW)
    for merchant, channel, decline in (
        ("Brightwater Music", "recurring", Decline.MERCHANT_STOPPED),
        ("Brightwater Music", "online", ""),
        ("Fieldnote Cloud", "recurring", ""),
    ):
        assert world.asks(500, merchant=merchant, channel=channel).decline == decline
    assert not rows.Alert.objects.exists(), "who stopped a merchant does not want to hear of it each month"


@pytest.mark.parametrize(
    ("since", "last_on", "every", "expected"),
    [
        (date(2026, 3, 3), date(2026, 3, 3), Every.WEEK, date(2026, 3, 10)),
        (date(2026, 1, 31), date(2026, 1, 31), Every.MONTH, date(2026, 2, 28)),
        (date(2026, 1, 31), date(2026, 2, 28), Every.MONTH, date(2026, 3, 31)),
        (date(2026, 1, 9), date(2026, 2, 11), Every.MONTH, date(2026, 3, 9)),
        (date(2026, 1, 1), date(2026, 3, 30), Every.MONTH, date(2026, 5, 1)),
        (date(2016, 5, 15), date(2026, 5, 15), Every.MONTH, date(2026, 6, 15)),
        (date(2024, 2, 29), date(2025, 2, 28), Every.YEAR, date(2026, 2, 28)),
        (date(2024, 2, 29), date(2027, 2, 28), Every.YEAR, date(2028, 2, 29)),
    ],
)
def test_the_next_charge_is_expected_on_the_day_the_merchant_keeps(
    since: date, last_on: date, every: Every, expected: date
) -> None:
    assert next_charge(since, last_on, every) == expected
