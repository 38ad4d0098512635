"""The page of a conversation: it answers its own people, refuses others, and loses nothing that was typed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from cardline.cases.models import Entry
from cardline.contact.commands import (
    answer_summary,
    end_contact,
    propose_summary,
    send_message,
    take_contact,
)
from cardline.demo.people import actor_of
from cardline.kit import clock
from cardline.kit.actors import Actor
from cardline.kit.redact import clean
from cardline.promises.commands import make_promise

NEED = "dispute.unrecognised_charge"
JSON = {"Accept": "application/json"}
Clients = Callable[..., Client]
Chats = Callable[..., dict[str, Any]]


@pytest.fixture
def maya(cast: Any, as_member: Any) -> Actor:
    actor: Actor = as_member(cast.maya)
    return actor


@pytest.fixture
def priya(cast: Any, as_agent: Any) -> Actor:
    actor: Actor = as_agent(cast.priya)
    return actor


def summed_up(priya: Actor, chat: dict[str, Any], did: str = "Opened a dispute for $48.20.") -> None:
    """Answered, promised, and the three lines put before the member."""
    now = clock.now()
    take_contact(by=priya, now=now, contact_id=chat["contact_id"])
    make_promise(
        by=priya,
        now=now,
        case_id=chat["case_id"],
        contact_id=chat["contact_id"],
        text=clean("tell you our decision"),
        due_at=now + timedelta(days=9),
        due_zone="America/New_York",
        source="person",
    )
    propose_summary(
        by=priya,
        now=now,
        contact_id=chat["contact_id"],
        need=NEED,
        outcome="dispute_opened",
        next_step=clean("merchant's record"),
        did=clean(did),
        you=clean("Keep the receipt."),
    )


def page(client: Client, chat: dict[str, Any], part: str = "") -> str:
    return client.get(f"/chat/{chat['reference']}{part}").content.decode()


# ------------------------------------------------------------------------------------------------- who gets it


def test_the_reference_stands_on_the_page_from_the_first_word(
    maya: Actor, cast: Any, chat_of: Chats, member_client: Clients
) -> None:
    chat = chat_of(maya)
    assert chat["reference"] in page(member_client(cast.maya), chat)


@pytest.mark.parametrize("part", ["", "/entries", "/summary"])
def test_a_stranger_gets_what_an_unknown_reference_gets(
    maya: Actor, cast: Any, chat_of: Chats, member_client: Clients, part: str
) -> None:
    chat, stranger = chat_of(maya), member_client(cast.luis)
    theirs = stranger.get(f"/chat/{chat['reference']}{part}")
    nobodys = stranger.get(f"/chat/7K4-29QM-1{part}")
    assert theirs.status_code == nobodys.status_code == 404
    assert without_id(theirs) == without_id(nobodys)


def without_id(answer: Any) -> bytes:
    """The answer less what chance puts into every one: the request's id and the nonce of scripts."""
    return re.sub(rb'nonce="[^"]*"', b"", bytes(answer.content).replace(answer["X-Request-Id"].encode(), b""))


@pytest.mark.parametrize("part", ["/messages", "/verdict"])
def test_a_stranger_says_nothing_in_it(
    maya: Actor, cast: Any, chat_of: Chats, member_client: Clients, part: str
) -> None:
    chat = chat_of(maya)
    before = Entry.objects.count()
    answer = member_client(cast.luis).post(
        f"/chat/{chat['reference']}{part}", {"text": "hello", "round": "1", "verdict": "right"}
    )
    assert answer.status_code == 404
    assert Entry.objects.count() == before


def test_a_colleague_uses_the_desk(
    maya: Actor, cast: Any, priya: Actor, chat_of: Chats, agent_client: Clients
) -> None:
    chat = chat_of(maya)
    assert agent_client(cast.priya).get(f"/chat/{chat['reference']}").status_code == 404


def test_the_page_asks_the_database_little(
    maya: Actor,
    cast: Any,
    chat_of: Chats,
    member_client: Clients,
    django_assert_max_num_queries: Any,
) -> None:
    chat, client = chat_of(maya), member_client(cast.maya)
    for number in range(20):
        send_message(by=maya, now=clock.now(), contact_id=chat["contact_id"], text=clean(f"more {number}"))
    with django_assert_max_num_queries(11):
        page(client, chat)


