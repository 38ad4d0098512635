"""What was bought, read: every filter, who sees what, pages that neither lose nor repeat a row."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cardline.issuer.core import (
    CoreNotFound,
    CoreRefused,
    Decline,
    Kind,
    Outcome,
    Transaction,
    TransactionState,
    Which,
)
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded import network
from cardline.issuer.embedded.movements import EmbeddedMovements
from cardline.issuer.embedded.recurring import Every
from cardline.issuer.embedded.tests.world import NOW, World, inside, new_key

pytestmark = pytest.mark.django_db

ME = "c-1"
PARTNER = "c-2"
STRANGER = "c-9"
HOUR = timedelta(hours=1)
core = EmbeddedMovements()


@pytest.fixture
def world() -> World:
    return World()


def found(**which: object) -> list[int]:
    """The amounts of what is found, newest first."""
    return [row.amount.amount_minor for row in core.transactions(ME, Which(**which)).items]  # type: ignore[arg-type]


def everything(customer: str, most: int) -> list[Transaction]:
    """All pages, one after the other."""
    listed: list[Transaction] = []
    after = ""
    while True:
        page = core.transactions(customer, after=after, most=most)
        listed += page.items
        after = page.next
        if not after:
            return listed


# ------------------------------------------------------------------------------------------------- searching


@pytest.fixture
def shopping(world: World) -> World:
    world.buys(1_200, merchant="Café Élan", at=NOW - 4 * HOUR)
    world.buys(5_000, merchant="Greengate Market", at=NOW - 3 * HOUR)
    purchase = world.buys(90_000, merchant="100% Wool_Shop", channel="online", at=NOW - 2 * HOUR)
    inside(lambda: network.refund(purchase.token, amount_minor=4_000, at=NOW - HOUR, key=new_key()))
    world.pending(700, merchant="Greengate Market", at=NOW)
    return world


def test_the_newest_comes_first(shopping: World) -> None:
    assert found() == [700, -4_000, 90_000, 5_000, 1_200]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("greengate", [700, 5_000]),
        ("GATE MARK", [700, 5_000]),
        ("albany", [700, -4_000, 90_000, 5_000, 1_200]),
        ("CAFÉ", [1_200]),
        ("café é", [1_200]),
        ("%", [-4_000, 90_000]),
        ("l_s", [-4_000, 90_000]),
        ("wool shop", []),
        ("nobody", []),
        ("green\x00gate", []),
        ("'; DROP TABLE", []),
    ],
)
def test_text_is_found_without_regard_to_case(shopping: World, text: str, expected: list[int]) -> None:
    assert found(text=text) == expected


def test_by_time_the_first_moment_counts_and_the_last_does_not(shopping: World) -> None:
    assert found(since=NOW - 3 * HOUR, until=NOW - HOUR) == [90_000, 5_000]


def test_by_amount_a_refund_counts_without_its_sign(shopping: World) -> None:
    assert found(smallest=4_000) == [-4_000, 90_000, 5_000]
    assert found(largest=1_000) == [700]
    assert found(largest=4_000) == [700, -4_000, 1_200]
    assert found(smallest=1_200, largest=5_000) == [-4_000, 5_000, 1_200]
    assert found(smallest=10**20) == []


def test_by_state_and_kind(shopping: World) -> None:
    assert found(state=TransactionState.PENDING) == [700]
    assert found(kinds=(Kind.REFUND, Kind.FEE)) == [-4_000]
    assert found(state=TransactionState.POSTED, kinds=(Kind.PURCHASE,), text="green") == [5_000]


def test_what_is_disputed_is_the_sum_of_the_open_disputes(world: World) -> None:
    purchase = world.buys(5_000)
    for amount, state in ((1_000, "open"), (500, "open"), (300, "won"), (200, "lost")):
        rows.Dispute.objects.create(
            token=new_key(), transaction=purchase, amount_minor=amount, state=state, opened_at=NOW
        )
    disputed = core.transaction(ME, purchase.token).disputed
    assert disputed is not None and disputed.amount_minor == 1_500
    assert core.transactions(ME).items[0].disputed == disputed
    assert core.transaction(ME, world.buys(1).token).disputed is None


# --------------------------------------------------------------------------------------------- who sees what


def test_an_additional_card_member_sees_their_own_card_only(world: World) -> None:
    theirs = inside(lambda: world.new_card(PARTNER, "Luis Torres", "2017"))
    mine = world.buys(100)
    bought = world.buys(200, card=theirs)
    assert [row.token for row in core.transactions(PARTNER).items] == [bought.token]
    assert [row.token for row in core.transactions(ME).items] == [bought.token, mine.token]
    assert core.transactions(ME, Which(card=theirs.token)).items[0].holder == "Luis Torres"
    assert core.transaction(PARTNER, bought.token).last4 == "2017"
    with pytest.raises(CoreNotFound):
        core.transaction(PARTNER, mine.token)
    for which in (Which(card=world.card.token), Which(account=world.account.token)):
        with pytest.raises(CoreNotFound):
            core.transactions(PARTNER, which)


def test_a_stranger_sees_nothing(world: World) -> None:
    token = world.buys().token
    for seen in (core.transactions(STRANGER).items, core.authorisations(STRANGER).items):
        assert not seen
    assert not core.subscriptions(STRANGER)
    with pytest.raises(CoreNotFound):
        core.transaction(STRANGER, token)
    with pytest.raises(CoreNotFound):
        core.authorisations(STRANGER, card=world.card.token)


def test_declined_and_reversed_authorisations_are_listed_with_their_reason(world: World) -> None:
    given_back = world.asks(300, at=NOW - HOUR)
    inside(lambda: network.reverse(given_back, NOW))
    world.asks(100_001, merchant="Cascade Air", at=NOW)
    said = [(a.merchant, a.outcome, a.decline) for a in core.authorisations(ME).items]
    assert said == [
        ("Cascade Air", Outcome.DECLINED, Decline.OVER_LIMIT),
        ("Greengate Market", Outcome.REVERSED, None),
    ]


# --------------------------------------------------------------------------------------------------- paging


def fill(world: World, count: int, card: rows.Card | None = None) -> None:
    """Charges of the past, several at the same moment."""
    card = card or world.card
    rows.Transaction.objects.bulk_create(
        rows.Transaction(
            token=f"txn_{card.pk}_{number}",
            account_id=card.account_id,
            card=card,
            state=TransactionState.PENDING,
            merchant=f"Merchant {number}",
            place="",
            amount_minor=number + 1,
            channel="chip",
            at=NOW - number // 3 * HOUR,
        )
        for number in range(count)
    )


def hold_jointly(other: World) -> None:
    """Their account is ours too."""
    me = rows.Customer.objects.get(number=ME)
    rows.Holder.objects.create(account=other.account, customer=me, role="joint")


def test_pages_over_several_accounts_have_every_row_once_in_order(world: World) -> None:
    second = World(customer=STRANGER)
    hold_jointly(second)
    third = World(customer="c-8")
    on_theirs = inside(lambda: third.new_card(ME, "Maya Torres", "4003"))
    third.buys(999)
    for one, card in ((world, None), (second, None), (third, on_theirs)):
        fill(one, 40, card)
    whole = everything(ME, most=200)
    assert len(whole) == len({row.token for row in whole}) == 120
    assert [row.at for row in whole] == sorted((row.at for row in whole), reverse=True)
    assert everything(ME, most=7) == whole


def test_a_cursor_of_another_list_is_refused(world: World) -> None:
    hold_jointly(World(customer=STRANGER))
    for customer in (ME, STRANGER):
        with pytest.raises(CoreRefused, match="bad_page"):
            core.transactions(customer, after="bm9uc2Vuc2U")


@pytest.mark.parametrize("accounts", [1, 2])
def test_a_page_is_read_along_an_index_and_nothing_is_sorted(world: World, accounts: int) -> None:
    """What makes 50 of 10,000 rows cost no more than 50 of 50. The plan is asked; a clock would lie here."""
    if connection.vendor != "sqlite":
        pytest.skip("asks SQLite for its plan")
    if accounts == 2:
        hold_jointly(World(customer=STRANGER))
    fill(world, 120)
    with CaptureQueriesContext(connection) as queries:
        middle = core.transactions(ME).next
        core.transactions(ME, after=middle)
        core.transactions(ME, Which(card=world.card.token), after=middle)
        core.authorisations(ME)
    pages = [query["sql"] for query in queries if "LIMIT 51" in query["sql"]]
    # Of two accounts, the page is put together of the first 51 rows of each.
    along_an_index = [sql for sql in pages if '"id" IN (' not in sql]
    assert len(along_an_index) >= 4
    for sql in along_an_index:
        assert "TEMP B-TREE" not in plan_of(sql)


def plan_of(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return " | ".join(row[3] for row in cursor.fetchall())


def test_a_page_takes_the_same_queries_whatever_is_on_it(world: World) -> None:
    fill(world, 10)
    with CaptureQueriesContext(connection) as few:
        core.transactions(ME)
    fill(World(customer=STRANGER), 10)
    rows.Transaction.objects.filter(card=world.card).update(amount_minor=5)
    contested = rows.Transaction.objects.filter(card=world.card)[0]
    rows.Dispute.objects.create(token="dsp_1", transaction=contested, amount_minor=5, opened_at=NOW)
    with CaptureQueriesContext(connection) as more:
        core.transactions(ME)
    assert len(few) == len(more) <= 4


# -------------------------------------------------------------------------------------------- subscriptions


@pytest.fixture
def subscribed(world: World) -> World:
    for merchant, every, ago in (
        ("Yearly", Every.YEAR, 9),
        ("Monthly", Every.MONTH, 2),
        ("Weekly", Every.WEEK, 1),
    ):
        world.asks(500, merchant=merchant, every=every, at=NOW - timedelta(days=ago))
    return world


def names() -> list[str]:
    return [one.merchant for one in core.subscriptions(ME)]


def test_the_next_subscription_comes_first_and_stopped_ones_last(subscribed: World) -> None:
    assert names() == ["Weekly", "Monthly", "Yearly"]
    weekly = core.subscriptions(ME)[0]
    stopped = core.stop_merchant(ME, weekly.token, at=NOW, key="k1")
    assert stopped.stopped_at == NOW
    assert names() == ["Monthly", "Yearly", "Weekly"]


def test_a_stopped_merchant_is_declined_until_it_is_allowed_again(subscribed: World) -> None:
    token = core.subscriptions(ME)[0].token
    core.stop_merchant(ME, token, at=NOW, key="k1")
    later = core.stop_merchant(ME, token, at=NOW + HOUR, key="k2")
    assert later.stopped_at == NOW, "it keeps its first time"
    assert subscribed.asks(500, merchant="Weekly", channel="recurring").decline == Decline.MERCHANT_STOPPED
    assert core.allow_merchant(ME, token, at=NOW + HOUR, key="k3").stopped_at is None
    assert core.stop_merchant(ME, token, at=NOW, key="k1").stopped_at is None, "a late repeat does nothing"
    assert subscribed.asks(500, merchant="Weekly", channel="recurring").outcome == Outcome.APPROVED


def test_the_key_of_one_wish_is_not_good_for_another(subscribed: World) -> None:
    weekly, monthly, _ = core.subscriptions(ME)
    core.stop_merchant(ME, weekly.token, at=NOW, key="k1")
    for change, token in ((core.allow_merchant, weekly.token), (core.stop_merchant, monthly.token)):
        with pytest.raises(CoreRefused, match="key_reused"):
            change(ME, token, at=NOW, key="k1")


def test_nobody_stops_a_stranger_s_merchant(subscribed: World) -> None:
    token = core.subscriptions(ME)[0].token
    for change in (core.stop_merchant, core.allow_merchant):
        with pytest.raises(CoreNotFound):
            change(STRANGER, token, at=datetime(2026, 3, 3, tzinfo=UTC), key="k1")
