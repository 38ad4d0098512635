"""What a card may spend in a cycle: counted over the cards of one holder, from the cycle's first moment on."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from cardline.issuer.core import CardSpending, CloseReason, CoreRefused, Decline, Delivery, Kind, Outcome
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded import network
from cardline.issuer.embedded.shared import start_of
from cardline.issuer.embedded.tests.house import (
    LATER,
    MAYA,
    NOW,
    SON,
    House,
    build_house,
    charge,
    core,
    inside,
)
from cardline.kit import clock
from cardline.kit.money import Money

pytestmark = pytest.mark.django_db

# Maya's cycles close on the 20th, a Friday in November 2026.
CYCLE = (date(2026, 11, 21), date(2026, 12, 21))


@pytest.fixture
def house(db: Any, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr(clock, "now", lambda: LATER)
    return build_house()


def of(card: str, customer: str = MAYA) -> CardSpending:
    return next(one for one in core.spending(customer) if one.card == card)


def dollars(amount_minor: int) -> Money:
    return Money(amount_minor, "USD")


def asks(card: str, amount_minor: int, key: str) -> rows.Authorisation:
    more: dict[str, Any] = {"place": "Albany, NY", "phone": "", "channel": "chip", "at": LATER}
    found: rows.Authorisation = inside(
        lambda: network.authorise(
            card, merchant="Greengate Market", amount_minor=amount_minor, key=key, **more
        )
    )
    return found


def test_only_the_cycle_that_runs_counts_from_its_first_moment(house: House) -> None:
    first = start_of(CYCLE[0])
    charge(house, 40_00, at=first - timedelta(seconds=1))
    charge(house, 30_00, at=first)
    charge(house, -5_00, kind=Kind.REFUND)
    charge(house, -900_00, kind=Kind.PAYMENT)
    charge(house, 29_00, kind=Kind.FEE)
    found = of(house.card)
    assert (found.since, found.until) == CYCLE
    assert (found.spent, found.limit, found.left) == (dollars(25_00), None, None)


def test_pending_purchases_count_and_other_peoples_do_not(house: House) -> None:
    asks(house.card, 12_00, "a-1")
    asks(house.sons_card, 7_00, "a-2")
    assert (of(house.card).spent, of(house.sons_card).spent) == (dollars(12_00), dollars(7_00))
    assert [one.card for one in core.spending(SON)] == [house.sons_card]


def test_a_limit_declines_what_goes_above_it_on_that_card_alone(house: House) -> None:
    core.set_card_limit(house.sons_card, limit=dollars(20_00), at=NOW, key="l-1")
    over = asks(house.sons_card, 20_01, "a-1")
    assert (over.outcome, over.decline) == (Outcome.DECLINED, Decline.OVER_LIMIT)
    assert asks(house.sons_card, 20_00, "a-2").outcome == Outcome.APPROVED
    assert asks(house.sons_card, 1, "a-3").outcome == Outcome.DECLINED
    assert asks(house.card, 400_00, "a-4").outcome == Outcome.APPROVED
    assert of(house.sons_card).left == dollars(0)


def test_a_card_that_comes_in_its_place_has_the_limit_and_what_was_spent(house: House) -> None:
    core.set_card_limit(house.sons_card, limit=dollars(20_00), at=NOW, key="l-1")
    asks(house.sons_card, 15_00, "a-1")
    new = core.replace_card(
        house.sons_card, reason=CloseReason.LOST, at=LATER, key="r-1", to=Delivery.ACCOUNT_HOLDER
    )
    assert new.sent_to == Delivery.ACCOUNT_HOLDER
    assert (of(new.token).limit, of(new.token).spent) == (dollars(20_00), dollars(15_00))
    inside(rows.Card.objects.filter(token=new.token).update, activated_at=LATER)
    assert asks(new.token, 5_01, "a-2").decline == Decline.OVER_LIMIT


def test_a_copy_on_its_way_gets_the_new_limit_with_the_card(house: House) -> None:
    copy = core.replace_card(house.sons_card, reason=CloseReason.DAMAGED, at=LATER, key="r-1")
    assert copy.sent_to == Delivery.CARDHOLDER
    core.set_card_limit(house.sons_card, limit=dollars(80_00), at=LATER, key="l-1")
    assert of(copy.token).limit == dollars(80_00)


def test_the_accounts_own_limit_is_the_highest_there_can_be(house: House) -> None:
    assert core.set_card_limit(house.card, limit=dollars(5_000_00), at=NOW, key="l-1").limit == dollars(
        5_000_00
    )
    with pytest.raises(CoreRefused, match="over_account"):
        core.set_card_limit(house.card, limit=dollars(5_000_01), at=NOW, key="l-2")
    rows.Account.objects.update(credit_limit_minor=None)
    assert core.set_card_limit(house.card, limit=dollars(9_000_00), at=NOW, key="l-3").limit == dollars(
        9_000_00
    )


def test_where_the_address_differs_the_wish_is_another_one(house: House) -> None:
    core.replace_card(house.card, reason=CloseReason.DAMAGED, at=NOW, key="r-1")
    with pytest.raises(CoreRefused, match="key_reused"):
        core.replace_card(
            house.card, reason=CloseReason.DAMAGED, at=NOW, key="r-1", to=Delivery.ACCOUNT_HOLDER
        )
