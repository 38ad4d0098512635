"""The desk's page of an exceptional verification, what waits on the floor, and asking in the app from the panel."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from cardline.audit.models import View
from cardline.cards.models import EmergencyCard
from cardline.contact.asks.commands import answer_ask
from cardline.contact.tests.people import browser
from cardline.desk.tests.conftest import Chat
from cardline.identity.models import Ask, EmergencyContact, Exceptional, Passcode
from cardline.identity.passcodes.rules import hash_of
from cardline.identity.queries import guest, level_of
from cardline.identity.tests.phones import Texts
from cardline.issuer.core import current_core
from cardline.kit import clock, plugs
from cardline.kit.actors import Actor

pytestmark = pytest.mark.django_db
PLACE = "Hotel Avenida, Lisbon, booked as Okafor"


def read(answer: Any) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


@pytest.fixture
def chat(chat_of: Callable[..., Chat], cast: Any, as_member: Callable[..., Actor], dana: Actor) -> Chat:
    """Maya's, who is signed in nowhere, in Dana's hands."""
    return chat_of(as_member(cast.maya, signed_in=False), agent=dana)


@pytest.fixture
def desk(cast: Any, agent_client: Callable[..., Client]) -> Client:
    """Dana's."""
    return agent_client(cast.dana)


@pytest.fixture
def floor(cast: Any, agent_client: Callable[..., Client]) -> Client:
    """Ines', who supervises."""
    return agent_client(cast.ines)


@pytest.fixture
def vouching(cast: Any) -> EmergencyContact:
    since = clock.now() - timedelta(days=90)
    return EmergencyContact.objects.create(
        member=cast.maya, name="Ada Okafor", phone="+1 212 555 0177", since=since
    )


@pytest.fixture
def card(cast: Any) -> str:
    return current_core().cards(cast.maya.core_customer)[0].token


def step(client: Client, chat: Chat, what: str, **form: Any) -> Any:
    one = Exceptional.objects.filter(contact=chat.contact_id).order_by("-pk").first()
    form = {"step": what, **({"one": one.pk} if one else {}), **form}
    return client.post(f"/desk/contacts/{chat.contact_id}/exceptional", form, follow=True)


def prove(desk: Client, chat: Chat) -> Any:
    step(desk, chat, "prove", proof="emergency_contact", note="She flew to Lisbon")
    return step(desk, chat, "prove", proof="passport_at_handover", note="Reception of the hotel")


def test_from_key_v_to_a_card_at_the_hotel(
    desk: Client, floor: Client, chat: Chat, dana: Actor, vouching: EmergencyContact, card: str
) -> None:
    assert "Stranded: exceptional verification" in read(desk.get(chat.page))
    assert "Begin one" in read(desk.get(f"/desk/contacts/{chat.contact_id}/exceptional"))
    begun = read(step(desk, chat, "begin", why="In Lisbon, all stolen"))
    assert "Ada Okafor" in begun and "+1 212 555 0177" in begun and "Confirm or refuse" not in begun
    waiting = read(floor.get("/floor/exceptional"))
    assert "Maya Okafor" in waiting and "a proof is missing" in waiting
    assert "Enough is proved" in read(prove(desk, chat))
    assert "ready to confirm" in read(floor.get("/floor/exceptional"))
    assert "It stands until" in read(step(floor, chat, "confirm"))
    page = read(desk.get(f"/desk/contacts/{chat.contact_id}/exceptional"))
    assert "freeze the card" in page and "tell statements" not in page
    assert "Exceptional verification until" in read(desk.get(chat.page))
    desk.post(f"/desk/contacts/{chat.contact_id}/cards/{card}/freeze")
    done = read(step(desk, chat, "order", card=card, place=PLACE))
    assert f"handed over at: {PLACE}" in done and EmergencyCard.objects.get().place == PLACE
    assert level_of(dana, chat.contact_id) == 0
    assert "Nobody waits." in read(floor.get("/floor/exceptional"))
    ended = read(step(desk, chat, "end", why="She is home"))
    assert "Ended by Dana Whitfield: “She is home”" in ended and "Begin one" in ended


def test_whoever_began_it_is_no_second_person_and_agents_confirm_nothing(
    desk: Client, floor: Client, cast: Any, chat: Chat, vouching: EmergencyContact
) -> None:
    step(desk, chat, "begin", why="In Lisbon, all stolen")
    prove(desk, chat)
    assert step(desk, chat, "confirm").status_code == 403
    floor.post(f"/desk/contacts/{chat.contact_id}/takeover")
    step(floor, chat, "prove", proof="document")
    Exceptional.objects.update(asked_by=cast.ines)
    page = read(floor.get(f"/desk/contacts/{chat.contact_id}/exceptional"))
    assert "Ask another supervisor" in page and "I looked at both proofs" not in page
    assert step(floor, chat, "confirm").status_code == 403
    assert Exceptional.objects.get().state == "asked"


def test_what_is_missing_is_said_on_the_page_and_what_was_typed_stays(
    desk: Client, floor: Client, chat: Chat
) -> None:
    assert "Say why, in at most 400 characters." in read(step(desk, chat, "begin", why=" "))
    step(desk, chat, "begin", why="In Lisbon, all stolen")
    refused = step(desk, chat, "prove", proof="emergency_contact")
    assert refused.status_code == 409 and "No emergency contact has been on file" in read(refused)
    assert "Choose a picture or PDF" in read(step(desk, chat, "prove", proof="document", file="x"))
    assert "Two independent proofs are needed" in read(step(floor, chat, "confirm"))
    assert "Say why" in read(step(floor, chat, "refuse", why=""))
    refused = read(step(floor, chat, "refuse", why="The sister knows of no journey"))
    assert "Refused by Ines Galvão: “The sister knows of no journey”" in refused
    assert step(desk, chat, "what").status_code == 422


