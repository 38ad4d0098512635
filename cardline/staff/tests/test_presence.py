"""Who is there: by what their screen says of itself, and not by the socket alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from cardline.kit import clock
from cardline.kit.actors import Actor
from cardline.staff.commands import mark_gone
from cardline.staff.models import Agent, Presence
from cardline.staff.queries import presence_for
from cardline.staff.rules import LOST_AFTER


@pytest.fixture
def dana(cast: Any, as_agent: Callable[[Agent], Actor]) -> Actor:
    cache.clear()
    return as_agent(cast.dana)


def go(dana: Actor, ago: timedelta = timedelta(0)) -> None:
    mark_gone(by=dana, now=clock.now(), closed_at=clock.machine_now() - ago)


def test_whose_last_screen_closed_is_lost_at_once(dana: Actor) -> None:
    go(dana)
    assert presence_for(dana.agent_id) == "lost"


def test_who_was_seen_since_has_another_screen(dana: Actor) -> None:
    go(dana, ago=timedelta(seconds=5))
    assert presence_for(dana.agent_id) == "available"


def test_a_desk_without_a_socket_gives_its_sign_of_life_by_asking_for_its_list(
    cast: Any, dana: Actor, agent_client: Callable[[Agent], Client]
) -> None:
    client = agent_client(cast.dana)
    silent = clock.machine_now() - LOST_AFTER - timedelta(seconds=1)
    # Signed in a second time without having been at the desk: away until they say otherwise.
    Presence.objects.filter(agent=dana.agent_id).update(state="available", seen_at=silent)
    assert presence_for(dana.agent_id) == "lost"
    assert client.get("/desk/items").status_code == 200
    assert presence_for(dana.agent_id) == "available"


def test_what_it_asks_for_again_at_once_is_not_written_down_again(
    cast: Any, dana: Actor, agent_client: Callable[[Agent], Client]
) -> None:
    client = agent_client(cast.dana)
    client.get("/desk/items")
    seen_at = Presence.objects.get(agent=dana.agent_id).seen_at
    client.get("/desk/items")
    assert Presence.objects.get(agent=dana.agent_id).seen_at == seen_at
