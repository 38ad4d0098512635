"""Asking for another phone, e-mail or address: done at once, or waiting with a promise, and told to old and new."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from cardline.cards.commands import replace_card
from cardline.cards.queries import cards_of
from cardline.cases.models import Case, Entry
from cardline.clocks.local import end_of_day
from cardline.contactdata import sweeps
from cardline.contactdata.changes.commands import (
    ask_for_address,
    ask_for_phone,
    change_address,
    change_email,
    change_phone,
    confirm_email,
    prefer_point,
    remove_email,
    remove_phone,
    seen_mark,
    withdraw_change,
)
from cardline.contactdata.refusals import (
    AddressStays,
    ChangedMeanwhile,
    LastWayToReachYou,
    SafeOneStays,
    SamePoint,
    WaitsAlready,
)
from cardline.contactdata.safe.commands import say_safe_contact
from cardline.contactdata.tests.scene import ABROAD, AT_HOME, HOME, change, point, points, strongly, told
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor
from cardline.kit.redact import clean
from cardline.kit.refusals import LevelTooLow, NotThere
from cardline.kit.secret import Secret
from cardline.members.contactdata.rules import doubt_ends
from cardline.members.contactdata.tokens import EMAIL_LINK, token_of
from cardline.members.models import ContactChange, ContactPoint, Member
from cardline.notify.models import BouncedPlace, Outgoing
from cardline.promises.models import LegalClock, Promise

NEW = clean("(518) 555-0150")
MAIL = clean("maya@new.example")


def test_a_sign_in_alone_changes_no_phone_address_or_email(maya: Actor, now: datetime) -> None:
    for command, arguments in (
        (change_phone, {"number": NEW}),
        (change_email, {"email": MAIL}),
        (change_address, HOME),
        (remove_phone, {"point_id": point(maya, "phone").pk}),
    ):
        with pytest.raises(LevelTooLow):
            command(by=maya, now=now, **arguments)
    assert not ContactChange.objects.exists()


def test_a_new_address_stands_at_once_and_is_told_without_being_said(maya: Actor, now: datetime) -> None:
    old = point(maya, "post")
    done = strongly(change_address, maya, now, **HOME, point_id=old.pk)
    assert done["state"] == "done"
    assert points(maya, "post") == [AT_HOME]
    member = Member.objects.get(pk=maya.member_id)
    assert (member.postal_code, member.country) == ("12180", "US")
    assert point(maya, "post").since == now
    assert told(change(done)) == {
        ("letter", old.value, True),
        ("text", "+12125550142", True),
        ("email", "maya.okafor@example.com", True),
        ("letter", AT_HOME, False),
    }
    said = json.dumps(list(Outgoing.objects.values_list("values", flat=True)))
    assert "Alder" not in said and "Troy" not in said
    case = Case.objects.get(pk=change(done).case)
    assert (case.state, case.need, case.member_id) == ("closed", "info.contact_details", maya.member_id)
    assert "Alder" not in "".join(Entry.objects.values_list("data", flat=True))


def test_from_a_new_address_on_a_window_stands_beside_its_case(maya: Actor, now: datetime) -> None:
    """us.card_after_address_change: nobody's task, so no promise, and as long as no card goes out by itself."""
    done = change(strongly(change_address, maya, now, **HOME, point_id=point(maya, "post").pk))
    strongly(change_phone, maya, now, number=NEW)
    window = LegalClock.objects.get()
    assert (window.rule, window.case_id, window.promise_id) == (
        "us.card_after_address_change",
        done.case,
        None,
    )
    assert window.started_at == now and window.about == f"contact_change:{done.pk}"
    zone = current_profile().zone
    assert end_of_day(window.due_on, zone) == doubt_ends(now, zone)


def test_the_window_begins_when_an_address_that_waited_is_done(maya: Actor, now: datetime) -> None:
    ask_for_address(by=maya, now=now, **HOME)
    assert not LegalClock.objects.exists()
    later = now + timedelta(days=20)
    sweeps.sweep(later)
    assert LegalClock.objects.get().started_at == later


def test_a_phone_is_kept_in_one_form_and_an_old_one_stays_when_another_is_added(
    maya: Actor, now: datetime
) -> None:
    strongly(change_phone, maya, now, number=NEW)
    assert points(maya, "phone") == ["+1 212 555 0142", "+15185550150"]
    added = ContactPoint.objects.get(value="+15185550150")
    assert (added.since, added.preferred) == (now, False)