def test_a_visitor_is_found_and_the_look_at_them_is_written_down(
    desk: Client,
    floor: Client,
    cast: Any,
    dana: Actor,
    chat_of: Callable[..., Chat],
    vouching: EmergencyContact,
) -> None:
    chat = chat_of(guest("the hotel's computer"), agent=dana)
    assert "Stranded: exceptional verification" in read(desk.get(chat.page))
    wrong = step(desk, chat, "begin", why="In Lisbon", name="Maya Okafor", fact="000 000 0000")
    assert "points to nobody" in read(wrong) and 'value="In Lisbon"' in wrong.content.decode()
    phone = cast.maya.points.get(kind="phone").value
    assert not View.objects.filter(member=cast.maya).exists()
    found = step(desk, chat, "begin", why="In Lisbon", name="Maya Okafor", fact=phone)
    assert "Exceptional verification: Maya Okafor" in read(found)
    assert View.objects.filter(member=cast.maya, page="exceptional").exists()
    prove(desk, chat)
    step(floor, chat, "confirm")
    assert "Card ending" in read(desk.get(f"/desk/contacts/{chat.contact_id}/exceptional"))


def test_strangers_have_no_such_page(
    cast: Any, chat: Chat, agent_client: Callable[..., Client], member_client: Callable[..., Client]
) -> None:
    address = f"/desk/contacts/{chat.contact_id}/exceptional"
    assert agent_client(cast.priya).get(address).status_code == 404
    assert member_client(cast.maya).get(address).status_code == 404
    assert agent_client(cast.dana).get("/floor/exceptional").status_code == 403


# ----------------------------------------------------------------------------------------- asking from the panel


def test_the_panel_asks_in_the_app_and_says_what_came_of_it(
    desk: Client, cast: Any, dana: Actor, chat: Chat, as_member: Callable[..., Actor]
) -> None:
    asks = f"/desk/contacts/{chat.contact_id}/approval"
    page = read(desk.get(chat.page))
    assert "nobody can be asked in the app" in page and "They say yes or no" not in page
    assert desk.post(asks).status_code == 409
    there = browser(as_member(cast.maya, signed_in=False), "her phone")
    assert "They say yes or no on their own page." in read(desk.get(chat.page))
    assert "Asked in the app at" in read(desk.post(asks, follow=True))
    answer_ask(by=there, now=clock.now(), ask_id=Ask.objects.get().pk, approved=True)
    page = read(desk.get(chat.page))
    assert "Approved in the app at" in page and "Verified, level 2 of 3" in page
    assert level_of(dana, chat.contact_id) == 2


def test_the_panel_says_not_me(desk: Client, cast: Any, chat: Chat, as_member: Callable[..., Actor]) -> None:
    there = browser(as_member(cast.maya, signed_in=False), "her phone")
    desk.post(f"/desk/contacts/{chat.contact_id}/approval")
    answer_ask(by=there, now=clock.now(), ask_id=Ask.objects.get().pk, approved=False)
    page = read(desk.get(chat.page))
    assert "“This is not me”, said in the app at" in page and "1 check went wrong" in page


def test_the_passcode_is_asked_for_where_there_is_one(
    desk: Client, cast: Any, chat: Chat, as_member: Callable[..., Actor]
) -> None:
    browser(as_member(cast.maya, signed_in=False), "her phone")
    asks = f"/desk/contacts/{chat.contact_id}/passcode"
    assert "Ask for the telephone passcode" not in read(desk.get(chat.page))
    assert desk.post(asks).status_code == 409
    Passcode.objects.create(member=cast.maya, hash=hash_of("481592"), since=clock.now())
    assert "Ask for the telephone passcode" in read(desk.get(chat.page))
    assert "Asked for the telephone passcode at" in read(desk.post(asks, follow=True))


def test_a_number_that_changed_hands_is_marked(
    desk: Client, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Ported:
        def number_changed_since(self, number: str) -> Any:
            return clock.now() - timedelta(days=29)

    monkeypatch.setattr(plugs, "codes", Texts())
    assert "use another way" not in read(desk.get(chat.page))
    monkeypatch.setattr(plugs, "numbers", Ported())
    assert read(desk.get(chat.page)).count("this number changed recently: use another way") == 2


def test_an_emergency_card_for_somebody_verified_takes_a_yes_to_exactly_that(
    desk: Client,
    cast: Any,
    dana: Actor,
    chat_of: Callable[..., Chat],
    as_member: Callable[..., Actor],
    card: str,
) -> None:
    """No exception: a session in which they chat, and a yes on another device, to this card and this place."""
    laptop = as_member(cast.maya)
    chat = chat_of(laptop, agent=dana)
    assert "Emergency card where they are" in read(desk.get(chat.page))
    there = browser(laptop, "her phone")
    desk.post(f"/desk/contacts/{chat.contact_id}/cards/{card}/freeze")
    assert step(desk, chat, "order", card=card, place=PLACE).status_code == 403
    asked = read(step(desk, chat, "ask", card=card, place=PLACE))
    assert "Order an emergency card" not in asked
    answer_ask(by=there, now=clock.now(), ask_id=Ask.objects.get().pk, approved=True)
    page = read(desk.get(f"/desk/contacts/{chat.contact_id}/exceptional"))
    assert f"They approved it in the app, to be handed over at: {PLACE}" in page
    assert step(desk, chat, "order", card=card, place=f"{PLACE} 2").status_code == 403
    assert "Emergency card ordered" in read(step(desk, chat, "order", card=card, place=PLACE))
