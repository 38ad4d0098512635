"""/approve: what colleagues ask a member on the member's own page, and answering it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from cardline.cases.models import Case
from cardline.contact.asks.commands import ask_in_app, ask_passcode
from cardline.contact.commands import take_contact
from cardline.contact.proofs.commands import send_code_to_member
from cardline.identity.models import Passcode
from cardline.identity.passcodes.rules import hash_of
from cardline.identity.queries import level_of
from cardline.identity.tests.phones import Texts, another
from cardline.issuer.core import current_core
from cardline.kit import clock, plugs
from cardline.kit.actors import Actor
from cardline.kit.redact import clean
from cardline.routing.commands import start_chat

pytestmark = pytest.mark.django_db
DIGITS = "481592"
PLACE = "Hotel Avenida, Lisbon, booked as Okafor"


def read(answer: Any) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


@pytest.fixture
def dana(cast: Any, as_agent: Callable[..., Actor]) -> Actor:
    return as_agent(cast.dana)


@pytest.fixture
def contact(cast: Any, as_member: Callable[..., Actor], dana: Actor) -> int:
    """Maya's, who is signed in nowhere yet, in Dana's hands."""
    told = start_chat(
        by=as_member(cast.maya, signed_in=False),
        now=clock.now(),
        need="lost_stolen.report",
        text=clean("It is me"),
        language="en",
        plan={},
    )
    take_contact(by=dana, now=clock.now(), contact_id=told["contact_id"])
    return int(told["contact_id"])


@pytest.fixture
def client(cast: Any, member_client: Callable[..., Client]) -> Client:
    """Maya's, signed in."""
    return member_client(cast.maya)


def ask(dana: Actor, contact: int, **exactly: Any) -> int:
    return ask_in_app(by=dana, now=clock.now(), contact_id=contact, **exactly)


def test_it_says_who_asks_and_what_for_and_a_yes_verifies(client: Client, dana: Actor, contact: int) -> None:
    assert "Nobody asks you anything just now." in read(client.get("/approve"))
    asked = ask(dana, contact)
    for page in ("/approve", "/approve/now", "/home"):
        said = read(client.get(page))
        assert "Dana from Card protection asks: is this you?" in said, page
        assert "Dana speaks with somebody who says they are you, in " in said, page
    answered = client.post(f"/approve/{asked}", {"answer": "yes"}, follow=True)
    assert "Thank you. Our colleague sees that it is you." in read(answered)
    assert level_of(dana, contact) == 2
    assert "is this you" not in read(client.get("/home"))


def test_for_one_action_the_page_says_exactly_which(
    cast: Any, client: Client, dana: Actor, contact: int
) -> None:
    card = current_core().cards(cast.maya.core_customer)[0]
    ask(dana, contact, wanted="card.order_emergency", arguments={"card": card.token, "place": PLACE})
    said = read(client.get("/approve"))
    assert "Send an emergency card" in said and card.last4 in said and PLACE in said


def test_what_cannot_be_said_exactly_is_asked_of_nobody(client: Client, dana: Actor, contact: int) -> None:
    ask(dana, contact, wanted="card.unfreeze", arguments={"card": "card_of_nobody"})
    assert "Nobody asks you anything just now." in read(client.get("/approve"))


def test_no_names_a_case_and_the_next_steps(cast: Any, client: Client, dana: Actor, contact: int) -> None:
    asked = ask(dana, contact)
    page = read(client.post(f"/approve/{asked}", {"answer": "no"}, follow=True))
    case = Case.objects.get(member=cast.maya, need="lost_stolen.scam_now")
    assert "Nothing was approved" in page and f"{case.ref[:3]}-{case.ref[3:]}" in page
    assert "Freeze a card" in page and level_of(dana, contact) == 0
    assert "Find out who spoke in your name, and tell you" in read(
        client.get(f"/contacts/{case.ref[:3]}-{case.ref[3:]}")
    )


