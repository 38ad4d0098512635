"""A member's contact data on the desk: masked, changed at the level reached, decided by somebody else."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from cardline.cards.commands import replace_card
from cardline.cards.models import Hold
from cardline.cards.queries import cards_of
from cardline.contact.proofs.commands import record_call_back
from cardline.contactdata.changes.commands import change_address
from cardline.contactdata.notices.commands import was_not_me
from cardline.contactdata.tests.scene import AT_HOME, HOME, change, link, point, points, strongly
from cardline.kit import clock
from cardline.kit.actors import SYSTEM, Actor
from cardline.members.models import ContactChange, SafeContact
from conftest import NOW

DETAILS = "info.contact_details"


def read(answer: Any) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


@pytest.fixture
def jonah(cast: Any, as_agent: Callable[..., Actor]) -> Actor:
    return as_agent(cast.jonah)


@pytest.fixture
def client(cast: Any, agent_client: Callable[..., Client]) -> Client:
    clock.set_offset(NOW - clock.machine_now())
    return agent_client(cast.jonah)


@pytest.fixture
def page(maya: Actor) -> str:
    return f"/desk/members/{maya.member_id}/contact-data"


@pytest.fixture
def talk(maya: Actor, jonah: Actor, chat_of: Any, client: Client) -> Any:
    """A conversation in Jonah's hands, from an open session of nobody we know surely."""
    return chat_of(maya, need=DETAILS, agent=jonah)


def proved(maya: Actor, jonah: Actor, talk: Any) -> None:
    record_call_back(by=jonah, now=NOW, contact_id=talk.contact_id, point_id=point(maya, "phone").pk)


def test_everything_is_shown_in_part_and_the_look_has_its_link(
    client: Client, maya: Actor, talk: Any, page: str
) -> None:
    shown = client.get(page).content.decode()
    for words in ("•••• 0142", "m•••@example.com", "Postal address on file"):
        assert words in shown
    assert "555 0142" not in shown and "Quince" not in shown
    assert page in client.get(talk.page).content.decode()


def test_at_level_2_a_change_is_taken_down_to_wait(
    client: Client, maya: Actor, jonah: Actor, talk: Any, page: str
) -> None:
    proved(maya, jonah, talk)
    typed = {name: str(value) for name, value in HOME.items()}
    assert client.post(page, {"kind": "post", **typed}).status_code == 302
    wish = ContactChange.objects.get()
    assert (wish.state, wish.why_waits, wish.asked_by) == ("waiting", "delay", jonah.key)
    shown = read(client.get(page))
    assert "so a colleague decides it" in shown
    answer = client.post(f"{page}/changes/{wish.pk}", {"what": "approve", "how": "I know her"})
    assert answer.status_code == 403
    assert points(maya, "post") != [AT_HOME]


def test_a_colleague_decides_and_says_how(
    client: Client, maya: Actor, jonah: Actor, talk: Any, page: str
) -> None:
    proved(maya, jonah, talk)
    client.post(page, {"kind": "phone", "phone": "518 555 0150"})
    wish = ContactChange.objects.get()
    ContactChange.objects.filter(pk=wish.pk).update(asked_by="agent:0")  # somebody else took it down
    assert client.post(f"{page}/changes/{wish.pk}", {"what": "approve", "how": " "}).status_code == 422
    assert (
        client.post(f"{page}/changes/{wish.pk}", {"what": "approve", "how": "Bill seen"}).status_code == 302
    )
    assert "+15185550150" in points(maya, "phone")
    assert "Bill seen" in read(client.get(page))


def test_what_cannot_be_read_comes_back_as_it_was_typed(
    client: Client, maya: Actor, jonah: Actor, talk: Any, page: str
) -> None:
    proved(maya, jonah, talk)
    answer = client.post(page, {"kind": "email", "email": "maya at home"})
    assert answer.status_code == 422
    assert "Write the whole address" in read(answer) and "maya at home" in answer.content.decode()
    assert client.post(page, {"kind": "nothing"}).status_code == 422


def test_a_refused_document_says_why_to_the_member(
    client: Client, maya: Actor, jonah: Actor, talk: Any, page: str, cast: Any, member_client: Any
) -> None:
    proved(maya, jonah, talk)
    client.post(page, {"kind": "phone", "phone": "518 555 0150"})
    wish = ContactChange.objects.get()
    ContactChange.objects.filter(pk=wish.pk).update(asked_by="agent:0")
    client.post(f"{page}/changes/{wish.pk}", {"what": "refuse", "reason": "wrong_person", "how": "Luis’s"})
    own = read(member_client(cast.maya).get("/profile/contact"))
    assert "The document is somebody else’s" in own and "Luis" not in own


def test_a_held_card_is_sent_once_somebody_is_sure_of_the_address(
    client: Client, maya: Actor, jonah: Actor, talk: Any, page: str
) -> None:
    moved = change(strongly(change_address, maya, NOW, **HOME))
    card = next(card.token for card in cards_of(maya) if card.mine)
    replace_card(by=maya, now=NOW, card=card)
    assert "A new card for 4471" in read(client.get(page))
    client.post(f"{page}/changes/{moved.pk}", {"what": "sure", "how": "Called the number on file"})
    assert Hold.objects.get().state == "released"
    assert "A new card for 4471" not in read(client.get(page))


def test_a_held_card_may_be_refused(client: Client, maya: Actor, talk: Any, page: str) -> None:
    strongly(change_address, maya, NOW, **HOME)
    card = next(card.token for card in cards_of(maya) if card.mine)
    replace_card(by=maya, now=NOW, card=card)
    held = Hold.objects.get()
    assert client.post(f"{page}/held/{held.pk}", {"why": ""}).status_code == 422
    client.post(f"{page}/held/{held.pk}", {"why": "They did not ask"})
    held.refresh_from_db()
    assert held.state == "refused"


def test_a_dispute_is_settled_where_it_stands(client: Client, maya: Actor, talk: Any, page: str) -> None:
    moved = change(strongly(change_address, maya, NOW, **HOME))
    was_not_me(by=SYSTEM, now=NOW, token=link(moved, "letter"))
    assert "taken back after “not me”" in read(client.get(page))
    client.post(f"{page}/changes/{moved.pk}", {"what": "was_member", "how": "Called back, facts matched"})
    assert points(maya, "post") == [AT_HOME]


def test_safe_contact_is_noted_at_level_2_and_stands_beside_the_name(
    client: Client, maya: Actor, jonah: Actor, talk: Any, page: str
) -> None:
    phone = point(maya, "phone")
    proved(maya, jonah, talk)
    client.post(f"{page}/safe", {"only": phone.pk, "no_voicemail": "on"})
    assert SafeContact.objects.get().only_id == phone.pk
    assert "Reach them by •••• 0142 only" in read(client.get(talk.page))


def test_who_sees_no_case_of_theirs_gets_nothing(
    client: Client, maya: Actor, cast: Any, agent_client: Any, page: str
) -> None:
    assert client.get(page).status_code == 404
    for path in (f"{page}/changes/1", f"{page}/held/1", f"{page}/safe"):
        assert client.post(path, {}).status_code in (404, 403, 422)
    assert client.get("/desk/members/99999999999999999999/contact-data").status_code == 404
