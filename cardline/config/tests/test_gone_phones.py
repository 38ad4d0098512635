"""What a phone is worth that went with a card (DOMAIN 8, phone gone)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from cardline.cards.queries import cards_of
from cardline.cards.reports.commands import say_else_gone, say_gone
from cardline.config.gone_phones import WithGonePhones
from cardline.identity.codes.phones import phones_for_codes
from cardline.kit.plugs import NothingKnown


class Carrier:
    def __init__(self, at: datetime) -> None:
        self.at = at

    def number_changed_since(self, number: str) -> datetime | None:
        return self.at


def test_no_code_goes_to_a_phone_that_is_said_to_be_gone(cast: Any, as_member: Any) -> None:
    maya = as_member(cast.maya)
    card = next(card.token for card in cards_of(maya) if card.mine)
    assert phones_for_codes(cast.maya.pk, cast.now)
    say_gone(by=maya, now=cast.now, card=card)
    assert phones_for_codes(cast.maya.pk, cast.now)
    say_else_gone(by=maya, now=cast.now, card=card, phone=True, papers=False)
    assert phones_for_codes(cast.maya.pk, cast.now) == []
    assert phones_for_codes(cast.luis.pk, cast.now)


def test_the_later_of_both_signals_counts(cast: Any, as_member: Any) -> None:
    maya = as_member(cast.maya)
    card = next(card.token for card in cards_of(maya) if card.mine)
    phone = cast.maya.points.get(kind="phone").value
    assert WithGonePhones(NothingKnown()).number_changed_since(phone) is None
    say_gone(by=maya, now=cast.now, card=card)
    say_else_gone(by=maya, now=cast.now, card=card, phone=True, papers=False)
    before, after = cast.now - timedelta(days=1), cast.now + timedelta(days=1)
    assert WithGonePhones(Carrier(before)).number_changed_since(phone) == cast.now
    assert WithGonePhones(Carrier(after)).number_changed_since(phone) == after