@pytest.mark.parametrize("again", ["+1 212 555 0142", "2125550142", "1-212-555-0142"])
def test_the_same_number_twice_is_refused_however_it_is_written(
    maya: Actor, now: datetime, again: str
) -> None:
    with pytest.raises(SamePoint):
        strongly(change_phone, maya, now, number=clean(again))


def test_an_email_counts_once_its_link_was_pressed_by_its_member(
    maya: Actor, now: datetime, cast: Any, as_member: Any
) -> None:
    wish = change(strongly(change_email, maya, now, email=MAIL))
    assert (wish.state, wish.why_waits) == ("waiting", "link")
    assert points(maya, "email") == ["maya.okafor@example.com"]
    sent = Outgoing.objects.get()
    assert (sent.template, sent.channel, sent.to) == ("email_check", "email", MAIL)
    token = Secret(sent.values["link"].rpartition("/")[2])
    with pytest.raises(NotThere):
        confirm_email(by=as_member(cast.luis), now=now, token=token)
    with pytest.raises(NotThere):
        confirm_email(by=maya, now=now + timedelta(days=2, seconds=1), token=token)
    with pytest.raises(NotThere):
        confirm_email(by=maya, now=now, token=Secret(token_of("another.purpose", wish.pk)))
    BouncedPlace.objects.create(place=MAIL.lower(), since=now)  # mail to it came back once
    assert confirm_email(by=maya, now=now, token=token)
    assert not BouncedPlace.objects.filter(right_at=None).exists()
    assert points(maya, "email") == ["maya.okafor@example.com", MAIL]
    assert not confirm_email(by=maya, now=now, token=token)
    assert ("email", "maya.okafor@example.com", True) in told(wish)


def test_the_newest_email_wish_is_the_one_that_counts(maya: Actor, now: datetime) -> None:
    first = change(strongly(change_email, maya, now, email=clean("one@new.example")))
    strongly(change_email, maya, now, email=MAIL)
    with pytest.raises(NotThere):
        confirm_email(by=maya, now=now, token=Secret(token_of(EMAIL_LINK, first.pk)))


def test_by_a_sign_in_alone_an_address_waits_for_the_promised_day(maya: Actor, now: datetime) -> None:
    wish = change(ask_for_address(by=maya, now=now, **HOME))
    assert (wish.state, wish.why_waits) == ("waiting", "delay")
    promise = Promise.objects.get(pk=wish.promise)
    assert promise.due_at == wish.due_at
    assert Case.objects.get(pk=wish.case).state == "open"
    assert set(Outgoing.objects.values_list("template", flat=True)) == {"contact_change_asked"}
    assert sweeps.sweep(wish.due_at - timedelta(seconds=1)) == 0
    assert points(maya, "post") != [AT_HOME]
    assert sweeps.sweep(wish.due_at) == 1
    assert points(maya, "post") == [AT_HOME]
    promise.refresh_from_db()
    assert promise.state == "kept"
    assert Case.objects.get(pk=wish.case).state == "closed"
    assert sweeps.sweep(wish.due_at) == 0


def test_what_is_taken_back_by_the_member_is_not_made(maya: Actor, now: datetime) -> None:
    wish = change(ask_for_address(by=maya, now=now, **HOME))
    assert withdraw_change(by=maya, now=now, change_id=wish.pk)
    assert not withdraw_change(by=maya, now=now, change_id=wish.pk)
    assert sweeps.sweep(now + timedelta(days=60)) == 0
    assert points(maya, "post") != [AT_HOME]


def test_nobody_takes_back_what_is_anothers(maya: Actor, now: datetime, cast: Any, as_member: Any) -> None:
    wish = change(ask_for_address(by=maya, now=now, **HOME))
    with pytest.raises(NotThere):
        withdraw_change(by=as_member(cast.luis), now=now, change_id=wish.pk)


def test_a_delay_that_no_old_place_can_hear_of_becomes_a_persons_decision(maya: Actor, now: datetime) -> None:
    ContactPoint.objects.filter(member=maya.member_id).exclude(kind="phone").delete()
    ContactPoint.objects.filter(member=maya.member_id).update(takes_texts=False)
    wish = change(ask_for_address(by=maya, now=now, **HOME))
    assert (wish.why_waits, wish.due_at) == ("paper", None)
    assert sweeps.sweep(now + timedelta(days=60)) == 0


