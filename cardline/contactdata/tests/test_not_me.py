"""The link of a notice: what "not me" protects, that it is pressed once, and where "me" counts from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from cardline.cards.queries import cards_of
from cardline.cases.models import Case
from cardline.contactdata.changes.commands import ask_for_address, change_address, change_email, change_phone
from cardline.contactdata.notices.commands import NotFromThere, notice_behind, was_me, was_not_me
from cardline.contactdata.tests.scene import (
    ABROAD,
    AT_HOME,
    HOME,
    change,
    link,
    point,
    points,
    strongly,
    told,
)
from cardline.identity.models import Evidence, MemberSession
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.redact import clean
from cardline.kit.refusals import NotThere
from cardline.kit.secret import Secret
from cardline.members.contactdata.rules import NOT_ME_LASTS
from cardline.members.contactdata.tokens import NOT_ME, number_in, token_of
from cardline.members.models import ContactChange, ContactPoint, Member
from cardline.notify.models import Outgoing
from cardline.promises.models import Promise

NEED = "lost_stolen.account_not_mine"


def press(token: Secret, now: datetime) -> bool:
    return was_not_me(by=SYSTEM, now=now, token=token)


def test_not_me_freezes_takes_back_ends_sessions_and_calls_a_person(maya: Actor, now: datetime) -> None:
    before, phone_age = points(maya), point(maya, "phone").since
    postal = Member.objects.get(pk=maya.member_id).postal_code
    moved = change(strongly(change_address, maya, now, **HOME))
    strongly(change_phone, maya, now, number=clean("518 555 0150"), point_id=point(maya, "phone").pk)
    waiting = change(strongly(change_email, maya, now, email=clean("thief@new.example")))
    assert points(maya) != before and MemberSession.objects.filter(member=maya.member_id).exists()

    assert press(link(moved, "text"), now + timedelta(hours=1))

    assert points(maya) == before
    assert point(maya, "phone").since == phone_age  # as old as it was: it counts at once again
    assert Member.objects.get(pk=maya.member_id).postal_code == postal
    waiting.refresh_from_db()
    assert waiting.state == "taken_back"
    assert all(card.is_frozen for card in cards_of(maya) if card.mine)
    assert not MemberSession.objects.filter(member=maya.member_id).exists()
    assert not Evidence.objects.filter(member=maya.member_id, revoked_at=None).exclude(session="").exists()
    case = Case.objects.get(need=NEED)
    assert (case.member_id, case.state, case.queue) == (maya.member_id, "open", "card_protection")
    assert Promise.objects.get(case=case).state == "open"
    assert Outgoing.objects.filter(template="news", member=maya.member_id).exists()


def test_pressed_twice_or_by_another_of_its_links_it_is_one_case(maya: Actor, now: datetime) -> None:
    moved = change(strongly(change_address, maya, now, **HOME))
    token = link(moved, "letter")
    assert press(token, now)
    assert not press(token, now)
    assert not press(link(moved, "email"), now)
    assert Case.objects.filter(need=NEED).count() == 1
    assert Promise.objects.filter(rule="contact_data.not_me").count() == 1


def test_what_still_waits_is_stopped(maya: Actor, now: datetime) -> None:
    wish = change(ask_for_address(by=maya, now=now, **HOME))
    assert press(link(wish, "letter"), now)
    wish.refresh_from_db()
    assert (wish.state, wish.due_at) == ("taken_back", None)
    assert AT_HOME not in points(maya)
    assert Promise.objects.get(rule="contact_data.delay").state == "kept"


def test_a_link_that_is_old_changed_or_for_something_else_is_none(maya: Actor, now: datetime) -> None:
    moved = change(strongly(change_address, maya, now, **HOME))
    token = link(moved, "letter").reveal()
    number = number_in(NOT_ME, token)
    assert number is not None and len(f"/not-me/{token}") <= 64
    bad = [
        "",
        "x",
        "1-",
        token + "A",
        token[:-1],
        token.replace("-", "", 1),
        f"{number + 1}-{token.partition('-')[2]}",
        token_of("cardline.email_link", number),
        f"٣-{token.partition('-')[2]}",
        "9" * 40 + "-x",
    ]
    for one in bad:
        assert notice_behind(one, now) is None, one
        with pytest.raises(NotThere):
            press(Secret(one), now)
    late = now + NOT_ME_LASTS
    assert notice_behind(token, late) is None
    with pytest.raises(NotThere):
        press(Secret(token), late)
    assert notice_behind(token, late - timedelta(seconds=1)) is not None
    assert AT_HOME in points(maya)


def test_me_counts_from_an_old_phone_or_address_and_from_no_mailbox(maya: Actor, now: datetime) -> None:
    moved = change(strongly(change_address, maya, now, **HOME))
    with pytest.raises(NotFromThere):
        was_me(by=SYSTEM, now=now, token=link(moved, "email"))
    with pytest.raises(NotFromThere):
        was_me(by=SYSTEM, now=now, token=link(moved, "letter", to_old=False))
    assert ContactChange.objects.get(pk=moved.pk).validated_at is None
    assert was_me(by=SYSTEM, now=now, token=link(moved, "letter"))
    assert not was_me(by=SYSTEM, now=now, token=link(moved, "text"))
    assert ContactChange.objects.get(pk=moved.pk).validated_at == now


def test_me_from_the_old_address_makes_what_waited_for_it(maya: Actor, now: datetime) -> None:
    wish = change(ask_for_address(by=maya, now=now, **HOME))
    assert was_me(by=SYSTEM, now=now + timedelta(days=3), token=link(wish, "letter"))
    assert AT_HOME in points(maya)


def test_what_a_person_was_sure_of_is_not_taken_back_with_something_later(maya: Actor, now: datetime) -> None:
    moved = change(strongly(change_address, maya, now, **HOME))
    was_me(by=SYSTEM, now=now, token=link(moved, "letter"))
    number = change(strongly(change_phone, maya, now + timedelta(minutes=5), number=clean("518 555 0150")))
    assert press(link(number, "email"), now + timedelta(minutes=9))
    assert AT_HOME in points(maya) and "+15185550150" not in points(maya)


def test_a_place_that_is_itself_fresh_makes_nobody_sure(maya: Actor, now: datetime) -> None:  # SR-32
    """A thief who changed the address first cannot then say "it was me" from it."""
    strongly(change_address, maya, now, **HOME)
    second = change(
        strongly(
            change_phone,
            maya,
            now + timedelta(hours=1),
            number=clean("518 555 0150"),
            point_id=point(maya, "phone").pk,
        )
    )
    third = change(strongly(change_phone, maya, now + timedelta(hours=2), number=clean("518 555 0151")))
    fresh = {channel for channel, _place, is_old in told(third) if not is_old}
    assert fresh == {"text"}  # the number that came an hour ago, and the one that comes
    with pytest.raises(NotFromThere):
        was_me(by=SYSTEM, now=now + timedelta(hours=3), token=link(third, "text", to_old=False))
    assert ("text", "+12125550142", True) in told(second)


def test_a_shared_phone_makes_nobody_sure(
    maya: Actor, now: datetime, cast: Any, as_member: Callable[..., Actor]
) -> None:
    luis = as_member(cast.luis)
    ContactPoint.objects.create(
        member_id=luis.member_id, kind="phone", value="+1 (212) 555-0142", since=point(luis, "phone").since
    )
    moved = change(strongly(change_address, maya, now, **HOME))
    assert ("text", "+12125550142", False) in told(moved)


def test_the_change_after_the_change_is_told_to_the_one_in_between_as_new(maya: Actor, now: datetime) -> None:
    strongly(change_address, maya, now, **HOME)
    again = change(strongly(change_address, maya, now + timedelta(days=1), **ABROAD))
    assert ("letter", AT_HOME, False) in told(again)


def test_an_old_link_takes_back_nothing_that_was_asked_for_after_it_was_pressed(
    maya: Actor, now: datetime, cast: Any, as_member: Callable[..., Actor]
) -> None:
    moved = change(strongly(change_address, maya, now, **HOME))
    assert press(link(moved, "letter"), now)
    back = as_member(cast.maya)
    later = change(strongly(change_phone, back, now + timedelta(hours=1), number=clean("518 555 0150")))
    assert not press(link(moved, "email"), now + timedelta(hours=2))
    later.refresh_from_db()
    assert later.state == "waiting" and Case.objects.filter(need=NEED).count() == 1


def test_a_later_change_that_somebody_was_sure_of_stands(maya: Actor, now: datetime) -> None:
    number = change(strongly(change_phone, maya, now, number=clean("518 555 0150")))
    moved = change(strongly(change_address, maya, now + timedelta(hours=1), **HOME))
    was_me(by=SYSTEM, now=now + timedelta(hours=2), token=link(moved, "letter"))
    assert press(link(number, "email"), now + timedelta(hours=3))
    assert AT_HOME in points(maya) and "+15185550150" not in points(maya)
