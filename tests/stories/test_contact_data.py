"""Addresses, names and mailboxes that become somebody else's, and what follows a change or goes before it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from cardline.contactdata import sweeps
from cardline.contactdata.tests.scene import AT_HOME, HOME
from cardline.contactdata.tests.test_names import document
from cardline.identity.tests.phones import Texts
from cardline.issuer.core import CardState, current_core
from cardline.kit import clock
from cardline.members.models import ContactChange, ContactPoint, Member
from cardline.notify.models import Outgoing
from cardline.rewards.tests.points import account_of, give, points_of
from conftest import NOW
from tests.stories.telling import Call, Desk, Told, card_of, is_frozen, speaker, words_of

pytestmark = pytest.mark.django_db

DETAILS = "info.contact_details"
ELSEWHERE = "a new card to another address"
MOVED = {name: str(value) for name, value in HOME.items()}
COUSIN = {"given_name": "Maya", "family_name": "Cousin", "road": "later", "key": "a-cousins-name"}


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    """The day on which everybody's record begins to be told of."""
    clock.set_offset(NOW - clock.machine_now())
    yield


def days_later(days: int) -> None:
    clock.set_offset(clock.offset() + timedelta(days=days))


def on_the_promised_day(change: ContactChange) -> None:
    """Time makes what it makes of changes that wait."""
    assert change.due_at is not None
    clock.set_offset(change.due_at - clock.machine_now())
    sweeps.sweep(clock.now())


def on_file(member: Member, kind: str) -> list[str]:
    return list(member.points.filter(kind=kind).order_by("pk").values_list("value", flat=True))


def told_at(place: str) -> str:
    """The link in the newest message that went to a place."""
    sent = Outgoing.objects.filter(to=place, values__link__startswith="/not-me/").order_by("-pk")
    return str(sent[0].values["link"])


def press_not_me(link: str) -> None:
    """By whoever lives there; nobody has to sign in."""
    assert Client().post(link, {"said": "not_me", "key": "it-was-not-me"}).status_code == 303


def details_of(member: Member) -> str:
    """Their page at the desk."""
    return f"/desk/members/{member.pk}/contact-data"


def approve(desk: Desk, member: Member) -> None:
    """A colleague looked at a paper and was taken in by it."""
    wish = ContactChange.objects.get(member=member)
    made = desk.press(
        f"{details_of(member)}/changes/{wish.pk}", what="approve", how="Compared with the paper"
    )
    assert made.status_code == 302


def cards_on_their_way(member: Member) -> list[str]:
    """Of their cards, the ones that left the house and were not activated yet."""
    cards = current_core().cards(member.core_customer)
    return [
        card.token
        for card in cards
        if card.customer == member.core_customer and card.state == CardState.INACTIVE
    ]


def order_card(browser: Client, member: Member, why: str) -> str:
    """Ask for another card on the page. Returns the page that follows."""
    form = {"why": why, "key": f"another-card-{why}"}
    return words_of(browser.post(f"/cards/{card_of(member)}/replacement", form, follow=True))


# ------------------------------------------------------------------------------------------------- addresses


def test_a_landline_alone_changes_the_address_after_a_letter_and_a_wait(
    told: Told, cast: Any, jonah: Desk
) -> None:
    rosa = cast.rosa
    rosa.points.filter(kind="email").delete()
    rosa.points.filter(kind="phone").update(takes_texts=False)
    before = on_file(rosa, "post")
    call = jonah.call_from(rosa, need=DETAILS)

    jonah.on(call, "call-back", point=rosa.points.get(kind="phone").pk)
    jonah.press(details_of(rosa), kind="post", point=rosa.points.get(kind="post").pk, **MOVED)
    assert on_file(rosa, "post") == before
    told.stays_below(jonah.actor, call.contact_id, action="a new address")
    with told.protected():
        assert told_at(before[0])
        on_the_promised_day(ContactChange.objects.get())
        assert on_file(rosa, "post") == [AT_HOME]
    told.stays_below(jonah.actor, call.contact_id, action="a new address")


def test_a_notice_of_the_post_changes_no_address(
    told: Told, cast: Any, jonah: Desk, mayas: Client, phone: ContactPoint
) -> None:
    before = on_file(cast.maya, "post")
    call = jonah.call_from(cast.maya, need=DETAILS)

    jonah.on(call, "facts", name="Maya Okafor", fact="12207")
    noted = jonah.press(
        details_of(cast.maya), kind="post", point=cast.maya.points.get(kind="post").pk, **MOVED
    )
    assert noted.status_code == 403 and not ContactChange.objects.exists()
    told.stays_below(jonah.actor, call.contact_id, action="a new address")
    with told.protected():
        jonah.press(f"{call.page}/call", back=call.page)
        assert "is calling you now." in words_of(mayas.get("/verify-us"))
        jonah.on(call, "call-back", point=phone.pk)  # she has not moved
        assert on_file(cast.maya, "post") == before
    told.stays_below(jonah.actor, call.contact_id, action="a new address")


