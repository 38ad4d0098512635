"""/profile/contact and /not-me: what they show, what they take, and what they never say."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from cardline.cards.commands import replace_lost_card
from cardline.cards.queries import cards_of
from cardline.contactdata.changes.commands import change_address, change_email
from cardline.contactdata.tests.scene import AT_HOME, HOME, change, link, point, points, strongly
from cardline.identity.tests.phones import Texts
from cardline.kit import clock, plugs
from cardline.kit.actors import Actor
from cardline.kit.redact import clean
from cardline.members.contactdata.tokens import EMAIL_LINK, token_of
from cardline.members.models import ContactChange, ContactPoint, SafeContact
from cardline.selfservice.confirm.middleware import AGAIN
from conftest import NOW

ADDRESS = {name: str(value) for name, value in HOME.items()}


def read(answer: Any) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


@pytest.fixture
def maya(cast: Any, as_member: Callable[..., Actor]) -> Actor:
    clock.set_offset(NOW - clock.machine_now())
    return as_member(cast.maya)


@pytest.fixture
def client(cast: Any, maya: Actor, member_client: Callable[..., Client]) -> Client:
    return member_client(cast.maya)


@pytest.fixture(autouse=True)
def texts(monkeypatch: pytest.MonkeyPatch) -> Texts:
    texts = Texts()
    monkeypatch.setattr(plugs, "codes", texts)
    return texts


def confirm(client: Client, maya: Actor, texts: Texts) -> Any:
    client.post("/confirm/code", {"phone": point(maya, "phone").pk})
    waiting = re.search(rf'name="{AGAIN}" value="([^"]+)"', client.get("/confirm").content.decode())
    assert waiting
    return client.post("/confirm", {AGAIN: waiting[1], "code": texts.code.reveal()}, follow=True)


def test_what_we_have_is_shown_in_part(client: Client, maya: Actor) -> None:
    page = read(client.get("/profile/contact"))
    for words in ("•••• 0142", "m•••@example.com", "Postal address on file", "we try this first", "since"):
        assert words in page, words
    whole = client.get("/profile/contact").content.decode()
    assert "555 0142" not in whole and "maya.okafor" not in whole and "Quince" not in whole
    assert "/profile/contact" in client.get("/profile").content.decode()


def test_a_new_address_is_shown_whole_before_it_is_approved_and_then_stands(
    client: Client, maya: Actor, texts: Texts
) -> None:
    answer = client.post("/profile/contact/address", {**ADDRESS, "road": "now", "key": "k" * 20})
    assert (answer.status_code, answer["Location"]) == (303, "/confirm")
    page = read(client.get("/confirm"))
    assert "Change your postal address" in page and AT_HOME in page
    assert points(maya, "post") != [AT_HOME]
    done = confirm(client, maya, texts)
    assert "Done. We told your old and your new contacts" in read(done)
    assert points(maya, "post") == [AT_HOME]


def test_a_code_for_one_address_approves_no_other(client: Client, maya: Actor, texts: Texts) -> None:
    client.post("/profile/contact/address", {**ADDRESS, "road": "now", "key": "k" * 20})
    client.post("/confirm/code", {"phone": point(maya, "phone").pk})
    code = texts.code.reveal()
    client.post("/profile/contact/address", {**ADDRESS, "street": "13 Thief Lane", "road": "now"})
    client.post("/confirm/code", {"phone": point(maya, "phone").pk})
    waiting = re.search(rf'name="{AGAIN}" value="([^"]+)"', client.get("/confirm").content.decode())
    assert waiting
    answer = client.post("/confirm", {AGAIN: waiting[1], "code": code})
    assert answer.status_code == 422
    assert len(points(maya, "post")) == 1 and "Thief" not in points(maya, "post")[0]


def test_without_a_code_it_waits_and_says_until_when(client: Client, maya: Actor) -> None:
    answer = client.post("/profile/contact/address", {**ADDRESS, "road": "later"}, follow=True)
    page = read(answer)
    assert "Not done yet" in page and "unless somebody says it was not you" in page
    assert "Wed, Dec 9" in page  # ten business days on, Thanksgiving left out
    wish = ContactChange.objects.get()
    taken_back = client.post(f"/profile/contact/changes/{wish.pk}/withdrawal", follow=True)
    assert "Not done yet" not in read(taken_back)


def test_somebody_with_a_landline_alone_is_offered_the_road_without_a_code(
    client: Client, maya: Actor
) -> None:
    ContactPoint.objects.filter(member=maya.member_id, kind="phone").update(takes_texts=False)
    page = client.get("/profile/contact/address").content.decode()
    assert 'value="now"' not in page and 'value="later"' in page


@pytest.mark.parametrize(
    ("path", "typed", "words"),
    [
        ("phone", {"phone": "555-CALL-ME"}, "Write the whole number in digits"),
        ("phone", {"phone": "٠١٢٣٤٥٦٧٨٩"}, "Write the whole number in digits"),
        ("phone", {"phone": "(212) 555-0142"}, "We have this one already"),
        ("phone", {"phone": "9" * 300}, "at most 40 characters"),
        ("email", {"email": "maya@new.example\r\nBcc: x@y.example"}, "in one line"),
        ("email", {"email": "maya at home"}, "Write the whole address"),
        ("email", {"email": "a" * 300 + "@new.example"}, "at most 200 characters"),
        ("address", {**ADDRESS, "street": "x" * 300}, "at most 80 characters"),
        ("address", {**ADDRESS, "street": "9 Alder\u202eRow"}, "as it stands on a letter"),
        ("address", {**ADDRESS, "street": "4111 1111 1111 1111"}, "as it stands on a letter"),
        ("address", {**ADDRESS, "postal_code": "SW1A 1AA"}, "does not fit the country"),
        ("address", {**ADDRESS, "state": "XX"}, "Write the state in two letters"),
        ("address", {**ADDRESS, "country": "ZZ"}, "Choose one of the countries"),
    ],
)
def test_what_cannot_be_taken_comes_back_with_how_to_mend_it(
    client: Client, maya: Actor, path: str, typed: dict[str, str], words: str
) -> None:
    answer = client.post(f"/profile/contact/{path}", {**typed, "road": "later"})
    assert answer.status_code == 422 and words in read(answer)
    assert not ContactChange.objects.exists()


def test_the_second_of_two_devices_is_told(client: Client, maya: Actor) -> None:
    phone = point(maya, "phone")
    form = {"point": phone.pk, "seen": 1, "phone": "518 555 0150", "road": "later"}
    answer = client.post("/profile/contact/phone", form)
    assert answer.status_code == 422 and "changed on another device" in read(answer)


def test_the_link_to_an_email_asks_first_and_then_counts(client: Client, maya: Actor) -> None:
    wish = change(strongly(change_email, maya, NOW, email=clean("maya@new.example")))
    address = f"/profile/contact/email/{token_of(EMAIL_LINK, wish.pk)}"
    page = read(client.get(address))
    assert "m•••@new.example" in page and len(points(maya, "email")) == 1
    assert "Done." in read(client.post(address, follow=True))
    assert "maya@new.example" in points(maya, "email")
    assert "It counts already" in read(client.get(address))
    assert Client().get(address).status_code == 401


def test_the_page_of_a_held_card_says_what_it_waits_for(client: Client, maya: Actor) -> None:
    strongly(change_address, maya, NOW, **HOME)
    card = next(card.token for card in cards_of(maya) if card.mine)
    replace_lost_card(by=maya, now=NOW, card=card)
    assert "Your card waits until we are sure of your new address" in read(client.get(f"/cards/{card}"))
    assert "waits until we are sure of your new address" in read(client.get("/profile/contact"))


def test_safe_contact_is_said_shown_and_taken_back(client: Client, maya: Actor) -> None:
    phone = point(maya, "phone")
    client.post("/profile/contact/safe", {"only": phone.pk, "no_voicemail": "on"})
    told = SafeContact.objects.get()
    assert (told.only_id, told.no_voicemail, told.no_post) == (phone.pk, True, False)
    assert "Only by the phone •••• 0142" in read(client.get("/profile/contact"))
    assert client.post("/profile/contact/safe", {"only": "12345"}).status_code == 422
    client.post("/profile/contact/safe", {"only": "0"})
    assert not SafeContact.objects.exists()


# ------------------------------------------------------------------------------------------------- not me


def test_the_link_shows_and_only_a_press_acts(client: Client, maya: Actor) -> None:
    moved = change(strongly(change_address, maya, NOW, **HOME))
    address = f"/not-me/{link(moved, 'letter').reveal()}"
    stranger = Client()
    page = stranger.get(address)
    assert page.status_code == 200 and "A postal address was changed" in read(page)
    for secret in ("Maya", "Okafor", "Alder", "Quince"):
        assert secret not in page.content.decode()
    assert points(maya, "post") == [AT_HOME]
    done = read(stranger.post(address, {"said": "not_me"}, follow=True))
    assert "What was changed is as it was before" in done
    assert points(maya, "post") != [AT_HOME]
    assert client.get("/profile/contact").status_code == 401  # she is signed out, too
    assert "as it was before" in read(stranger.post(address, {"said": "not_me"}, follow=True))


def test_it_was_me_is_offered_from_old_places_alone(maya: Actor) -> None:
    moved = change(strongly(change_address, maya, NOW, **HOME))
    assert "It was me" in read(Client().get(f"/not-me/{link(moved, 'letter').reveal()}"))
    mail = f"/not-me/{link(moved, 'email').reveal()}"
    assert "It was me" not in read(Client().get(mail))
    assert Client().post(mail, {"said": "me"}).status_code == 409
    Client().post(f"/not-me/{link(moved, 'text').reveal()}", {"said": "me"})
    assert ContactChange.objects.get(pk=moved.pk).validated_at is not None


def test_a_link_that_is_none_says_nothing(maya: Actor) -> None:
    moved = change(strongly(change_address, maya, NOW, **HOME))
    token = link(moved, "letter").reveal()
    plain = [
        re.sub(r"nonce-[^']+|csrf[^>]+|[0-9a-f]{12,}", "", read(Client().get(f"/not-me/{one}")))
        for one in ("nothing", token[:-1] + "x", "1-" + "A" * 24, "x" * 400)
    ]
    assert len(set(plain)) == 1 and "This link does not work" in plain[0]
    for one in ("nothing", token[:-1] + "x"):
        for answer in (Client().get(f"/not-me/{one}"), Client().post(f"/not-me/{one}", {"said": "not_me"})):
            assert answer.status_code == 404
    assert points(maya, "post") == [AT_HOME]
