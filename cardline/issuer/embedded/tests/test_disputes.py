"""The money of disputes: never more than was charged, and nothing twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from cardline.issuer.core import (
    CoreNotFound,
    CoreRefused,
    DisputeState,
    Kind,
    Transaction,
    TransactionState,
)
from cardline.issuer.embedded import ledger, network, rewards
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.disputes import disputed_minor
from cardline.issuer.embedded.tests.house import (
    LATER,
    MAYA,
    NOW,
    House,
    at_once,
    build_house,
    charge,
    core,
    inside,
)
from cardline.kit.money import Money

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)


def usd(amount_minor: int) -> Money:
    return Money(amount_minor, "USD")


@pytest.fixture
def house(db: Any) -> House:
    return build_house()


def dispute(
    bought: Transaction, amount: int, *, credit: bool = True, key: str = "d", at: datetime = NOW
) -> Any:
    return core.open_dispute(bought.token, amount=usd(amount), credit=credit, at=at, key=key)


def balance() -> int:
    return int(core.accounts(MAYA)[0].balance.amount_minor)


def kinds() -> list[tuple[str, int]]:
    """Of all movements, oldest first."""
    return list(rows.Transaction.objects.order_by("id").values_list("kind", "amount_minor"))


def house_books() -> dict[str, int]:
    names = ("merchants", "provisional", "goodwill", "fees")
    return {name: stands for name in names if (stands := ledger.balance(name, "USD"))}


def test_provisional_credit_is_there_while_it_is_looked_into(house: House) -> None:
    bought = charge(house, 80_00)
    opened = dispute(bought, 30_00)
    assert (opened.state, opened.transaction) == (DisputeState.OPEN, bought.token)
    assert (opened.amount, opened.credited, opened.opened_at) == (usd(30_00), usd(30_00), NOW)
    assert balance() == 50_00
    assert kinds() == [(Kind.PURCHASE, 80_00), (Kind.PROVISIONAL_CREDIT, -30_00)]
    credit = rows.Transaction.objects.get(kind=Kind.PROVISIONAL_CREDIT)
    assert (credit.merchant, credit.card.token) == ("Alder Pharmacy", house.card)


def test_won_the_credit_stays_and_the_merchant_pays(house: House) -> None:
    opened = dispute(charge(house, 80_00), 30_00)
    won = core.close_dispute(opened.token, won=True, at=LATER, key="c")
    assert (won.state, won.closed_at, won.credited) == (DisputeState.WON, LATER, usd(30_00))
    assert balance() == 50_00
    assert house_books() == {"merchants": -50_00}
    assert ledger.wrong_books() == [] == ledger.wrong_postings()


def test_won_without_credit_the_money_comes_at_the_end(house: House) -> None:
    opened = dispute(charge(house, 80_00), 30_00, credit=False)
    assert (opened.credited, balance()) == (usd(0), 80_00)
    core.close_dispute(opened.token, won=True, at=LATER, key="c")
    assert kinds()[1:] == [(Kind.CREDIT, -30_00)]
    assert (balance(), house_books()) == (50_00, {"merchants": -50_00})


def test_a_fee_contested_and_won_is_taken_from_the_fees(house: House) -> None:
    opened = dispute(charge(house, 29_00, kind=Kind.FEE), 29_00, credit=False)
    core.close_dispute(opened.token, won=True, at=LATER, key="c")
    assert (balance(), house_books()) == (0, {})


def test_lost_the_credit_is_taken_back(house: House) -> None:
    bought = charge(house, 80_00)
    lost = core.close_dispute(dispute(bought, 30_00).token, won=False, at=LATER, key="c")
    assert lost.state == DisputeState.LOST
    assert kinds()[1:] == [
        (Kind.PROVISIONAL_CREDIT, -30_00),
        (Kind.PROVISIONAL_CREDIT_TAKEN_BACK, 30_00),
    ]
    assert (balance(), house_books()) == (80_00, {"merchants": -80_00})
    without = dispute(bought, 30_00, credit=False, key="d2")
    core.close_dispute(without.token, won=False, at=LATER, key="c2")
    assert (balance(), len(kinds())) == (80_00, 3)


def test_points_of_what_was_won_go_and_those_of_what_was_lost_stay(house: House) -> None:
    for won, left in ((False, 80), (True, 130)):
        bought = charge(house, 80_00)
        inside(
            rewards.earn_on, rows.Transaction.objects.select_related("account").get(token=bought.token), NOW
        )
        opened = dispute(bought, 30_00, key=f"d {won}")
        core.close_dispute(opened.token, won=won, at=LATER, key=f"c {won}")
        assert core.rewards(MAYA, house.account).points == left


def test_disputes_on_one_charge_never_contest_more_than_it_was(house: House) -> None:
    bought = charge(house, 80_00)
    lost = dispute(bought, 50_00, key="d1")
    with pytest.raises(CoreRefused, match="too_much"):
        dispute(bought, 30_01, key="d2")
    won = dispute(bought, 30_00, key="d3")
    core.close_dispute(won.token, won=True, at=LATER, key="c1")
    with pytest.raises(CoreRefused, match="too_much"):
        dispute(bought, 1, key="d4")
    core.close_dispute(lost.token, won=False, at=LATER, key="c2")
    assert dispute(bought, 50_00, key="d5").amount == usd(50_00)  # what was lost may be contested again
    assert balance() == 0


def test_what_the_merchant_gave_back_cannot_be_contested_as_well(house: House) -> None:
    bought = charge(house, 50_00)
    inside(lambda: network.refund(bought.token, amount_minor=20_00, at=LATER, key="r"))
    with pytest.raises(CoreRefused, match="too_much"):
        dispute(bought, 30_01, at=LATER)
    assert dispute(bought, 30_00, key="d2", at=LATER).credited == usd(30_00)
    assert balance() == 0


@pytest.mark.parametrize(
    ("amount", "reason"),
    [
        (usd(0), "not_positive"),
        (usd(-1), "not_positive"),
        (usd(80_01), "too_much"),
        (usd(10**15), "too_much"),
        (Money(5_00, "EUR"), "wrong_currency"),
    ],
)
def test_an_amount_that_cannot_be_contested_is_refused(house: House, amount: Money, reason: str) -> None:
    bought = charge(house, 80_00)
    with pytest.raises(CoreRefused, match=reason):
        core.open_dispute(bought.token, amount=amount, credit=True, at=NOW, key="d")
    assert not rows.Request.objects.exists()
    assert balance() == 80_00


def test_only_posted_charges_can_be_contested(house: House) -> None:
    bought = charge(house, 80_00)
    rows.Transaction.objects.update(state=TransactionState.PENDING, posted_at=None)
    with pytest.raises(CoreRefused, match="not_posted"):
        dispute(bought, 10_00)
    for kind, amount in ((Kind.REFUND, -10_00), (Kind.PAYMENT, -10_00), (Kind.PAYMENT_RETURNED, 10_00)):
        with pytest.raises(CoreRefused, match="too_much"):
            dispute(charge(house, amount, kind=kind), 10_00)
    with pytest.raises(CoreNotFound):
        core.open_dispute("txn_none", amount=usd(1), credit=False, at=NOW, key="d")


def test_a_double_press_opens_and_closes_once(house: House) -> None:
    bought = charge(house, 80_00)
    opened = dispute(bought, 30_00)
    assert dispute(bought, 30_00, at=LATER) == opened
    with pytest.raises(CoreRefused, match="key_reused"):
        dispute(bought, 31_00)
    closed = core.close_dispute(opened.token, won=False, at=LATER, key="c")
    for key in ("c", "c again"):
        assert core.close_dispute(opened.token, won=False, at=LATER + timedelta(hours=1), key=key) == closed
    with pytest.raises(CoreRefused, match="^closed$"):
        core.close_dispute(opened.token, won=True, at=LATER, key="c2")
    with pytest.raises(CoreRefused, match="key_reused"):
        core.close_dispute(opened.token, won=True, at=LATER, key="c")
    with pytest.raises(CoreNotFound):
        core.close_dispute("dsp_none", won=True, at=LATER, key="c3")
    assert (len(kinds()), balance()) == (3, 80_00)


def test_what_is_contested_on_a_day_is_counted_at_its_end(house: House) -> None:
    account = house.account_row.pk
    bought = charge(house, 80_00)
    credited = dispute(bought, 20_00, key="d1")
    bare = dispute(bought, 30_00, credit=False, key="d2")
    # Half past eleven in the evening of the 26th in New York; the 27th in UTC.
    core.close_dispute(bare.token, won=False, at=datetime(2026, 11, 27, 4, 30, tzinfo=UTC), key="c")
    days = [TODAY + timedelta(days=number) for number in range(-1, 3)]
    assert [disputed_minor(account, day) for day in days] == [0, 30_00, 30_00, 0]
    core.close_dispute(credited.token, won=False, at=datetime(2026, 11, 27, 4, 30, tzinfo=UTC), key="c2")
    assert disputed_minor(account, TODAY) == 30_00  # its 20.00 stood as a credit then
    assert disputed_minor(rows.Account.objects.get(token=house.strangers_account).pk, TODAY) == 0


@pytest.mark.django_db(transaction=True)
def test_disputes_at_once_do_not_contest_more_together_than_was_charged() -> None:
    house = build_house()
    bought = charge(house, 80_00)
    outcomes = at_once(6, lambda number: dispute(bought, 30_00, key=f"d{number}").state)
    assert sorted(outcomes) == ["open"] * 2 + ["too_much"] * 4
    assert balance() == 20_00
