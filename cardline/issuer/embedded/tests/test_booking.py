"""A posted transaction and its posting: both or neither, and of the same amount."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError

from cardline.issuer.core import Kind, TransactionState
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.booking import OTHER_SIDE, balance_of, book
from cardline.issuer.embedded.ledger import POINTS, Entry, Unbalanced, balance, move, receivable
from cardline.issuer.embedded.opening import Movement, record_transactions
from cardline.issuer.embedded.tests.world import NOW, World, inside
from cardline.kit.redact import clean

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


def booked(world: World, amount_minor: int, kind: Kind = Kind.FEE, **more: object) -> rows.Transaction:
    wanted = {"key": "fee:1", "words": "Late fee", "channel": "fee"} | more
    return inside(
        lambda: book(world.account, kind=kind, amount_minor=amount_minor, at=NOW, **wanted)  # type: ignore[arg-type]
    )


def test_every_kind_has_another_side() -> None:
    assert set(OTHER_SIDE) == set(Kind)


def test_the_row_and_the_books_say_the_same(world: World) -> None:
    row = booked(world, 2_900)
    assert (row.state, row.posted_at, row.card) == (TransactionState.POSTED, NOW, world.card)
    assert (balance_of(world.account), balance("fees", "USD")) == (2_900, -2_900)
    assert row.posting is not None and row.posting.key == "fee:1"


def test_what_belongs_to_no_card_stands_on_the_first_holders_newest(world: World) -> None:
    inside(lambda: world.new_card("c-2", "Luis Torres", "2017"))
    newest = inside(lambda: world.new_card(world.customer, "Maya Torres", "3005"))
    assert booked(world, 100).card == newest


def test_points_and_money_move_in_one_posting(world: World) -> None:
    own = receivable(world.account.pk)
    entries = [*move("goodwill", own, 600, "USD"), *move("points:1", "points_issued", 1_000, POINTS)]
    booked(world, -600, Kind.CREDIT, posting_entries=entries)
    assert (balance_of(world.account), balance("points:1", POINTS)) == (-600, 1_000)


def test_a_posting_of_another_amount_than_the_row_is_refused(world: World) -> None:
    own = receivable(world.account.pk)
    for entries in (move(own, "fees", 2_800, "USD"), [Entry("bank", 5, "USD"), Entry("fees", -5, "USD")]):
        with pytest.raises(Unbalanced):
            booked(world, 2_900, posting_entries=entries)
    assert not rows.Transaction.objects.exists()


def test_the_same_key_writes_no_second_row(world: World) -> None:
    booked(world, 2_900)
    with pytest.raises(IntegrityError):
        booked(world, 2_900)
    assert (rows.Transaction.objects.count(), balance_of(world.account)) == (1, 2_900)


def test_recorded_history_is_booked_and_pending_rows_are_not(world: World) -> None:
    def movement(amount_minor: int, kind: Kind, *, posted: bool) -> Movement:
        posted_at = NOW + timedelta(days=2) if posted else None
        return Movement(
            clean("Alder Pharmacy"), clean("Albany, NY"), amount_minor, "chip", NOW, posted_at, kind
        )

    history = [
        movement(5_000, Kind.PURCHASE, posted=True),
        movement(-3_000, Kind.PAYMENT, posted=True),
        movement(700, Kind.PURCHASE, posted=False),
    ]
    assert inside(lambda: record_transactions(card=world.card.token, movements=history)) == 3
    assert balance_of(world.account) == 2_000
    assert (balance("merchants", "USD"), balance("bank", "USD")) == (-5_000, 3_000)
    pending = rows.Transaction.objects.get(state=TransactionState.PENDING)
    assert (pending.amount_minor, pending.posting) == (700, None)