# ----------------------------------------------------------------------------------------------------- sending


def test_a_message_is_sent_by_a_plain_form(
    maya: Actor, cast: Any, chat_of: Chats, member_client: Clients
) -> None:
    chat, client = chat_of(maya), member_client(cast.maya)
    answer = client.post(
        f"/chat/{chat['reference']}/messages", {"text": "It was $48.20", "key": "message-key-1"}
    )
    assert answer.status_code == 302
    assert "It was $48.20" in page(client, chat)


def test_a_message_sent_twice_stands_once(
    maya: Actor, cast: Any, chat_of: Chats, member_client: Clients
) -> None:
    chat, client = chat_of(maya), member_client(cast.maya)
    answers = [
        client.post(
            f"/chat/{chat['reference']}/messages", {"text": "once", "key": "message-key-1"}, headers=JSON
        )
        for _ in range(2)
    ]
    assert answers[0].json() == answers[1].json()
    assert Entry.objects.filter(kind="message", text="once").count() == 1


def test_a_session_that_ended_keeps_the_text(maya: Actor, chat_of: Chats) -> None:
    chat = chat_of(maya)
    plain = Client().post(f"/chat/{chat['reference']}/messages", {"text": "do not lose me"})
    fetched = Client().post(f"/chat/{chat['reference']}/messages", {"text": "do not lose me"}, headers=JSON)
    assert plain.status_code == fetched.status_code == 401
    assert b"do not lose me" in plain.content
    assert fetched.json()["code"] == "sign_in_needed"


def test_nothing_is_said_after_the_end(
    maya: Actor, priya: Actor, cast: Any, chat_of: Chats, member_client: Clients
) -> None:
    chat, client = chat_of(maya), member_client(cast.maya)
    summed_up(priya, chat)
    end_contact(by=priya, now=clock.now(), contact_id=chat["contact_id"])
    answer = client.post(f"/chat/{chat['reference']}/messages", {"text": "one more thing"})
    assert answer.status_code == 409
    assert b"one more thing" in answer.content
    assert 'data-controller="chat"' not in page(client, chat)


# ------------------------------------------------------------------------------------------------ hostile text


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "&lt;b&gt;",
    ],
)
def test_markup_is_shown_as_it_was_written(
    maya: Actor, cast: Any, chat_of: Chats, member_client: Clients, text: str
) -> None:
    chat = chat_of(maya, text)
    shown = page(member_client(cast.maya), chat)
    assert text not in shown
    assert (
        text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;") in shown
    )


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_an_empty_message_is_refused_kindly(
    maya: Actor, cast: Any, chat_of: Chats, member_client: Clients, text: str
) -> None:
    chat = chat_of(maya)
    answer = member_client(cast.maya).post(f"/chat/{chat['reference']}/messages", {"text": text})
    assert answer.status_code == 422
    assert "Write something first" in answer.content.decode()


def test_a_megabyte_is_refused_and_comes_back(
    maya: Actor, cast: Any, chat_of: Chats, member_client: Clients
) -> None:
    chat, text = chat_of(maya), "one megabyte " * 80_000
    answer = member_client(cast.maya).post(f"/chat/{chat['reference']}/messages", {"text": text})
    assert answer.status_code == 422
    assert text.strip().encode() in answer.content


@pytest.mark.parametrize("text", ["a\x00b", "bell\x07", "\u202eeb ot thgir\u202c", "مرحبا", "‏שלום", "👩‍👩‍👧"])
def test_any_writing_is_taken(
    maya: Actor, cast: Any, chat_of: Chats, member_client: Clients, text: str
) -> None:
    chat, client = chat_of(maya), member_client(cast.maya)
    answer = client.post(f"/chat/{chat['reference']}/messages", {"text": text}, headers=JSON)
    assert answer.status_code == 201
    assert client.get(f"/chat/{chat['reference']}").status_code == 200


def test_a_card_number_never_reaches_the_page(
    maya: Actor, cast: Any, chat_of: Chats, member_client: Clients
) -> None:
    chat, client = chat_of(maya), member_client(cast.maya)
    client.post(f"/chat/{chat['reference']}/messages", {"text": "it is 3782 822463 10005"})
    assert "822463" not in page(client, chat)


