"""Freezing a card: who may, what it writes down, and that nothing is done twice."""

from __future__ import annotations

from cardline.cards.commands import freeze_card
from cardline.cards.queries import cards_of


def test_a_member_freezes_her_card(cast, as_member):
    maya = as_member(cast.maya)
    card = cards_of(maya)[0]
    answer = freeze_card(by=maya, now=cast.now, card=card.token)
    assert answer["changed"] and answer["last4"] == "4471"