def test_after_a_new_address_no_card_leaves_and_the_old_one_stops_both(
    told: Told, cast: Any, jonah: Desk, texts: Texts, phone: ContactPoint, member_client: Any
) -> None:
    maya, before = cast.maya, on_file(cast.maya, "post")
    call = say_a_new_address(jonah, maya, texts, phone)
    told.stays_below(jonah.actor, call.contact_id, action="a new address")
    on_the_promised_day(ContactChange.objects.get())
    assert on_file(maya, "post") == [AT_HOME]

    days_later(9)
    thief = member_client(maya)
    assert "Your card waits until we are sure of your new address" in order_card(thief, maya, "stolen")
    told.stays_below(speaker(thief), action=ELSEWHERE)
    days_later(20)
    assert cards_on_their_way(maya) == []
    with told.protected():
        press_not_me(told_at(before[0]))
        assert on_file(maya, "post") == before and cards_on_their_way(maya) == []
        assert thief.get("/home").status_code == 401


def say_a_new_address(desk: Desk, member: Member, texts: Texts, phone: ContactPoint) -> Call:
    """Somebody who has the phone, too, calls and moves the mail elsewhere."""
    call = desk.call_from(member, need=DETAILS)
    desk.on(call, "code", point=phone.pk)
    assert "Verified, level 2 of 3" in desk.hears_code(call, texts.code)
    desk.press(details_of(member), kind="post", point=member.points.get(kind="post").pk, **MOVED)
    return call


def test_a_card_on_its_way_is_followed_by_no_new_address(told: Told, cast: Any, mayas: Client) -> None:
    maya, before = cast.maya, on_file(cast.maya, "post")
    post = maya.points.get(kind="post").pk

    order_card(mayas, maya, "stolen")
    assert len(cards_on_their_way(maya)) == 1
    days_later(1)
    mayas.post("/profile/contact/address", {**MOVED, "point": post, "road": "later", "key": "the-day-after"})
    days_later(25)
    sweeps.sweep(clock.now())
    assert on_file(maya, "post") == before and ContactChange.objects.get().why_waits == "card"
    told.stays_below(speaker(mayas), action="a new address")
    with told.protected():
        press_not_me(told_at(before[0]))
        assert ContactChange.objects.get().state == "taken_back"
        assert mayas.get("/home").status_code == 401


# ----------------------------------------------------------------------------------------------------- names


def test_no_card_bears_a_name_of_yesterday(told: Told, cast: Any, mayas: Client) -> None:
    maya = cast.maya
    mailbox, phone = on_file(maya, "email")[0], "".join(on_file(maya, "phone")[0].split())

    mayas.post("/profile/contact/name", COUSIN)
    embossed = {"change": "embossed", "embossed": "ADA COUSIN", "key": "on-the-next-card"}
    assert mayas.post("/profile/contact/name", embossed).status_code == 422
    days_later(1)
    order_card(mayas, maya, "damaged")
    cards = current_core().cards(maya.core_customer)
    assert {card.holder for card in cards if card.customer == maya.core_customer} == {"Maya Okafor"}
    told.stays_below(speaker(mayas), action=ELSEWHERE)
    with told.protected():
        assert told_at(mailbox) != told_at(phone)
        press_not_me(told_at(mailbox))
        assert ContactChange.objects.get().state == "taken_back"
        assert is_frozen(maya) and mayas.get("/home").status_code == 401


def test_a_picture_changes_no_name(told: Told, cast: Any, mayas: Client, jonah: Desk) -> None:
    maya = cast.maya

    mayas.post("/profile/contact/name", COUSIN)
    wish = ContactChange.objects.get()
    document(speaker(mayas), wish.case, clock.now())
    days_later(90)
    sweeps.sweep(clock.now())
    assert Member.objects.get(pk=maya.pk).name == "Maya Okafor"
    told.stays_below(speaker(mayas), action="another name")
    with told.protected():
        seen = words_of(jonah.browser.get(details_of(maya)))
        assert "Compare the document, then decide." in seen and "certificate.pdf" in seen
        assert told_at(on_file(maya, "post")[0])
        jonah.press(
            f"{details_of(maya)}/changes/{wish.pk}",
            what="refuse",
            reason="not_shown",
            how="Drawn by a machine",
        )
        assert Member.objects.get(pk=maya.pk).name == "Maya Okafor"
        assert "does not show the change" in words_of(mayas.get("/profile/contact"))


# ------------------------------------------------------------------------------------------------- mailboxes


def test_points_stay_for_two_days_after_a_new_mailbox(
    told: Told, cast: Any, mayas: Client, jonah: Desk
) -> None:
    maya, old = cast.maya, cast.maya.points.get(kind="email")
    give(maya, 10_000, clock.now())
    there = points_of(maya)

    wish = {"email": "maya@new.example", "point": old.pk, "road": "later", "key": "a-new-mailbox"}
    mayas.post("/profile/contact/email", wish)
    approve(jonah, maya)
    assert on_file(maya, "email") == ["maya@new.example"]
    vouchers = {"account": account_of(maya), "option": "gift_card", "points": "2500"}
    for hour in (8, 47):
        clock.set_offset(NOW + timedelta(hours=hour) - clock.machine_now())
        assert mayas.post("/rewards/redeem", {**vouchers, "key": f"vouchers-{hour}"}).status_code == 409
    told.stays_below(speaker(mayas), action="points to somewhere new")
    with told.protected():
        assert points_of(maya) == there and told_at(old.value)
        clock.set_offset(NOW + timedelta(hours=49) - clock.machine_now())
        mayas.post("/rewards/redeem", {**vouchers, "key": "vouchers-at-last"})
        assert points_of(maya) == there - 2_500  # they wait, and are not lost
