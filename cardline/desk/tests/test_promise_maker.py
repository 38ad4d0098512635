"""Promises made and settled at the desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from cardline.desk.promise_forms import read_due
from cardline.desk.tests.conftest import Chat
from cardline.issuer.profile import current_profile
from cardline.kit import clock
from cardline.kit.actors import Actor
from cardline.promises.models import Promise
from cardline.promises.sweeps import sweep

Client = Any


@pytest.fixture
def chat(chat_of: Callable[..., Chat], maya: Actor, dana: Actor) -> Chat:
    return chat_of(maya, agent=dana)


def local(after: timedelta) -> str:
    return f"{(clock.now() + after).astimezone(current_profile().zone):%Y-%m-%dT%H:%M}"


def make(client: Client, chat: Chat, **typed: str) -> Any:
    form = {"text": "Call you back", "due": local(timedelta(days=2)), "owner": "me", **typed}
    return client.post(f"{chat.page}/promises?view=mine", form)


def test_enter_keeps_a_promise_for_oneself(
    chat: Chat, cast: Any, agent_client: Callable[..., Client]
) -> None:
    client = agent_client(cast.dana)
    assert make(client, chat).status_code == 302
    promise = Promise.objects.get()
    assert (promise.text, promise.owner, promise.contact_id) == ("Call you back", cast.dana, chat.contact_id)
    assert promise.due_zone == current_profile().time_zone
    assert promise.due_at.astimezone(current_profile().zone).strftime("%Y-%m-%dT%H:%M") == local(
        timedelta(days=2)
    )
    assert "Call you back" in client.get(chat.page).content.decode()


def test_a_promise_may_be_the_teams(chat: Chat, cast: Any, agent_client: Callable[..., Client]) -> None:
    make(agent_client(cast.dana), chat, owner="queue:card_protection")
    promise = Promise.objects.get()
    assert (promise.owner, promise.queue) == (None, "card_protection")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"due": "2020-01-01T17:00"}, "That time has passed."),
        ({"due": "2099-01-01T17:00"}, "more than a year away"),
        ({"due": "tomorrow"}, "Choose a day and a time."),
        ({"due": ""}, "Choose a day and a time."),
        ({"text": "   "}, "Say what we will do"),
        ({"text": "x" * 241}, "Say what we will do"),
        ({"owner": "queue:complaints"}, "Choose an owner from the list."),
        ({"owner": "queue:nowhere"}, "Choose an owner from the list."),
    ],
)
def test_what_cannot_be_kept_comes_back_with_what_was_typed(
    chat: Chat, cast: Any, agent_client: Callable[..., Client], typed: dict[str, str], said: str
) -> None:
    form = {"text": "Ring you on Tuesday", "due": local(timedelta(days=2)), **typed}
    answer = make(agent_client(cast.dana), chat, **form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    if form["text"].strip():
        assert f'value="{form["text"]}"' in page
    assert f'value="{form["due"]}"' in page
    assert not Promise.objects.exists()


def test_times_are_of_the_issuers_clock() -> None:
    due = read_due("2026-11-24T17:00")
    assert due is not None
    assert due.isoformat() == "2026-11-24T22:00:00+00:00"
    for nonsense in ("2026-11-24T17:00+00:00", "24/11/2026", "9999-12-31T23:59"):
        assert read_due(nonsense) is None


def test_it_is_done_with_evidence_anybody_can_check(
    chat: Chat, cast: Any, dana: Actor, promise_of: Callable[..., int], agent_client: Callable[..., Client]
) -> None:
    promise = promise_of(dana, chat)
    client = agent_client(cast.dana)
    assert client.post(f"/desk/promises/{promise}/fulfilment", {"evidence": " "}).status_code == 422
    client.post(f"/desk/promises/{promise}/fulfilment", {"evidence": "Called at 4 pm, she is glad"})
    row = Promise.objects.get(pk=promise)
    assert (row.state, row.evidence) == ("kept", "Called at 4 pm, she is glad")


def test_a_late_promise_is_the_supervisors_until_one_of_them_takes_it_on(
    chat: Chat, cast: Any, dana: Actor, promise_of: Callable[..., int], agent_client: Callable[..., Client]
) -> None:
    promise = promise_of(
        dana, chat, now=clock.now() - timedelta(hours=3), due_at=clock.now() - timedelta(hours=2, minutes=1)
    )
    sweep(clock.now())
    client = agent_client(cast.ines)
    page = client.get("/desk/promises?whose=late").content.decode()
    assert "2 hours late" in page
    assert "The card protection supervisors" in page
    client.post(f"/desk/promises/{promise}/owner")
    assert Promise.objects.get(pk=promise).owner == cast.ines
    mine = client.get("/desk/promises?whose=mine").content.decode()
    assert "Call you back" in mine
    assert "Yours" in mine


def test_a_new_date_and_a_drop_need_the_members_words(
    chat: Chat, cast: Any, dana: Actor, promise_of: Callable[..., int], agent_client: Callable[..., Client]
) -> None:
    client = agent_client(cast.dana)
    first = promise_of(dana, chat)
    later = {"due": local(timedelta(days=5))}
    assert client.post(f"/desk/promises/{first}/replacement", {**later, "wish": ""}).status_code == 422
    assert (
        client.post(f"/desk/promises/{first}/replacement", {"due": "soon", "wish": "Friday"}).status_code
        == 422
    )
    client.post(f"/desk/promises/{first}/replacement", {**later, "wish": "Friday suits me better"})
    second = Promise.objects.get(replaces=first)
    assert Promise.objects.get(pk=first).state == "replaced"
    client.post(f"/desk/promises/{second.pk}/release", {"wish": "No need any more"})
    assert Promise.objects.get(pk=second.pk).state == "released"


def test_a_colleague_of_another_team_can_do_nothing_with_it(
    chat: Chat, cast: Any, dana: Actor, promise_of: Callable[..., int], agent_client: Callable[..., Client]
) -> None:
    promise = promise_of(dana, chat)
    client = agent_client(cast.priya)
    for what in ("fulfilment", "owner", "release"):
        form = {"evidence": "x", "wish": "x"}
        assert client.post(f"/desk/promises/{promise}/{what}", form).status_code == 404
    assert make(client, chat).status_code == 404


def test_the_address_of_a_form_leads_to_the_case_that_shows_it(
    chat: Chat, cast: Any, agent_client: Callable[..., Client]
) -> None:
    client = agent_client(cast.dana)
    refused = make(client, chat, due="tomorrow")
    assert refused.status_code == 422
    assert f'data-address="{chat.page}?view=mine&amp;mode=promise"' in refused.content.decode()
    opened = client.get(f"{chat.page}/promises?view=mine")
    assert (opened.status_code, opened.headers["Location"]) == (302, f"{chat.page}?view=mine&mode=promise")
    assert agent_client(cast.priya).get(f"{chat.page}/promises").status_code == 404