def test_the_other_device_hears_that_it_is_done(
    cast: Any, client: Client, member_client: Callable[..., Client], dana: Actor, contact: int
) -> None:
    other, asked = member_client(cast.maya), ask(dana, contact)
    client.post(f"/approve/{asked}", {"answer": "yes"})
    late = read(other.post(f"/approve/{asked}", {"answer": "no"}, follow=True))
    assert "answered on another device of yours already: approved" in late
    assert level_of(dana, contact) == 2


def test_a_newer_question_makes_the_one_before_wait_no_longer(
    client: Client, dana: Actor, contact: int
) -> None:
    first = ask(dana, contact)
    ask(dana, contact)
    page = read(client.post(f"/approve/{first}", {"answer": "yes"}, follow=True))
    assert "This question waits no longer." in page and "is this you?" in page
    assert level_of(dana, contact) == 0


def test_an_answer_that_is_none_is_refused(client: Client, dana: Actor, contact: int) -> None:
    assert client.post(f"/approve/{ask(dana, contact)}", {"answer": "maybe"}).status_code == 422
    assert level_of(dana, contact) == 0


def test_the_passcode_goes_from_their_page_and_is_shown_nowhere(
    cast: Any, client: Client, dana: Actor, contact: int
) -> None:
    Passcode.objects.create(member=cast.maya, hash=hash_of(DIGITS), since=clock.now())
    asked = ask_passcode(by=dana, now=clock.now(), contact_id=contact)
    page = client.get("/approve")
    assert "Dana from Card protection asks for your telephone passcode" in read(page)
    assert "It is not the PIN of your card" in read(page)
    wrong = client.post(f"/approve/{asked}/passcode", {"passcode": "481593"})
    assert wrong.status_code == 422 and "That is not your telephone passcode. You have 4 tries left." in read(
        wrong
    )
    assert "481593" not in wrong.content.decode()
    right = client.post(f"/approve/{asked}/passcode", {"passcode": DIGITS}, follow=True)
    assert "Our colleague sees that it matched." in read(right) and level_of(dana, contact) == 2
    again = client.post(f"/approve/{asked}/passcode", {"passcode": DIGITS}, follow=True)
    assert "This question waits no longer." in read(again)


def test_the_desks_code_is_entered_here_and_the_chat_leads_here(
    cast: Any, client: Client, dana: Actor, contact: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = Texts()
    monkeypatch.setattr(plugs, "codes", texts)
    phone = cast.maya.points.get(kind="phone")
    send_code_to_member(by=dana, now=clock.now(), contact_id=contact, point_id=phone.pk)
    assert "Dana from Card protection had a code sent to your phone" in read(client.get("/approve/now"))
    ref = Case.objects.get(member=cast.maya).ref
    assert "Show Dana Whitfield that it is you" in read(client.get(f"/chat/{ref[:3]}-{ref[3:]}-1"))
    wrong = client.post(f"/approve/codes/{contact}", {"code": another(texts.code).reveal()})
    assert wrong.status_code == 422 and "That is not the code" in read(wrong)
    right = client.post(f"/approve/codes/{contact}", {"code": texts.code.reveal()}, follow=True)
    assert "it matched" in read(right) and level_of(dana, contact) == 2


def test_a_locked_account_is_told_until_when(cast: Any, client: Client, dana: Actor, contact: int) -> None:
    Passcode.objects.create(member=cast.maya, hash=hash_of(DIGITS), since=clock.now())
    asked = ask_passcode(by=dana, now=clock.now(), contact_id=contact)
    for _ in range(5):
        client.post(f"/approve/{asked}/passcode", {"passcode": "481593"})
    page = read(client.get("/approve"))
    assert "Too many tries did not match. You can try again at" in page and "Enter the passcode" not in page


def test_others_find_nothing(
    cast: Any, client: Client, member_client: Callable[..., Client], dana: Actor, contact: int
) -> None:
    asked, stranger = ask(dana, contact), member_client(cast.luis)
    assert "Nobody asks you anything" in read(stranger.get("/approve"))
    assert stranger.post(f"/approve/{asked}", {"answer": "yes"}).status_code == 404
    assert stranger.post(f"/approve/codes/{contact}", {"code": "123456"}).status_code == 404
    assert Client().get("/approve").status_code == 401
    assert level_of(dana, contact) == 0