# ----------------------------------------------------------------------------------------------- where it stands


def test_the_place_in_line_is_said_and_an_unknown_wait_is_not_said(
    maya: Actor, priya: Actor, cast: Any, chat_of: Chats, as_member: Any, member_client: Clients
) -> None:
    chat_of(as_member(cast.luis), minutes_ago=9)
    shown = page(member_client(cast.maya), chat_of(maya))
    assert "You are number 2 in line." in shown
    assert "Wait:" not in shown


def test_whoever_answers_is_named(
    maya: Actor, priya: Actor, cast: Any, chat_of: Chats, member_client: Clients
) -> None:
    chat = chat_of(maya)
    take_contact(by=priya, now=clock.now(), contact_id=chat["contact_id"])
    assert "You are talking with Priya Raman." in page(member_client(cast.maya), chat)


def test_a_message_shows_by_when_we_answer(
    maya: Actor, cast: Any, chat_of: Chats, member_client: Clients
) -> None:
    shown = page(member_client(cast.maya), chat_of(maya, message=True))
    assert "We will answer your message" in shown
    assert "by " in shown


def test_somebody_who_left_the_desk_is_not_waited_for_in_silence(
    maya: Actor, cast: Any, priya: Actor, chat_of: Chats, member_client: Clients
) -> None:
    from cardline.staff.commands import set_presence

    chat = chat_of(maya)
    set_presence(by=priya, now=clock.now(), state="away")
    assert "Nobody is at the desk right now." in page(member_client(cast.maya), chat)


def test_the_three_lines_ask_for_a_verdict_once(
    maya: Actor, priya: Actor, cast: Any, chat_of: Chats, member_client: Clients
) -> None:
    chat, client = chat_of(maya), member_client(cast.maya)
    summed_up(priya, chat)
    shown = page(client, chat)
    assert "Opened a dispute for $48.20." in shown
    assert "Tell you our decision, by " in shown
    assert "Keep the receipt." in shown
    answer = client.post(f"/chat/{chat['reference']}/verdict", {"round": "1", "verdict": "right"})
    assert answer.status_code == 302
    shown = page(client, chat)
    assert "You said these lines are right." in shown
    assert 'name="verdict"' not in shown


def test_not_quite_comes_with_the_member_s_words(
    maya: Actor, priya: Actor, cast: Any, chat_of: Chats, member_client: Clients
) -> None:
    chat, client = chat_of(maya), member_client(cast.maya)
    summed_up(priya, chat)
    client.post(
        f"/chat/{chat['reference']}/verdict", {"round": "1", "verdict": "not_quite", "text": "It was $84.20"}
    )
    shown = page(client, chat)
    assert "You said: not quite." in shown
    assert "It was $84.20" in shown


def test_nobody_agrees_to_lines_that_changed_meanwhile(
    maya: Actor, priya: Actor, cast: Any, chat_of: Chats, member_client: Clients
) -> None:
    chat, client = chat_of(maya), member_client(cast.maya)
    summed_up(priya, chat)
    summed_up_again = propose_summary(
        by=priya,
        now=clock.now(),
        contact_id=chat["contact_id"],
        need=NEED,
        outcome="dispute_opened",
        next_step=clean("x"),
        did=clean("Something else."),
        you=clean("Nothing."),
    )
    assert summed_up_again == 2
    answer = client.post(f"/chat/{chat['reference']}/verdict", {"round": "1", "verdict": "right"})
    assert answer.status_code == 409


@pytest.mark.parametrize(
    "posted",
    [
        {},
        {"round": "1"},
        {"round": "x", "verdict": "right"},
        {"round": "1", "verdict": "maybe"},
        {"round": "99999"},
    ],
)
def test_a_verdict_that_is_none_is_refused(
    maya: Actor, cast: Any, chat_of: Chats, member_client: Clients, posted: dict[str, str]
) -> None:
    chat = chat_of(maya)
    assert member_client(cast.maya).post(f"/chat/{chat['reference']}/verdict", posted).status_code == 422


