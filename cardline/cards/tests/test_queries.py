"""Who sees which cards, charges and accounts."""

from __future__ import annotations

from typing import Any

import pytest

from cardline.cards.queries import (
    account_summary,
    card_of,
    cards_for_urgent_band,
    cards_of,
    recent_charges,
    what_a_freeze_does,
)
from cardline.identity.queries import guest
from cardline.issuer.core import TransactionState
from cardline.issuer.embedded import models as rows
from cardline.kit.money import Money
from cardline.kit.redact import clean
from cardline.kit.refusals import NotThere
from cardline.routing.commands import start_chat


def last4(cards: Any) -> list[str]:
    return [card.last4 for card in cards]


def test_the_holder_sees_every_card_of_the_account_their_own_first(cast: Any, as_member: Any) -> None:
    rosa = as_member(cast.rosa)
    assert [(card.last4, card.mine, card.role) for card in cards_of(rosa)] == [
        ("3390", True, "basic"),
        ("3408", False, "additional"),
        ("3416", False, "additional"),
    ]


def test_an_additional_card_member_sees_their_own_card_and_its_charges_only(
    cast: Any, as_member: Any
) -> None:
    nils = as_member(cast.nils)
    assert last4(cards_of(nils)) == ["3408"]
    assert {charge.last4 for charge in recent_charges(nils, 500)} == {"3408"}
    assert account_summary(nils) == []


def test_joint_holders_see_both_cards_and_every_charge(cast: Any, as_member: Any) -> None:
    tomasz, agata = as_member(cast.tomasz), as_member(cast.agata)
    assert (last4(cards_of(tomasz)), last4(cards_of(agata))) == (["7725", "7733"], ["7733", "7725"])
    assert recent_charges(tomasz, 500) == recent_charges(agata, 500)
    assert account_summary(tomasz)[0].account.holders == ("Tomasz Wilk", "Agata Wilk")


def test_a_stranger_sees_none_of_it(cast: Any, as_member: Any) -> None:
    maya, luis = as_member(cast.maya), as_member(cast.luis)
    assert last4(cards_of(luis)) == ["2206"]
    assert {charge.last4 for charge in recent_charges(luis, 500)} == {"2206"}
    with pytest.raises(NotThere):
        card_of(luis, cards_of(maya)[0].token)
    for question in (cards_of, recent_charges, account_summary):
        with pytest.raises(NotThere):
            question(luis, member_id=cast.maya.pk)
        with pytest.raises(NotThere):
            question(guest("token"))


def test_a_colleague_sees_a_member_whose_case_they_see_and_no_other(
    cast: Any, as_member: Any, as_agent: Any
) -> None:
    maya, dana, priya, ines = (
        as_member(cast.maya),
        as_agent(cast.dana),
        as_agent(cast.priya),
        as_agent(cast.ines),
    )
    for colleague in (dana, priya, ines):  # SR-25
        with pytest.raises(NotThere):
            account_summary(colleague, member_id=cast.maya.pk)
    start_chat(by=maya, now=cast.now, need="lost_stolen.report", text=clean("Gone"), language="en", plan={})
    for colleague in (dana, ines):
        assert last4(cards_of(colleague, member_id=cast.maya.pk)) == ["4471"]
    with pytest.raises(NotThere):
        cards_of(priya, member_id=cast.maya.pk)
    with pytest.raises(NotThere):
        cards_of(dana)


def test_the_urgent_band_offers_what_can_be_frozen_or_is(cast: Any, as_member: Any, as_agent: Any) -> None:
    rosa = as_member(cast.rosa)
    rows.Card.objects.filter(last4="3408").update(closed_at=cast.now)
    rows.Card.objects.filter(last4="3416").update(frozen_at=cast.now)
    assert last4(cards_for_urgent_band(rosa)) == ["3390", "3416"]
    assert cards_for_urgent_band(guest("token")) == cards_for_urgent_band(as_agent(cast.dana)) == []


def test_charges_come_newest_first_with_pending_ones_among_them(cast: Any, as_member: Any) -> None:
    charges = recent_charges(as_member(cast.maya), 20)
    assert charges == sorted(charges, key=lambda charge: charge.at, reverse=True) and len(charges) == 20
    newest = charges[0]
    assert (newest.merchant, newest.amount, newest.state) == (
        "Bright Loaf Bakery",
        Money(4_820, "USD"),
        TransactionState.PENDING,
    )


def test_the_double_charge_is_there_twice(cast: Any, as_member: Any) -> None:
    charges = recent_charges(as_member(cast.luis), 500)
    bakery = [charge for charge in charges if charge.merchant == "Bright Loaf Bakery"]
    assert len(bakery) == 2 and bakery[0].amount == bakery[1].amount and bakery[0].token != bakery[1].token


def test_what_a_freeze_stops_and_leaves_is_said_in_the_issuers_words() -> None:
    stops, works = what_a_freeze_does()
    assert stops and works and not any(line.works for line in stops) and all(line.works for line in works)


def test_a_page_of_cards_takes_a_fixed_number_of_questions(
    cast: Any, as_member: Any, django_assert_max_num_queries: Any
) -> None:
    rosa = as_member(cast.rosa)
    with django_assert_max_num_queries(3):
        cards_of(rosa)
    with django_assert_max_num_queries(5):  # her row, accounts she holds, cards elsewhere, charges, disputes
        recent_charges(rosa, 50)
