"""Safe contact overrides every way out of the house: notices, letters, mails, codes and calls back."""

from __future__ import annotations

from datetime import datetime

import pytest

from cardline.contactdata.changes.commands import change_address, change_phone
from cardline.contactdata.safe.commands import NobodyLeft, TooFresh, say_safe_contact
from cardline.contactdata.tests.scene import AT_HOME, HOME, change, point, strongly, told
from cardline.identity.codes.phones import phones_that_count
from cardline.kit import clock
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.redact import clean
from cardline.kit.refusals import NotThere
from cardline.members.models import ContactPoint, Member, SafeContact
from cardline.notify.models import Outgoing
from cardline.notify.queries import address_of
from cardline.notify.reach import ways_to
from cardline.notify.sending.commands import take_in_hand

CHANNELS = ("email", "text", "letter")


def ways(actor: Actor) -> list[str]:
    return [channel for channel, _place in ways_to(Member.objects.get(pk=actor.member_id), CHANNELS)]


def test_one_number_alone_is_used_for_everything(maya: Actor, now: datetime) -> None:
    assert ways(maya) == ["text", "email", "letter"]
    assert say_safe_contact(by=maya, now=now, only_id=point(maya, "phone").pk)
    assert not say_safe_contact(by=maya, now=now, only_id=point(maya, "phone").pk)
    assert ways(maya) == ["text"]
    assert address_of(Member.objects.get(pk=maya.member_id)) == ""
    other = ContactPoint.objects.create(
        member_id=maya.member_id, kind="phone", value="+15185550150", since=point(maya, "phone").since
    )
    assert other not in phones_that_count(maya.member_id, now)
    moved = change(strongly(change_address, maya, now, **HOME))
    assert told(moved) == {("text", "+12125550142", True)}


def test_no_post_tells_the_old_address_nothing(maya: Actor, now: datetime) -> None:
    say_safe_contact(by=maya, now=now, no_post=True)
    moved = change(strongly(change_address, maya, now, **HOME))
    assert {channel for channel, _place, _old in told(moved)} == {"text", "email"}
    assert AT_HOME in ContactPoint.objects.filter(member=maya.member_id).values_list("value", flat=True)


def test_what_was_written_before_does_not_leave_after(maya: Actor, now: datetime) -> None:
    clock.set_offset(now - clock.machine_now())
    strongly(change_address, maya, now, **HOME)
    say_safe_contact(by=maya, now=now, no_post=True)
    letters = Outgoing.objects.filter(channel="letter")
    for letter in letters:
        assert take_in_hand(by=SYSTEM, now=now, outgoing_id=letter.pk) is None
    assert set(letters.values_list("state", "problem")) == {("refused", "not_safe")}
    text = Outgoing.objects.get(channel="text")
    assert take_in_hand(by=SYSTEM, now=now, outgoing_id=text.pk) is not None


def test_nobody_is_silenced_by_a_fresh_number_or_to_nothing(maya: Actor, now: datetime) -> None:
    strongly(change_phone, maya, now, number=clean("518 555 0150"))
    fresh = ContactPoint.objects.get(value="+15185550150")
    with pytest.raises(TooFresh):
        say_safe_contact(by=maya, now=now, only_id=fresh.pk)
    with pytest.raises(NotThere):
        say_safe_contact(by=maya, now=now, only_id=point(maya, "email").pk)
    ContactPoint.objects.filter(member=maya.member_id).exclude(kind="post").delete()
    with pytest.raises(NobodyLeft):
        say_safe_contact(by=maya, now=now, no_post=True)
    assert not SafeContact.objects.exists()


def test_taking_it_all_back_leaves_no_row(maya: Actor, now: datetime) -> None:
    say_safe_contact(by=maya, now=now, no_voicemail=True)
    assert say_safe_contact(by=maya, now=now)
    assert not SafeContact.objects.exists()
