"""A card's life: frozen and thawed, lost and replaced, sent and activated."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from cardline.issuer.core import CardState, CloseReason, CoreNotFound, CoreRefused, FreezeScope, Role, Use
from cardline.issuer.core import ShippingStep as Step
from cardline.issuer.core import WalletState as Wallet
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.card_states import is_frozen
from cardline.issuer.embedded.issuing import advance_shipping, end_of_month, new_last4
from cardline.issuer.embedded.tests.house import (
    LATER,
    MAYA,
    NOW,
    SON,
    STRANGER,
    House,
    at_once,
    build_house,
    charge,
    core,
    inside,
)
from cardline.issuer.embedded.wallets import add_to_wallet
from cardline.kit import clock
from cardline.kit.money import Money

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
ALWAYS = {Use.REFUNDS, Use.PAYMENTS, Use.REWARDS}


@pytest.fixture
def house(db: Any) -> House:
    return build_house()


@pytest.fixture
def phone(house: House) -> None:
    """Maya's card on a telephone, and on a watch that she took it off again."""
    card = rows.Card.objects.get(token=house.card)
    inside(add_to_wallet, card, device="phone", at=NOW - HOUR)
    watch = inside(add_to_wallet, card, device="watch", at=NOW)
    rows.WalletToken.objects.filter(pk=watch.pk).update(state=Wallet.REMOVED)


def works(card: str, customer: str = MAYA) -> set[Use]:
    answer = core.still_works(customer, card)
    assert set(answer) == set(Use)
    return {use for use, does in answer.items() if does}


def wallets(card: str) -> list[tuple[str, Wallet]]:
    return [(wallet.device, wallet.state) for wallet in core.card(MAYA, card).wallets]


# ------------------------------------------------------------------------------------- what still works


@pytest.mark.parametrize(
    ("scope", "stopped"),
    [
        (FreezeScope.NEW_PURCHASES, {Use.PURCHASES, Use.CASH, Use.WALLET}),
        (FreezeScope.EVERYTHING, {Use.PURCHASES, Use.CASH, Use.WALLET, Use.RECURRING}),
    ],
)
def test_a_freeze_stops_what_its_scope_names(house: House, scope: FreezeScope, stopped: set[Use]) -> None:
    assert works(house.card) == set(Use)
    frozen = core.freeze(house.card, at=NOW, key="f", scope=scope)
    assert (frozen.state, frozen.freeze_scope, frozen.frozen_at) == (CardState.FROZEN, scope, NOW)
    assert works(house.card) == set(Use) - stopped
    core.unfreeze(house.card, at=LATER, key="u")
    assert works(house.card) == set(Use)


def test_neither_a_closed_nor_an_inactive_nor_an_expired_card_buys_anything(house: House) -> None:
    core.close_card(house.card, reason=CloseReason.BY_REQUEST, at=NOW, key="c")
    assert works(house.card) == ALWAYS
    rows.Card.objects.filter(token=house.sons_card).update(activated_at=None)
    core.freeze(house.sons_card, at=NOW, key="f")  # a freeze does not make an inactive card any better
    assert works(house.sons_card) == ALWAYS
    rows.Card.objects.filter(token=house.strangers_card).update(expires=date(2020, 1, 31))
    assert works(house.strangers_card, STRANGER) == ALWAYS


def test_an_additional_member_asks_for_their_own_card_only(house: House) -> None:
    assert works(house.sons_card, SON) == set(Use)
    for question in (core.still_works, core.shipping, core.card):
        with pytest.raises(CoreNotFound):
            question(SON, house.card)
        with pytest.raises(CoreNotFound):
            question(STRANGER, house.card)


# -------------------------------------------------------------------------------------------- the freeze


def test_a_freeze_ends_when_it_said_it_would(house: House) -> None:
    start = clock.now()
    core.freeze(house.card, at=start, key="f", until=start + HOUR)
    row = rows.Card.objects.get(token=house.card)
    assert is_frozen(row, start) and is_frozen(row, start + HOUR - timedelta(seconds=1))
    assert not is_frozen(row, start + HOUR)
    assert core.card(MAYA, house.card).freeze_expires == start + HOUR
    clock.set_offset(HOUR)
    card = core.card(MAYA, house.card)
    assert (card.state, card.frozen_at, card.freeze_scope, card.freeze_expires) == (
        CardState.ACTIVE,
        None,
        None,
        None,
    )
    assert works(house.card) == set(Use)


