"""From taking a conversation to its end: nobody leaves without saying what was agreed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cardline.contact.commands import answer_summary
from cardline.contact.models import Contact
from cardline.desk.queries import inbox
from cardline.desk.tests.conftest import DISPUTE, Chat
from cardline.kit import clock
from cardline.kit.actors import Actor
from cardline.kit.redact import clean

Client = Any
LINES = {
    "need": DISPUTE,
    "outcome": "dispute_opened",
    "next_step": "Disputes look at the receipt",
    "did": "We opened a dispute for the $48.20.",
    "you": "Nothing for now.",
}


@pytest.fixture
def chat(chat_of: Callable[..., Chat], maya: Actor, dana: Actor) -> Chat:
    return chat_of(maya, agent=dana)


def propose(client: Client, chat: Chat, **changed: str) -> Any:
    return client.post(f"/desk/contacts/{chat.contact_id}/summary", {**LINES, **changed, "back": chat.page})


def end(client: Client, chat: Chat) -> Any:
    return client.post(f"/desk/contacts/{chat.contact_id}/end", {"back": chat.page})


def test_a_waiting_chat_is_taken_and_given_back(
    chat_of: Callable[..., Chat], cast: Any, maya: Actor, dana: Actor, agent_client: Callable[..., Client]
) -> None:
    chat = chat_of(maya)
    client = agent_client(cast.dana)
    assert "Take it" in client.get(chat.page).content.decode()
    client.post(f"/desk/contacts/{chat.contact_id}/assignment", {"back": chat.page})
    assert Contact.objects.get().agent == cast.dana
    assert "You are on chat" in client.get(chat.page).content.decode()
    client.post(f"/desk/contacts/{chat.contact_id}/return")
    assert Contact.objects.get().state == "waiting"


def test_a_colleague_takes_over_and_the_first_cannot_write_any_more(
    chat: Chat, cast: Any, agent_client: Callable[..., Client]
) -> None:
    ines = agent_client(cast.ines)
    assert "Dana Whitfield has it" in ines.get(chat.page).content.decode()
    ines.post(f"/desk/contacts/{chat.contact_id}/takeover", {"back": chat.page})
    said = agent_client(cast.dana).post(
        f"{chat.page}/messages", {"text": "One moment"}, headers={"Accept": "application/json"}
    )
    assert said.status_code == 409
    assert said.json()["code"] == "not_yours"


def test_it_cannot_end_before_the_wrap_up(chat: Chat, cast: Any, agent_client: Callable[..., Client]) -> None:
    client = agent_client(cast.dana)
    assert "End contact" not in client.get(chat.page).content.decode()
    answer = end(client, chat)
    assert answer.status_code == 409
    assert "Wrap up first" in answer.content.decode()
    assert Contact.objects.get().state == "active"


def test_leaving_without_wrap_up_keeps_it_under_mine(
    chat: Chat, cast: Any, dana: Actor, agent_client: Callable[..., Client]
) -> None:
    agent_client(cast.dana).post("/desk/presence", {"state": "away"})
    assert [row.ref for row in inbox(dana, "mine").rows] == [chat.ref.replace("-", "")]


@pytest.mark.parametrize("missing", ["need", "outcome", "next_step", "did", "you"])
def test_a_part_that_is_missing_is_said_where_it_was_typed(
    chat: Chat, cast: Any, agent_client: Callable[..., Client], missing: str
) -> None:
    answer = propose(agent_client(cast.dana), chat, **{missing: " "})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Wrap up first" in page
    for name, words in LINES.items():
        if name not in (missing, "need", "outcome"):
            assert words in page
    assert Contact.objects.get().proposals == 0


@pytest.mark.parametrize(
    "wrong", [{"outcome": "points_told"}, {"outcome": "nothing"}, {"need": "no.such_need"}]
)
def test_an_outcome_or_need_nobody_knows_is_refused(
    chat: Chat, cast: Any, agent_client: Callable[..., Client], wrong: dict[str, str]
) -> None:
    assert propose(agent_client(cast.dana), chat, **wrong).status_code == 422


def test_the_outcomes_follow_the_need(cast: Any, agent_client: Callable[..., Client], dana: Actor) -> None:
    client = agent_client(cast.dana)
    assert "Dispute opened" in client.get("/desk/outcomes", {"need": DISPUTE}).content.decode()
    assert "Dispute opened" not in client.get("/desk/outcomes", {"need": "rewards.balance"}).content.decode()
    assert client.get("/desk/outcomes", {"need": "x.y"}).status_code == 200


def test_the_members_verdict_shows_and_rules_the_end(
    chat: Chat, cast: Any, maya: Actor, agent_client: Callable[..., Client]
) -> None:
    client = agent_client(cast.dana)
    propose(client, chat)
    page = client.get(chat.page).content.decode()
    assert "The three lines are before the member" in page
    assert "End contact" in page

    answer_summary(
        by=maya,
        now=clock.now(),
        contact_id=chat.contact_id,
        round=1,
        right=False,
        text=clean("It was Tuesday"),
    )
    page = client.get(f"{chat.page}?mode=wrap").content.decode()
    assert "“It was Tuesday”" in page
    assert "End contact" not in page
    assert end(client, chat).status_code == 409

    propose(client, chat, did="We opened a dispute for Tuesday’s $48.20.")
    answer_summary(by=maya, now=clock.now(), contact_id=chat.contact_id, round=2, right=True, text=clean(""))
    assert "The member says the lines are right" in client.get(chat.page).content.decode()
    end(client, chat)
    assert Contact.objects.get().state == "ended"
    page = client.get(chat.page).content.decode()
    assert "What both sides have in writing" in page
    assert "We opened a dispute for Tuesday’s $48.20." in page


def test_what_we_will_do_are_the_promises_by_themselves(
    chat: Chat, cast: Any, dana: Actor, promise_of: Callable[..., int], agent_client: Callable[..., Client]
) -> None:
    promise_of(dana, chat, "Credit $48.20")
    page = agent_client(cast.dana).get(f"{chat.page}?mode=wrap").content.decode()
    assert "Credit $48.20, by " in page


def test_a_finished_case_is_closed_and_an_unfinished_one_is_not(
    chat: Chat, cast: Any, dana: Actor, promise_of: Callable[..., int], agent_client: Callable[..., Client]
) -> None:
    client = agent_client(cast.dana)
    assert client.post(f"{chat.page}/closing").status_code == 409
    propose(client, chat)
    end(client, chat)
    promise = promise_of(dana, chat)
    assert "Close the case" not in client.get(chat.page).content.decode()
    assert client.post(f"{chat.page}/closing").status_code == 409
    client.post(f"/desk/promises/{promise}/fulfilment", {"evidence": "Called her"})
    assert "Close the case" in client.get(chat.page).content.decode()
    client.post(f"{chat.page}/closing", {"back": chat.page})
    assert "Case closed" in client.get(chat.page).content.decode()
    assert inbox(dana, "mine").rows == []


def test_the_next_step_is_the_promise_until_somebody_says_otherwise(
    chat: Chat, cast: Any, dana: Actor, promise_of: Callable[..., int], agent_client: Callable[..., Client]
) -> None:
    client = agent_client(cast.dana)
    assert 'name="next_step" value=""' in client.get(chat.page).content.decode()
    promise_of(dana, chat, "Call you back")
    page = client.get(chat.page).content.decode()
    assert 'name="next_step" value="Keep the promise: Call you back" data-suggested' in page
    propose(client, chat)
    page = client.get(chat.page).content.decode()
    assert f'name="next_step" value="{LINES["next_step"]}" maxlength' in page
