"""Who is there, and the wallboard that anybody may look at from across the room."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from cardline.desk.people import people
from cardline.desk.tests.conftest import Chat
from cardline.kit import clock
from cardline.kit.actors import Actor
from cardline.promises.sweeps import sweep
from cardline.staff.commands import mark_gone
from cardline.staff.queries import presence_for

Client = Any


def test_one_says_whether_one_is_there(cast: Any, dana: Actor, agent_client: Callable[..., Client]) -> None:
    client = agent_client(cast.dana)
    client.post("/desk/presence", {"state": "busy"})
    assert presence_for(cast.dana.pk) == "busy"
    assert "Dana Whitfield · Busy" in client.get("/desk").content.decode()
    assert client.post("/desk/presence", {"state": "asleep"}).status_code == 422


def test_colleagues_see_whose_connection_is_lost(
    cast: Any, dana: Actor, ines: Actor, agent_client: Callable[..., Client]
) -> None:
    mark_gone(by=dana, now=clock.now(), closed_at=clock.machine_now())
    answer = agent_client(cast.ines).get("/desk/colleagues").content.decode()
    assert "Dana Whitfield" in answer
    assert "Connection lost" in answer


def test_an_agent_sees_their_team_and_a_supervisor_everybody(cast: Any, dana: Actor, ines: Actor) -> None:
    at = clock.machine_now()
    assert {one.name for one in people(dana, at)} == {"Dana Whitfield", "Ines Galvão"}
    assert {one.name for one in people(ines, at)} == {
        agent.name for agent in cast.people.values() if hasattr(agent, "role")
    }


def test_whoever_is_there_comes_first(cast: Any, dana: Actor, ines: Actor) -> None:
    states = [one.state for one in people(ines, clock.machine_now())]
    assert states == sorted(states, key=["available", "busy", "lost", "away"].index)


def test_the_wallboard_is_for_supervisors(
    cast: Any,
    dana: Actor,
    ines: Actor,
    agent_client: Callable[..., Client],
    member_client: Callable[..., Client],
    client: Client,
) -> None:
    assert agent_client(cast.ines).get("/floor").status_code == 200
    assert agent_client(cast.dana).get("/floor").status_code == 403
    assert member_client(cast.maya).get("/floor").status_code == 404
    assert client.get("/floor")["Location"] == "/staff/login/?next=/floor"


def test_the_wallboard_counts_what_is_so_and_names_no_member(
    cast: Any,
    chat_of: Callable[..., Chat],
    promise_of: Callable[..., int],
    maya: Actor,
    dana: Actor,
    ines: Actor,
    agent_client: Callable[..., Client],
) -> None:
    chat_of(maya, "Somebody bought bread with it", minutes_ago=3)
    late = chat_of(maya, agent=dana)
    promise_of(
        dana,
        late,
        "Credit $48.20",
        now=clock.now() - timedelta(hours=3),
        due_at=clock.now() - timedelta(minutes=12, seconds=30),
    )
    sweep(clock.now())
    client = agent_client(cast.ines)
    for address in ("/floor", "/floor/now"):
        page = client.get(address).content.decode()
        assert f"{late.ref}, 12 minutes late" in page
        assert "1 chat, 0 message" in page
        assert "0 kept, 1 missed" in page
        assert "1 free" in page
        for private in ("Maya", "Okafor", "48.20", "bread"):
            assert private not in page
