"""A card in the post: the carrier's day is hoped for, ours is promised, and kept by itself when the card is there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cardline.cards.commands import activate_card, renew_card, replace_card, replace_lost_card
from cardline.cards.delivery.models import Shipment
from cardline.cards.delivery.queries import cards_coming
from cardline.cards.delivery.rules import expected_day, look_by
from cardline.cards.queries import cards_of, cards_to_renew
from cardline.cards.sweeps import sweep
from cardline.cases.models import Case
from cardline.clocks.days import add_business_days
from cardline.clocks.local import local_date
from cardline.issuer.core import ShippingEvent, ShippingStep
from cardline.issuer.embedded import models as core_rows
from cardline.issuer.embedded.issuing import advance_shipping
from cardline.issuer.profile import current_profile
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.commands import command
from cardline.kit.refusals import Refusal
from cardline.promises.models import Promise


@pytest.fixture
def maya(cast: Any, as_member: Any) -> Actor:
    actor: Actor = as_member(cast.maya)
    return actor


@pytest.fixture
def sent(cast: Any, maya: Actor) -> str:
    """The token of a card that came in place of a damaged one."""
    old = next(card.token for card in cards_of(maya) if card.mine)
    return str(replace_card(by=maya, now=cast.now, card=old)["card"])


@command("test.post_tells", by=[SYSTEM.kind])
def post_tells(*, by: Any, now: Any, card: str, step: str) -> None:
    advance_shipping(card, ShippingStep(step), at=now, carrier="Parcel Post", tracking="PP1")


def the_promise() -> Promise:
    return Promise.objects.get()


def test_with_the_card_goes_a_promise_of_ours_some_days_after_the_carriers(cast: Any, sent: str) -> None:
    profile, shipment = current_profile(), Shipment.objects.get(card=sent)
    events = core_rows.ShippingEvent.objects.get(card__token=sent)
    assert shipment.expected == events.expected
    promised = local_date(the_promise().due_at, profile.zone)
    assert promised == add_business_days(shipment.expected, profile.delivery.look_after, profile.calendar)
    assert the_promise().text == "See whether your new card has come, and send another if it has not"


def test_the_newest_word_of_the_carrier_counts_and_we_never_promise_a_day_that_is_over(cast: Any) -> None:
    profile, today = current_profile(), local_date(cast.now, current_profile().zone)
    told = [
        ShippingEvent("card_x", ShippingStep.SENT, cast.now, expected=today + timedelta(days=days))
        for days in (2, 9)
    ]
    assert expected_day(told, cast.now, profile) == today + timedelta(days=9)
    assert look_by(today - timedelta(days=60), cast.now, profile) == look_by(today, cast.now, profile)


def test_activated_it_is_kept_and_the_case_is_closed(cast: Any, maya: Actor, sent: str) -> None:
    activate_card(by=maya, now=cast.now, card=sent)
    assert (the_promise().state, the_promise().evidence) == ("kept", "You activated it.")
    assert Case.objects.get().state == Case.State.CLOSED


def test_delivered_it_is_kept_at_the_next_look(cast: Any, maya: Actor, sent: str) -> None:
    post_tells(by=SYSTEM, now=cast.now, card=sent, step="sent")
    post_tells(by=SYSTEM, now=cast.now, card=sent, step="delivered")
    assert sweep(cast.now + timedelta(hours=23)) == 0 and the_promise().state == "open"
    assert sweep(cast.now + timedelta(days=1)) == 1
    assert (the_promise().state, the_promise().evidence) == ("kept", "The carrier delivered it.")
    assert sweep(cast.now + timedelta(days=2)) == 0


def test_brought_back_by_the_post_a_person_looks_at_once(cast: Any, sent: str) -> None:
    post_tells(by=SYSTEM, now=cast.now, card=sent, step="returned")
    later = cast.now + timedelta(days=1)
    assert sweep(later) == 1
    assert Case.objects.get().attention_at == later and the_promise().state == "open"


def test_gone_on_its_way_the_next_one_is_followed_instead(cast: Any, maya: Actor, sent: str) -> None:
    replace_lost_card(by=maya, now=cast.now, card=sent)
    assert Shipment.objects.get(card=sent).settled == "sent_again"
    assert Shipment.objects.filter(settled="").count() == 1
    assert sorted(Promise.objects.values_list("state", flat=True)) == ["kept", "open"]


def test_where_a_card_is_stands_as_the_carrier_says_it(cast: Any, maya: Actor, sent: str) -> None:
    post_tells(by=SYSTEM, now=cast.now, card=sent, step="sent")
    (one,) = cards_coming(maya, cast.now)
    assert (one.step, one.carrier, one.tracking, one.is_late) == ("sent", "Parcel Post", "PP1", False)
    assert one.look_by == the_promise().due_at
    assert cards_coming(maya, cast.now + timedelta(days=30))[0].is_late


def test_a_card_is_renewed_in_its_last_weeks_and_not_before(cast: Any, maya: Actor) -> None:
    card = next(card for card in cards_of(maya) if card.mine)
    with pytest.raises(Refusal, match="good for weeks"):
        renew_card(by=maya, now=cast.now, card=card.token)
    today = local_date(cast.now, current_profile().zone)
    core_rows.Card.objects.filter(token=card.token).update(expires=today + timedelta(days=20))
    assert cards_to_renew(maya, cast.now) == [card.token]
    done = renew_card(by=maya, now=cast.now, card=card.token)
    assert done["changed"] and done["last4"] == card.last4 and cards_to_renew(maya, cast.now) == []
    assert Case.objects.get().need == "card_access.expiring"
    assert not renew_card(by=maya, now=cast.now, card=card.token)["changed"]
