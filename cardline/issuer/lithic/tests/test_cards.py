"""Cards and accounts as Lithic has them, and as we say them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta

import pytest

from cardline.issuer.conformance.stand import Spoil
from cardline.issuer.core import (
    BadReply,
    CardState,
    CloseReason,
    CoreError,
    CoreNotFound,
    CoreRefused,
    FreezeScope,
    Role,
    Use,
)
from cardline.issuer.lithic.stand import START, LithicStand, lithic_stand
from cardline.kit.money import Money


@pytest.fixture
def stand() -> Iterator[LithicStand]:
    with lithic_stand() as made:
        yield made


def test_a_card_has_its_programmes_product_and_digits(stand: LithicStand) -> None:
    card = stand.core.card(stand.customer, stand.card)
    assert (card.product, card.bin, card.last4) == ("Everyday Card", "52304803", "4471")
    assert (card.holder, card.role, card.account) == ("Maya Okafor", Role.BASIC, stand.customer)
    assert card.expires == date(2029, 8, 31)


def test_a_range_that_differs_in_its_last_digits_gives_the_first_six(stand: LithicStand) -> None:
    (programme,) = stand.double.programmes.values()
    programme["pan_range_end"] = "52304899"
    assert stand.core.card(stand.customer, stand.card).bin == "523048"


def test_an_account_owes_what_it_does_not_hold(stand: LithicStand) -> None:
    stand.double.purchase(stand.card, "Alder Pharmacy", 12_00, START, settled=True)
    stand.double.purchase(stand.card, "Union Books", 5_00, START)
    (account,) = stand.core.accounts(stand.customer)
    assert account.balance == Money(12_00, "USD")
    assert account.pending == Money(5_00, "USD")
    assert account.credit_limit == Money(5_000_00, "USD")
    assert account.available == Money(4_983_00, "USD")
    assert (account.holders, account.product) == (("Maya Okafor",), "Everyday Card")
    assert account.opened_at == START - timedelta(days=400)


def test_a_programme_without_a_ledger_there_has_no_accounts_to_show(
    stand: LithicStand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stand.double, "_balance", None)
    answered = stand.double._many

    def without_balances(what: str, asked: dict[str, str]) -> tuple[int, object]:
        return (200, {"data": [], "has_more": False}) if what == "balances" else answered(what, asked)

    monkeypatch.setattr(stand.double, "_many", without_balances)
    with pytest.raises(CoreRefused, match="not_offered"):
        stand.core.accounts(stand.customer)
    assert stand.core.cards(stand.customer)


def test_closed_cards_come_last_and_many_cards_come_all(stand: LithicStand) -> None:
    for number in range(120):
        stand.double.issue_card(stand.customer, f"{number:04}", START + timedelta(minutes=number))
    stand.core.close_card(stand.card, reason=CloseReason.STOLEN, at=START, key="k")
    cards = stand.core.cards(stand.customer)
    assert [card.last4 for card in cards] == [*(f"{number:04}" for number in range(120)), "4471"]
    assert cards[-1].closed_reason == CloseReason.STOLEN


def test_a_freeze_says_that_it_stops_everything(stand: LithicStand) -> None:
    card = stand.core.freeze(stand.card, at=START, key="k", scope=FreezeScope.NEW_PURCHASES)
    assert card.freeze_scope == FreezeScope.EVERYTHING
    works = stand.core.still_works(stand.customer, stand.card)
    assert [use for use, does in works.items() if does] == [Use.REFUNDS, Use.PAYMENTS, Use.REWARDS]


def test_a_card_paused_elsewhere_is_frozen_as_of_now(stand: LithicStand) -> None:
    stand.double.cards[stand.card]["state"] = "PAUSED"
    card = stand.core.card(stand.customer, stand.card)
    assert card.state == CardState.FROZEN
    assert card.frozen_at is not None
    assert abs(datetime.now(card.frozen_at.tzinfo) - card.frozen_at) < timedelta(minutes=1)
    assert stand.core.unfreeze(stand.card, at=START, key="k").state == CardState.ACTIVE


@pytest.mark.parametrize("state", ["PENDING_ACTIVATION", "PENDING_FULFILLMENT"])
def test_a_card_on_its_way_is_inactive_until_it_is_activated(stand: LithicStand, state: str) -> None:
    token = stand.double.issue_card(stand.customer, "0099", START, state=state)
    assert stand.core.card(stand.customer, token).state == CardState.INACTIVE
    assert not stand.core.still_works(stand.customer, token)[Use.PURCHASES]
    assert stand.core.activate(token, at=START, key="k").state == CardState.ACTIVE
    assert stand.core.activate(token, at=START, key="k2").state == CardState.ACTIVE


def test_undoing_a_freeze_does_not_activate_a_card_that_never_arrived(stand: LithicStand) -> None:
    token = stand.double.issue_card(stand.customer, "0099", START, state="PENDING_ACTIVATION")
    stand.core.freeze(token, at=START, key="k1")
    with pytest.raises(CoreRefused, match="inactive"):
        stand.core.unfreeze(token, at=START, key="k2")
    assert stand.double.cards[token]["state"] == "PAUSED"
    assert stand.core.activate(token, at=START, key="k3").state == CardState.ACTIVE
    stand.core.freeze(token, at=START, key="k4")
    assert stand.core.unfreeze(token, at=START, key="k5").state == CardState.ACTIVE


def test_activating_does_not_undo_a_freeze(stand: LithicStand) -> None:
    stand.core.freeze(stand.card, at=START, key="k1")
    assert stand.core.activate(stand.card, at=START, key="k2").state == CardState.FROZEN


@pytest.mark.parametrize(
    ("substatus", "reason"),
    [
        ("LOST", CloseReason.LOST),
        ("COMPROMISED", CloseReason.STOLEN),
        ("INTERNAL_REVIEW", None),
        (None, None),
    ],
)
def test_a_closed_card_says_why_where_the_reason_is_the_members(
    stand: LithicStand, substatus: str | None, reason: CloseReason | None
) -> None:
    stand.double.cards[stand.card] |= {"state": "CLOSED", "substatus": substatus}
    assert stand.core.card(stand.customer, stand.card).closed_reason == reason


def test_a_card_keeps_its_last_keys_and_the_issuers_own_tags(stand: LithicStand) -> None:
    stand.double.cards[stand.card]["tags"] = {"branch": "12"}
    for number in range(60):
        stand.core.freeze(stand.card, at=START + timedelta(minutes=number), key=f"freeze-{number}")
        stand.core.unfreeze(stand.card, at=START + timedelta(minutes=number, seconds=1), key=f"thaw-{number}")
    tags = stand.double.cards[stand.card]["tags"]
    assert len(tags) == 26
    assert tags["branch"] == "12"
    stand.core.freeze(stand.card, at=START + timedelta(hours=2), key="freeze-59")
    assert stand.double.cards[stand.card]["state"] == "OPEN"


def test_the_keys_themselves_are_not_sent(stand: LithicStand) -> None:
    stand.core.freeze(stand.card, at=START, key="case-K7MQ2-freeze")
    assert "K7MQ2" not in str(stand.double.cards[stand.card])


def test_a_key_that_opens_card_numbers_is_refused_whole(stand: LithicStand) -> None:
    for field, value in (("pan", "4111111111111111"), ("cvv", "123")):
        stand.double.cards[stand.card][field] = value
        with pytest.raises(BadReply, match="ask for one that does not"):
            stand.core.card(stand.customer, stand.card)
        del stand.double.cards[stand.card][field]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("exp_month", "13"),
        ("exp_month", "8"),
        ("exp_year", "29"),
        ("tags", {"a": 1}),
        ("tags", []),
        ("state", "LOST"),
        ("last_four", 4471),
        ("account_token", "4111111111111111"),
    ],
)
def test_a_card_that_cannot_be_is_refused(stand: LithicStand, field: str, value: object) -> None:
    stand.double.cards[stand.card]["state"] = "PAUSED"
    stand.double.cards[stand.card][field] = value
    with pytest.raises(BadReply):
        stand.core.card(stand.customer, stand.card)


def test_another_card_or_account_than_the_one_asked_for_is_refused(stand: LithicStand) -> None:
    stand.double.cards[stand.card] = stand.double.cards[stand.strangers_card]
    with pytest.raises(BadReply):
        stand.core.card(stand.customer, stand.card)
    stand.double.accounts[stand.customer] = stand.double.accounts[stand.stranger]
    with pytest.raises(BadReply):
        stand.core.cards(stand.customer)


def test_what_is_not_done_there_is_not_offered(stand: LithicStand) -> None:
    core = stand.core
    with pytest.raises(CoreRefused, match="not_offered"):
        core.replace_card(stand.card, reason=CloseReason.LOST, at=START, key="k")
    with pytest.raises(CoreRefused, match="not_offered"):
        core.add_card_member(stand.customer, customer="c", name="Ann Lee", at=START, key="k")
    assert core.offers == frozenset()


def test_a_wrong_key_sees_and_changes_nothing(stand: LithicStand) -> None:
    stand.double.key = "another"
    with pytest.raises(CoreRefused, match="not_permitted"):
        stand.core.cards(stand.customer)
    with pytest.raises(CoreRefused, match="not_permitted"):
        stand.core.freeze(stand.card, at=START, key="k")
    assert stand.double.cards[stand.card]["state"] == "OPEN"


def test_nobodys_card_is_not_found(stand: LithicStand) -> None:
    with pytest.raises(CoreNotFound):
        stand.core.card(stand.customer, "6a4c7a3e-0000-4000-8000-000000000000")


@pytest.mark.parametrize("how", Spoil)
def test_nothing_of_a_spoiled_answer_is_remembered(stand: LithicStand, how: Spoil) -> None:
    stand.spoil(how)
    with suppress(CoreError):
        stand.core.cards(stand.customer)
    stand.mend()
    card = stand.core.card(stand.customer, stand.card)
    assert (card.product, card.bin, card.holder) == ("Everyday Card", "52304803", "Maya Okafor")
