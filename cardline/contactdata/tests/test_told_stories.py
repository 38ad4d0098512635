"""Stories of SR-38 about contact data, each with what must not be reached."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from cardline.cards.commands import freeze_card, replace_lost_card
from cardline.cards.queries import cards_of
from cardline.contactdata import sweeps
from cardline.contactdata.changes.commands import (
    ask_for_address,
    ask_for_email,
    change_address,
    change_email,
    change_phone,
    confirm_email,
)
from cardline.contactdata.decisions.commands import settle_dispute
from cardline.contactdata.notices.commands import was_not_me
from cardline.contactdata.tests.scene import AT_HOME, HOME, change, link, point, points, strongly, told
from cardline.identity.codes.commands import ask_code
from cardline.identity.codes.phones import phones_for_codes, phones_that_count
from cardline.identity.queries import level_of
from cardline.identity.tests.phones import Texts
from cardline.issuer.core import CardState
from cardline.kit import plugs
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.redact import clean
from cardline.kit.refusals import LevelTooLow
from cardline.kit.secret import Secret
from cardline.members.contactdata.queries import postal_code_that_counts
from cardline.members.contactdata.tokens import EMAIL_LINK, token_of
from cardline.members.models import ContactChange, ContactPoint, Member
from cardline.promises.models import Promise


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch) -> Texts:
    texts = Texts()
    monkeypatch.setattr(plugs, "codes", texts)
    return texts


def test_somebody_with_a_landline_alone_moves_house(maya: Actor, now: datetime, texts: Texts) -> None:
    """No text can reach them, so V3 cannot be shown; the address changes all the same, and nobody is left without
    word of it."""
    ContactPoint.objects.filter(member=maya.member_id, kind="email").delete()
    phone = point(maya, "phone")
    ContactPoint.objects.filter(pk=phone.pk).update(takes_texts=False)
    old = point(maya, "post").value
    ask_code(by=maya, now=now, action="x", shown=clean("x"), point_id=phone.pk)
    assert texts.sent == [] and phones_for_codes(maya.member_id, now) == []
    with pytest.raises(LevelTooLow):
        change_address(by=maya, now=now, **HOME)

    wish = change(ask_for_address(by=maya, now=now, **HOME))
    assert told(wish) == {("letter", old, True), ("letter", AT_HOME, False)}
    promised = Promise.objects.get(pk=wish.promise)
    assert promised.due_at - now < timedelta(days=20)
    assert sweeps.sweep(promised.due_at) == 1
    assert points(maya, "post") == [AT_HOME]
    assert [one.pk for one in phones_that_count(maya.member_id, now)] == [phone.pk]  # we still call it back


def test_an_angry_ex_with_the_old_address_stops_it_and_gains_nothing(
    maya: Actor, now: datetime, dana: Actor, cast: Any, as_member: Callable[..., Actor]
) -> None:
    moved = change(strongly(change_address, maya, now, **HOME))
    old = next(place for channel, place, to_old in told(moved) if channel == "letter" and to_old)
    assert was_not_me(by=SYSTEM, now=now + timedelta(days=3), token=link(moved, "letter"))
    maya = as_member(cast.maya)  # she signs in again: nobody locked her out
    later = now + timedelta(days=4)
    card = next(card.token for card in cards_of(maya) if card.mine)
    assert freeze_card(by=maya, now=later, card=card)["case_id"]
    # No card goes to the ex, though the old address stands again.
    assert points(maya, "post") == [old]
    assert replace_lost_card(by=maya, now=later, card=card, stolen=True)["held"]
    assert all(card.state == CardState.CLOSED for card in cards_of(maya) if card.mine)
    # What she asks for now waits for a person, and is not lost.
    again = change(strongly(change_address, maya, later, **{**HOME, "street": clean("11 Alder Row")}))
    assert (again.state, again.why_waits) == ("waiting", "doubt")
    assert settle_dispute(
        by=dana, now=later, change_id=moved.pk, was_member=True, how=clean("Called back, two facts matched")
    )
    assert points(maya, "post") == [AT_HOME]
    assert CardState.INACTIVE in [card.state for card in cards_of(maya) if card.mine]


def test_pressing_again_and_again_does_not_stop_what_a_person_was_sure_of(
    maya: Actor, now: datetime, dana: Actor, cast: Any, as_member: Callable[..., Actor]
) -> None:
    moved = change(strongly(change_address, maya, now, **HOME))
    first = link(moved, "letter")
    was_not_me(by=SYSTEM, now=now, token=first)
    settle_dispute(by=dana, now=now, change_id=moved.pk, was_member=True, how=clean("It was her"))
    maya = as_member(cast.maya)
    phone = change(strongly(change_phone, maya, now + timedelta(hours=1), number=clean("518 555 0150")))
    was_not_me(by=SYSTEM, now=now + timedelta(hours=2), token=link(phone, "email"))
    assert points(maya, "post") == [AT_HOME]


def test_whoever_took_over_the_mailbox_reaches_nothing_by_it(
    maya: Actor, now: datetime, texts: Texts, as_member: Callable[..., Actor], cast: Any
) -> None:
    """E-mail is no way to prove anything: no code goes there, the link counts for the signed-in member alone, and a
    wish from a stolen session waits for a person, while the phone hears of it."""
    thief = as_member(cast.maya, signed_in=False)
    mail = point(maya, "email")
    ask_code(by=maya, now=now, action="x", shown=clean("x"), point_id=mail.pk)
    assert texts.sent == []
    wish = change(strongly(change_email, maya, now, email=clean("thief@new.example")))
    stranger = Actor(thief.kind, thief.id, session="another session")
    with pytest.raises(LevelTooLow):
        confirm_email(by=stranger, now=now, token=Secret(token_of(EMAIL_LINK, wish.pk)))
    assert level_of(stranger) == 0
    waiting = change(ask_for_email(by=maya, now=now, email=clean("thief@other.example")))
    assert (waiting.why_waits, waiting.due_at) == ("paper", None)
    assert ("text", "+12125550142", True) in told(waiting)


def test_spouses_who_share_a_phone_raise_nobody_with_it(
    maya: Actor, now: datetime, cast: Any, as_member: Callable[..., Actor], texts: Texts
) -> None:
    luis = as_member(cast.luis)
    strongly(change_phone, luis, now, number=clean("+1 (212) 555-0142"))
    assert phones_that_count(maya.member_id, now) == []
    assert "2125550142" in "".join(points(luis, "phone"))
    ask_code(by=maya, now=now, action="x", shown=clean("x"), point_id=point(maya, "phone").pk)
    assert texts.sent == []
    # She is not stuck: what she asks for waits, and is done.
    assert ask_for_address(by=maya, now=now, **HOME)["why"] == "delay"


def test_a_member_of_five_days_counts_by_what_was_checked_on_the_first(maya: Actor, now: datetime) -> None:
    opened = now - timedelta(days=5)
    Member.objects.filter(pk=maya.member_id).update(since=date.fromordinal(opened.date().toordinal()))
    ContactPoint.objects.filter(member=maya.member_id).update(since=opened)
    assert len(phones_that_count(maya.member_id, now)) == 1
    strongly(change_phone, maya, now, number=clean("518 555 0150"))
    assert [one.value for one in phones_that_count(maya.member_id, now)] == ["+1 212 555 0142"]
    later = now + timedelta(days=30)
    assert len(phones_that_count(maya.member_id, later)) == 2


def test_a_fresh_postal_code_is_no_fact_to_know(maya: Actor, now: datetime) -> None:  # SR-32
    member = Member.objects.get(pk=maya.member_id)
    assert postal_code_that_counts(member, now) == "12207"
    moved = change(strongly(change_address, maya, now, **HOME))
    member.refresh_from_db()
    assert postal_code_that_counts(member, now + timedelta(days=29)) == ""
    assert postal_code_that_counts(member, now + timedelta(days=31)) == "12180"
    ContactChange.objects.filter(pk=moved.pk).update(validated_at=now)
    assert postal_code_that_counts(member, now) == "12180"