def test_after_its_end_a_card_can_be_frozen_anew_and_before_it_not(house: House) -> None:
    core.freeze(house.card, at=NOW, key="f1", until=NOW + HOUR)
    again = core.freeze(house.card, at=NOW + HOUR / 2, key="f2", scope=FreezeScope.EVERYTHING)
    assert (again.frozen_at, again.freeze_scope) == (NOW, FreezeScope.NEW_PURCHASES)
    anew = core.freeze(house.card, at=NOW + HOUR, key="f3", scope=FreezeScope.EVERYTHING)
    assert (anew.frozen_at, anew.freeze_scope, anew.freeze_expires) == (
        NOW + HOUR,
        FreezeScope.EVERYTHING,
        None,
    )


def test_a_freeze_that_is_over_before_it_begins_is_refused(house: House) -> None:
    with pytest.raises(CoreRefused, match="past"):
        core.freeze(house.card, at=NOW, key="f", until=NOW)
    assert core.card(MAYA, house.card).state == CardState.ACTIVE


def test_a_freeze_asked_again_after_its_end_is_neither_refused_nor_begun_anew(house: House) -> None:
    core.freeze(house.card, at=NOW, key="f", until=NOW + HOUR)
    again = core.freeze(house.card, at=NOW + 2 * HOUR, key="f", until=NOW + HOUR)
    assert again.state == CardState.ACTIVE


def test_a_freeze_pauses_the_wallet_and_its_end_ends_that_too(house: House, phone: None) -> None:
    assert wallets(house.card) == [("phone", Wallet.ACTIVE), ("watch", Wallet.REMOVED)]
    core.freeze(house.card, at=NOW, key="f")
    assert wallets(house.card) == [("phone", Wallet.PAUSED), ("watch", Wallet.REMOVED)]
    core.unfreeze(house.card, at=NOW, key="u")
    assert wallets(house.card) == [("phone", Wallet.ACTIVE), ("watch", Wallet.REMOVED)]


# ---------------------------------------------------------------------------------------- lost and stolen


@pytest.mark.parametrize("reason", [CloseReason.LOST, CloseReason.STOLEN])
def test_a_lost_card_is_closed_at_once_and_the_new_one_has_another_number(
    house: House, phone: None, reason: CloseReason
) -> None:
    core.freeze(house.card, at=NOW, key="f")
    new = core.replace_card(house.card, reason=reason, at=LATER, key="r")
    assert (new.state, new.role, new.customer, new.bin) == (CardState.INACTIVE, Role.BASIC, MAYA, "340000")
    assert new.last4 not in {"4471", "4472"}
    assert new.expires == date(2030, 11, 30)
    old = core.card(MAYA, house.card)
    assert (old.state, old.closed_reason, old.frozen_at, old.replaced_by) == (
        CardState.CLOSED,
        reason,
        None,
        new.token,
    )
    assert wallets(house.card) == [("phone", Wallet.REMOVED), ("watch", Wallet.REMOVED)]
    core.activate(new.token, at=LATER, key="a")
    assert works(new.token) == set(Use)
    assert wallets(new.token) == []
    assert works(house.card) == ALWAYS


def test_a_double_press_makes_one_card_and_another_wish_with_its_key_none(house: House) -> None:
    first = core.replace_card(house.card, reason=CloseReason.LOST, at=NOW, key="r")
    assert core.replace_card(house.card, reason=CloseReason.LOST, at=LATER, key="r") == first
    with pytest.raises(CoreRefused, match="key_reused"):
        core.replace_card(house.card, reason=CloseReason.STOLEN, at=NOW, key="r")
    with pytest.raises(CoreRefused, match="closed"):
        core.replace_card(house.card, reason=CloseReason.LOST, at=LATER, key="another")
    assert rows.Card.objects.count() == 4


def test_a_card_closed_as_lost_still_gets_its_replacement_and_one_closed_by_request_none(
    house: House,
) -> None:
    core.close_card(house.card, reason=CloseReason.LOST, at=NOW, key="c")
    new = core.replace_card(house.card, reason=CloseReason.LOST, at=LATER, key="r")
    assert core.card(MAYA, house.card).replaced_by == new.token
    core.close_card(house.sons_card, reason=CloseReason.BY_REQUEST, at=NOW, key="c2")
    for reason in (CloseReason.LOST, CloseReason.DAMAGED):
        with pytest.raises(CoreRefused, match="closed"):
            core.replace_card(house.sons_card, reason=reason, at=LATER, key=f"r {reason}")


