"""A conversation belongs to another case of the same member, and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cardline.contact.models import Contact, Move
from cardline.desk.commands import add_note
from cardline.desk.tests.conftest import DISPUTE, Chat
from cardline.kit import clock
from cardline.kit.actors import Actor
from cardline.kit.redact import clean

Client = Any


@pytest.fixture
def two(chat_of: Callable[..., Chat], maya: Actor, ines: Actor) -> tuple[Chat, Chat]:
    """Two of Maya's, both in Ines's hands."""
    return chat_of(maya, "It is about the bakery", agent=ines), chat_of(
        maya, "The dispute", need=DISPUTE, agent=ines
    )


def attach(client: Client, contact: Chat, to: Chat) -> Any:
    return client.post(f"/desk/contacts/{contact.contact_id}/attachment", {"case": str(to.case_id)})


def test_a_conversation_goes_to_the_other_case_with_its_notes(
    two: tuple[Chat, Chat], cast: Any, ines: Actor, agent_client: Callable[..., Client]
) -> None:
    first, second = two
    client = agent_client(cast.ines)
    add_note(
        by=ines,
        now=clock.now(),
        case_id=first.case_id,
        contact_id=first.contact_id,
        text=clean("Bring the receipt"),
    )
    assert second.ref in client.get(first.page).content.decode(), "the other case is offered"
    assert attach(client, first, second)["Location"] == second.page
    page = client.get(second.page).content.decode()
    assert "It is about the bakery" in page
    assert "Bring the receipt" in page
    assert f"It came here from {first.ref}." in page
    left = client.get(first.page).content.decode()
    assert f"Its conversation is in {second.ref} now." in left
    assert '<p class="text">It is about the bakery' not in left


def test_it_comes_back_as_it_was(
    two: tuple[Chat, Chat], cast: Any, agent_client: Callable[..., Client]
) -> None:
    first, second = two
    client = agent_client(cast.ines)
    attach(client, first, second)
    move = Move.objects.get()
    assert client.post(f"/desk/moves/{move.pk}/undo")["Location"] == first.page
    assert Contact.objects.get(pk=first.contact_id).case_id == first.case_id
    assert '<p class="text">It is about the bakery' in client.get(first.page).content.decode()
    assert '<p class="text">It is about the bakery' not in client.get(second.page).content.decode()


def test_new_lines_of_an_attached_conversation_are_fetched_where_it_is_shown(
    two: tuple[Chat, Chat], cast: Any, maya: Actor, agent_client: Callable[..., Client]
) -> None:
    from cardline.contact.commands import send_message

    first, second = two
    client = agent_client(cast.ines)
    attach(client, first, second)
    assert f"case:{first.case_id}" in client.get(second.page).content.decode(), (
        "its news comes by its first topic"
    )
    send_message(by=maya, now=clock.now(), contact_id=first.contact_id, text=clean("Still there?"))
    assert (
        "Still there?" in client.get(f"{second.page}/lines", {"after": f"{first.case_id}.3"}).content.decode()
    )


def test_it_never_goes_to_another_member(
    two: tuple[Chat, Chat],
    cast: Any,
    chat_of: Callable[..., Chat],
    as_member: Callable[..., Actor],
    ines: Actor,
    agent_client: Callable[..., Client],
) -> None:
    first, _ = two
    strangers = chat_of(as_member(cast.luis), "Charged twice", agent=ines)
    client = agent_client(cast.ines)
    assert f'<option value="{strangers.case_id}">' not in client.get(first.page).content.decode()
    assert attach(client, first, strangers).status_code == 409


@pytest.mark.parametrize("case", ["", "x", "-1", "9" * 30])
def test_a_case_that_is_none_is_not_there(
    two: tuple[Chat, Chat], cast: Any, agent_client: Callable[..., Client], case: str
) -> None:
    client = agent_client(cast.ines)
    assert client.post(f"/desk/contacts/{two[0].contact_id}/attachment", {"case": case}).status_code == 404
