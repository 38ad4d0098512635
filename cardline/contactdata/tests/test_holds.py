"""A card waits after a new address until somebody is sure (SR-33), and points after a new e-mail (DOMAIN 8)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from cardline.cards.commands import replace_card, replace_lost_card
from cardline.cards.holds.commands import refuse_held_card
from cardline.cards.models import Hold
from cardline.cards.queries import cards_of
from cardline.cases.models import Case
from cardline.contactdata.changes.commands import (
    change_address,
    change_email,
    change_phone,
    confirm_email,
)
from cardline.contactdata.decisions.commands import be_sure_of_change, settle_dispute
from cardline.contactdata.notices.commands import was_me, was_not_me
from cardline.contactdata.refusals import SayHow
from cardline.contactdata.tests.scene import HOME, change, link, strongly
from cardline.issuer.core import CardState
from cardline.kit import clock
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.redact import clean
from cardline.kit.refusals import NotThere
from cardline.kit.secret import Secret
from cardline.members.contactdata.tokens import EMAIL_LINK, token_of
from cardline.members.models import ContactChange
from cardline.promises.models import Promise
from cardline.rewards.commands import PointsWait, redeem_points
from cardline.rewards.tests.points import account_of, give

SAW = clean("Called the number on file")


def card_of(actor: Actor) -> str:
    return next(card.token for card in cards_of(actor) if card.mine)


def mine(actor: Actor) -> list[CardState]:
    return sorted(card.state for card in cards_of(actor) if card.mine)


def moved(maya: Actor, at: datetime) -> ContactChange:
    return change(strongly(change_address, maya, at, **HOME))


def test_a_damaged_card_goes_on_while_its_copy_waits(maya: Actor, now: datetime) -> None:
    moved(maya, now)
    done = replace_card(by=maya, now=now + timedelta(days=2), card=card_of(maya))
    assert done["held"] and done["changed"]
    assert mine(maya) == [CardState.ACTIVE]
    assert Promise.objects.get(rule="card.held").state == "open"
    assert Case.objects.get(pk=done["case_id"]).state == "open"
    again = replace_card(by=maya, now=now + timedelta(days=3), card=card_of(maya))
    assert (again["held"], again["changed"], again["case_id"]) == (True, False, done["case_id"])
    assert Hold.objects.count() == 1


def test_a_stolen_card_is_closed_at_once_and_only_the_new_one_waits(maya: Actor, now: datetime) -> None:
    moved(maya, now)
    old = card_of(maya)
    assert replace_lost_card(by=maya, now=now, card=old, stolen=True)["held"]
    assert mine(maya) == [CardState.CLOSED]
    assert replace_lost_card(by=maya, now=now, card=old, stolen=True)["held"]


@pytest.mark.parametrize(("days", "waits"), [(30, True), (31, False)])
def test_it_waits_to_the_end_of_the_thirtieth_day(maya: Actor, now: datetime, days: int, waits: bool) -> None:
    moved(maya, now)
    done = replace_card(by=maya, now=now + timedelta(days=days, hours=3), card=card_of(maya))
    assert ("held" in done) is waits


def test_a_new_phone_holds_no_card(maya: Actor, now: datetime) -> None:
    strongly(change_phone, maya, now, number=clean("518 555 0150"))
    assert "held" not in replace_card(by=maya, now=now, card=card_of(maya))


def test_the_old_address_answers_and_the_card_leaves(maya: Actor, now: datetime) -> None:
    address = moved(maya, now)
    replace_lost_card(by=maya, now=now, card=card_of(maya))
    was_me(by=SYSTEM, now=now + timedelta(days=4), token=link(address, "letter"))
    assert mine(maya) == [CardState.CLOSED, CardState.INACTIVE]
    held = Hold.objects.get()
    assert (held.state, held.settled_by) == ("released", f"notice:{address.notices.get(answer='me').pk}")
    assert Promise.objects.get(rule="card.held").state == "kept"


def test_a_person_is_sure_and_says_how(maya: Actor, now: datetime, jonah: Actor, dana: Actor) -> None:
    address = moved(maya, now)
    replace_card(by=maya, now=now, card=card_of(maya))
    with pytest.raises(SayHow):
        be_sure_of_change(by=jonah, now=now, change_id=address.pk, how=clean(" "))
    assert be_sure_of_change(by=jonah, now=now, change_id=address.pk, how=SAW)
    assert not be_sure_of_change(by=jonah, now=now, change_id=address.pk, how=SAW)
    assert mine(maya) == [CardState.ACTIVE, CardState.INACTIVE]
    assert "held" not in replace_card(by=maya, now=now, card=card_of(maya))


def test_a_colleague_without_a_case_of_hers_sees_nothing_to_be_sure_of(
    maya: Actor, now: datetime, dana: Actor
) -> None:
    address = moved(maya, now)
    with pytest.raises(NotThere):
        be_sure_of_change(by=dana, now=now, change_id=address.pk, how=SAW)


def test_after_not_me_no_card_leaves_until_a_person_settled_it(
    maya: Actor, now: datetime, dana: Actor, cast: object, as_member: object
) -> None:
    address = moved(maya, now)
    was_not_me(by=SYSTEM, now=now, token=link(address, "letter"))
    maya = as_member(cast.maya)  # type: ignore[operator, attr-defined]
    done = replace_lost_card(by=maya, now=now, card=card_of(maya))
    assert done["held"]
    assert settle_dispute(by=dana, now=now, change_id=address.pk, was_member=False, how=SAW)
    assert CardState.INACTIVE in mine(maya)


def test_a_person_may_say_that_no_card_is_sent(maya: Actor, now: datetime, jonah: Actor, dana: Actor) -> None:
    moved(maya, now)
    done = replace_card(by=maya, now=now, card=card_of(maya))
    held = Hold.objects.get()
    with pytest.raises(NotThere):
        refuse_held_card(by=jonah, now=now, hold_id=2**40, why=SAW)
    assert refuse_held_card(by=jonah, now=now, hold_id=held.pk, why=clean("They did not ask for it"))
    assert not refuse_held_card(by=jonah, now=now, hold_id=held.pk, why=SAW)
    assert Case.objects.get(pk=done["case_id"]).state == "closed"
    assert mine(maya) == [CardState.ACTIVE]


# ------------------------------------------------------------------------------------------------- points


def test_after_a_new_email_points_go_nowhere_new_for_48_hours(maya: Actor, now: datetime, cast: Any) -> None:
    give(cast.maya, 10_000, now)
    wish = change(strongly(change_email, maya, now, email=clean("maya@new.example")))
    use = {"account": account_of(cast.maya), "points": 2_500}
    sends = wish.notices  # none before the link was pressed
    assert not sends.exists()
    assert redeem(maya, now, use, "gift_card", "one")["changed"]  # a wish alone changes nothing yet
    confirm_email(by=maya, now=now, token=Secret(token_of(EMAIL_LINK, wish.pk)))
    clock.set_offset(now - clock.machine_now())
    with pytest.raises(PointsWait) as refused:
        redeem(maya, now + timedelta(hours=47, minutes=59), use, "gift_card", "two")
    assert refused.value.until == now + timedelta(hours=48)
    assert "10 am" in str(refused.value)
    assert redeem(maya, now + timedelta(hours=1), {**use, "points": 1_000}, "statement_credit", "three")[
        "changed"
    ]
    assert redeem(maya, now + timedelta(hours=48), use, "gift_card", "four")["changed"]


def redeem(by: Actor, at: datetime, use: dict[str, Any], option: str, wish: str) -> dict[str, Any]:
    redeemed: dict[str, Any] = redeem_points(by=by, now=at, **use, option=option, wish=wish)
    return redeemed