def test_what_was_refused_leaves_its_key_free(house: House) -> None:
    with pytest.raises(CoreRefused, match="by_request"):
        core.replace_card(house.card, reason=CloseReason.BY_REQUEST, at=NOW, key="r")
    assert not rows.Request.objects.exists()
    with pytest.raises(CoreNotFound):
        core.replace_card("card_none", reason=CloseReason.LOST, at=NOW, key="r")


# -------------------------------------------------------------------------------------- damaged and expired


@pytest.mark.parametrize("reason", [CloseReason.DAMAGED, CloseReason.EXPIRED])
def test_a_damaged_card_works_until_its_copy_is_activated(
    house: House, phone: None, reason: CloseReason
) -> None:
    music = subscription(house)
    new = core.replace_card(house.card, reason=reason, at=NOW, key="r")
    old = core.card(MAYA, house.card)
    assert (new.last4, new.state) == ("4471", CardState.INACTIVE)
    assert (old.state, old.closed_reason, old.replaced_by) == (CardState.ACTIVE, None, new.token)
    assert works(house.card) == set(Use)
    assert works(new.token) == ALWAYS

    assert core.activate(new.token, at=LATER, key="a").state == CardState.ACTIVE
    old = core.card(MAYA, house.card)
    assert (old.state, old.closed_reason) == (CardState.CLOSED, reason)
    assert wallets(new.token) == [("phone", Wallet.ACTIVE)]
    assert wallets(house.card) == [("watch", Wallet.REMOVED)]
    music.refresh_from_db()
    assert music.card.token == new.token


def test_a_second_wish_for_a_copy_is_answered_with_the_one_on_its_way(house: House) -> None:
    first = core.replace_card(house.card, reason=CloseReason.DAMAGED, at=NOW, key="r1")
    assert core.replace_card(house.card, reason=CloseReason.DAMAGED, at=LATER, key="r2") == first
    assert rows.Card.objects.count() == 4


@pytest.mark.parametrize("which", ["old", "new"])
def test_a_number_that_is_lost_is_lost_on_both_cards_that_bear_it(
    house: House, phone: None, which: str
) -> None:
    copy = core.replace_card(house.card, reason=CloseReason.DAMAGED, at=NOW, key="r1")
    lost = house.card if which == "old" else copy.token
    new = core.replace_card(lost, reason=CloseReason.STOLEN, at=LATER, key="r2")
    for token in (house.card, copy.token):
        card = core.card(MAYA, token)
        assert (card.state, card.closed_reason, card.replaced_by) == (
            CardState.CLOSED,
            CloseReason.STOLEN,
            new.token,
        )
    assert wallets(house.card)[0] == ("phone", Wallet.REMOVED)
    assert new.last4 != "4471"
    assert core.card(MAYA, house.sons_card).state == CardState.ACTIVE


@pytest.mark.django_db(transaction=True)
def test_a_card_reported_many_times_at_once_is_replaced_once() -> None:
    house = build_house()

    def report(number: int) -> str:
        reason = CloseReason.LOST if number % 2 else CloseReason.STOLEN
        return str(core.replace_card(house.card, reason=reason, at=NOW, key=f"r{number}").state)

    assert sorted(at_once(6, report)) == ["closed"] * 5 + ["inactive"]
    assert rows.Card.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_a_copy_activated_while_its_number_is_reported_stolen_ends_closed() -> None:
    house = build_house()
    inside(add_to_wallet, rows.Card.objects.get(token=house.card), device="phone", at=NOW)
    copy = core.replace_card(house.card, reason=CloseReason.DAMAGED, at=NOW, key="r").token

    def press(number: int) -> str:
        if number % 2:
            return str(core.activate(copy, at=LATER, key=f"a{number}").state)
        return str(core.replace_card(copy, reason=CloseReason.STOLEN, at=LATER, key=f"s{number}").state)

    at_once(4, press)
    assert {core.card(MAYA, token).state for token in (house.card, copy)} == {CardState.CLOSED}
    assert {state for _, state in wallets(house.card) + wallets(copy)} == {Wallet.REMOVED}


def test_activating_twice_changes_nothing_and_a_closed_card_cannot_be(house: House) -> None:
    new = core.replace_card(house.card, reason=CloseReason.DAMAGED, at=NOW, key="r")
    core.activate(new.token, at=LATER, key="a1")
    core.activate(new.token, at=LATER + HOUR, key="a2")
    assert rows.Card.objects.get(token=new.token).activated_at == LATER
    assert rows.Card.objects.get(token=house.card).closed_at == LATER
    with pytest.raises(CoreRefused, match="closed"):
        core.activate(house.card, at=LATER, key="a3")