def test_after_the_end_there_is_the_receipt(
    maya: Actor, priya: Actor, cast: Any, chat_of: Chats, member_client: Clients
) -> None:
    chat = chat_of(maya)
    summed_up(priya, chat)
    answer_summary(
        by=maya, now=clock.now(), contact_id=chat["contact_id"], round=1, right=True, text=clean("")
    )
    end_contact(by=priya, now=clock.now(), contact_id=chat["contact_id"])
    shown = page(member_client(cast.maya), chat)
    assert "See your receipt" in shown
    assert f"/contacts/{chat['reference'][:-2]}" in shown


# ------------------------------------------------------------------------------------------- what came meanwhile


def test_polling_brings_each_entry_once_with_its_words(
    maya: Actor, priya: Actor, cast: Any, chat_of: Chats, member_client: Clients
) -> None:
    chat, client = chat_of(maya), member_client(cast.maya)
    first = client.get(f"/chat/{chat['reference']}/entries?after=0", headers=JSON).json()
    take_contact(by=priya, now=clock.now(), contact_id=chat["contact_id"])
    send_message(by=priya, now=clock.now(), contact_id=chat["contact_id"], text=clean("Hello Maya"))
    later = client.get(f"/chat/{chat['reference']}/entries?after={first['last']}", headers=JSON).json()
    assert [entry["kind"] for entry in later["entries"]][0] == "contact.answered"
    assert later["entries"][0]["says"] == "Priya Raman is here now and sees everything you wrote"
    assert later["entries"][1]["text"] == "Hello Maya"
    again = client.get(f"/chat/{chat['reference']}/entries?after={later['last']}", headers=JSON).json()
    assert again == {"entries": [], "last": later["last"]}


def test_what_is_for_colleagues_only_is_not_among_it(
    maya: Actor, priya: Actor, cast: Any, chat_of: Chats, member_client: Clients
) -> None:
    from cardline.cases.commands import classify_case

    chat = chat_of(maya)
    classify_case(by=priya, now=clock.now(), case_id=chat["case_id"], need="dispute.duplicate_charge")
    answer = member_client(cast.maya).get(f"/chat/{chat['reference']}/entries", headers=JSON).json()
    assert "case.classified" not in [entry["kind"] for entry in answer["entries"]]


@pytest.mark.parametrize("after", ["-1", "abc", "", "99999999999999999999", "1.5", "²"])
def test_an_odd_number_to_begin_from_is_the_beginning(
    maya: Actor, cast: Any, chat_of: Chats, member_client: Clients, after: str
) -> None:
    chat = chat_of(maya)
    answer = member_client(cast.maya).get(
        f"/chat/{chat['reference']}/entries", {"after": after}, headers=JSON
    )
    assert answer.status_code == 200
    assert answer.json()["entries"]


def test_polling_without_a_session_says_so(maya: Actor, chat_of: Chats) -> None:
    chat = chat_of(maya)
    assert Client().get(f"/chat/{chat['reference']}/entries", headers=JSON).status_code == 401


def test_it_reads_in_spanish(maya: Actor, cast: Any, chat_of: Chats, member_client: Clients) -> None:
    chat, client = chat_of(maya), member_client(cast.maya)
    client.cookies["cardline_language"] = "es"
    assert '<html lang="es"' in page(client, chat)


def test_a_guest_s_actor_is_their_token(cast: Any, chat_of: Chats) -> None:
    # The actor of a session is worked out afresh; a member's number is no way into a guest's chat.
    from cardline.identity.queries import guest

    chat = chat_of(guest("a-token-of-chance"))
    client = Client()
    client.force_login(cast.maya.user, backend="cardline.identity.backend.SignInBackend")
    assert client.get(f"/chat/{chat['reference']}").status_code == 404
    assert actor_of(cast.maya).member_id


def test_a_number_taken_out_of_their_words_is_told_kindly(
    maya: Actor, cast: Any, member_client: Clients, chat_of: Chats
) -> None:
    told = re.compile(r'data-chat="hidden-number"( hidden)?>We took the card number out of your message')
    began = chat_of(maya)
    found = told.search(page(member_client(cast.maya), began))
    assert found is not None and found[1]
    send_message(
        by=maya, now=clock.now(), contact_id=began["contact_id"], text=clean("It is 4111 1111 1111 1111")
    )
    found = told.search(page(member_client(cast.maya), began))
    assert found is not None and not found[1]