def test_a_second_wish_for_the_same_waits_for_the_first(maya: Actor, now: datetime) -> None:
    ask_for_address(by=maya, now=now, **HOME)
    with pytest.raises(WaitsAlready):
        ask_for_address(by=maya, now=now, **ABROAD)


def test_an_address_asked_after_a_card_waits_until_somebody_is_sure(
    maya: Actor, now: datetime
) -> None:  # SR-33
    card = next(card.token for card in cards_of(maya) if card.mine)
    replace_card(by=maya, now=now - timedelta(days=29), card=card)
    wish = change(strongly(change_address, maya, now, **HOME))
    assert (wish.state, wish.why_waits, wish.due_at) == ("waiting", "card", None)
    assert points(maya, "post") != [AT_HOME]
    assert sweeps.sweep(now + timedelta(days=90)) == 0


def test_an_address_asked_long_after_a_card_does_not_wait(maya: Actor, now: datetime) -> None:
    card = next(card.token for card in cards_of(maya) if card.mine)
    replace_card(by=maya, now=now - timedelta(days=32), card=card)
    assert strongly(change_address, maya, now, **HOME)["state"] == "done"


def test_two_devices_at_once_and_the_second_sees_what_the_first_left(maya: Actor, now: datetime) -> None:
    phone = point(maya, "phone")
    seen = seen_mark(phone)
    strongly(change_phone, maya, now, number=NEW, point_id=phone.pk, seen=seen)
    with pytest.raises(ChangedMeanwhile):
        strongly(change_phone, maya, now, number=clean("518 555 0199"), point_id=phone.pk, seen=seen)
    assert points(maya, "phone") == ["+15185550150"]


def test_the_last_way_to_reach_somebody_stays(maya: Actor, now: datetime) -> None:
    strongly(remove_email, maya, now, point_id=point(maya, "email").pk)
    with pytest.raises(LastWayToReachYou):
        strongly(remove_phone, maya, now, point_id=point(maya, "phone").pk)
    with pytest.raises(AddressStays):
        strongly(remove_email, maya, now, point_id=point(maya, "post").pk)
    assert len(points(maya)) == 2


def test_the_one_safe_number_is_not_removed_unseen(maya: Actor, now: datetime) -> None:
    phone = point(maya, "phone")
    say_safe_contact(by=maya, now=now, only_id=phone.pk)
    with pytest.raises(SafeOneStays):
        strongly(remove_phone, maya, now, point_id=phone.pk)


def test_without_the_first_one_another_is_tried_first(maya: Actor, now: datetime) -> None:
    phone, email = point(maya, "phone"), point(maya, "email")
    assert phone.preferred
    assert strongly(remove_phone, maya, now, point_id=phone.pk)["state"] == "done"
    email.refresh_from_db()
    assert ContactPoint.objects.filter(member=maya.member_id, preferred=True).count() == 1


def test_preferring_moves_the_mark_and_tells_nobody(maya: Actor, now: datetime) -> None:
    email = point(maya, "email")
    assert prefer_point(by=maya, now=now, point_id=email.pk)
    assert not prefer_point(by=maya, now=now, point_id=email.pk)
    marked = ContactPoint.objects.filter(member=maya.member_id, preferred=True)
    assert list(marked.values_list("pk", flat=True)) == [email.pk]
    assert not Outgoing.objects.exists()


def test_somebody_elses_point_is_not_there(maya: Actor, now: datetime, cast: Any, as_member: Any) -> None:
    theirs = point(as_member(cast.luis), "phone").pk
    for command, more in ((change_phone, {"number": NEW}), (remove_phone, {})):
        with pytest.raises(NotThere):
            strongly(command, maya, now, point_id=theirs, **more)
    with pytest.raises(NotThere):
        prefer_point(by=maya, now=now, point_id=theirs)


def test_a_phone_by_document_waits_for_a_person(maya: Actor, now: datetime) -> None:
    wish = change(ask_for_phone(by=maya, now=now, number=NEW))
    assert (wish.why_waits, wish.due_at) == ("paper", None)
    assert Promise.objects.get(pk=wish.promise).due_at > now