def test_a_closed_card_keeps_its_first_reason(house: House) -> None:
    core.close_card(house.card, reason=CloseReason.STOLEN, at=NOW, key="c1")
    card = core.close_card(house.card, reason=CloseReason.BY_REQUEST, at=LATER, key="c2")
    assert (card.state, card.closed_reason) == (CardState.CLOSED, CloseReason.STOLEN)
    assert rows.Card.objects.get(token=house.card).closed_at == NOW


# ------------------------------------------------------------------------------------- members and the mail


def test_an_additional_card_has_a_number_of_its_own_and_comes_once(house: House) -> None:
    wish = {"customer": "c-aunt", "name": "Ada Okafor", "at": NOW}
    new = core.add_card_member(house.account, key="m", **wish)
    assert (new.role, new.holder, new.state, new.bin) == (
        Role.ADDITIONAL,
        "Ada Okafor",
        CardState.INACTIVE,
        "340000",
    )
    assert new.last4 not in {"4471", "4472"}
    assert core.add_card_member(house.account, key="m", **wish) == new
    with pytest.raises(CoreRefused, match="key_reused"):
        core.add_card_member(house.account, key="m", **wish | {"name": "Eve Okafor"})
    with pytest.raises(CoreRefused, match="has_one"):
        core.add_card_member(house.account, key="m2", **wish)
    with pytest.raises(CoreNotFound):
        core.add_card_member("acc_none", key="m3", **wish)
    core.close_card(new.token, reason=CloseReason.BY_REQUEST, at=NOW, key="c")
    assert core.add_card_member(house.account, key="m4", **wish).token != new.token


def test_a_card_is_ordered_at_once_and_its_way_is_told_once_a_step(house: House) -> None:
    new = core.replace_card(house.card, reason=CloseReason.LOST, at=NOW, key="r").token
    inside(
        advance_shipping, new, Step.SENT, at=LATER, carrier="Post", tracking="P1", expected=date(2026, 12, 1)
    )
    inside(advance_shipping, new, Step.SENT, at=LATER + HOUR, carrier="Another")
    ordered, sent = core.shipping(MAYA, new)
    # Seven business days on: Thanksgiving, 26 November, is none.
    assert (ordered.step, ordered.at, ordered.expected) == (Step.ORDERED, NOW, date(2026, 12, 4))
    assert (sent.step, sent.at, sent.carrier, sent.tracking) == (Step.SENT, LATER, "Post", "P1")
    with pytest.raises(CoreNotFound):
        inside(advance_shipping, "card_none", Step.SENT, at=NOW)


def test_the_last_four_of_a_new_number_are_drawn_from_the_wish_and_never_used_again(house: House) -> None:
    account = house.account_row
    drawn = new_last4(account, "k")
    assert drawn == new_last4(account, "k") != new_last4(account, "another")
    rows.Card.objects.filter(token=house.sons_card).update(last4=drawn)
    assert new_last4(account, "k") == f"{(int(drawn) + 1) % 10_000:04}"


@pytest.mark.parametrize(
    ("day", "end"),
    [(date(2026, 1, 31), date(2030, 1, 31)), (date(2024, 2, 1), date(2028, 2, 29))],
)
def test_a_card_is_good_to_the_end_of_a_month(day: date, end: date) -> None:
    assert end_of_month(day, 48) == end


def test_the_balance_is_what_stands_in_the_books(house: House) -> None:
    charge(house, 25_00)
    rows.Transaction.objects.create(
        token="txn_pending",
        account=house.account_row,
        card=rows.Card.objects.get(token=house.card),
        state="pending",
        merchant="Pinewood Fuel",
        amount_minor=7_00,
        channel="chip",
        at=NOW,
    )
    (account,) = core.accounts(MAYA)
    assert (account.balance, account.pending) == (Money(25_00, "USD"), Money(7_00, "USD"))
    assert core.accounts(SON) == []
    (strangers,) = core.accounts(STRANGER)
    assert (strangers.balance, strangers.pending) == (Money(0, "USD"), Money(0, "USD"))


def subscription(house: House) -> rows.Subscription:
    return rows.Subscription.objects.create(
        token="sub_music",
        account=house.account_row,
        card=rows.Card.objects.get(token=house.card),
        merchant="Brightwater Music",
        amount_minor=10_99,
        since=date(2026, 1, 5),
        last_on=date(2026, 11, 5),
    )
