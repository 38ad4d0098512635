from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from cardline.kit import clock
from cardline.kit.actors import Actor
from cardline.kit.redact import clean
from cardline.kit.reference import contact_reference
from cardline.routing.commands import start_chat, start_message

NEED = "dispute.unrecognised_charge"


@pytest.fixture(autouse=True)
def fresh_limits() -> Iterator[None]:
    """Counters of limits live in the cache; a test begins with none."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def chat_of(db: None) -> Callable[..., dict[str, Any]]:
    """chat_of(actor, text): a chat begun a while ago, with its contact reference under "reference"."""

    def start(
        actor: Actor, text: str = "A charge I did not make", *, message: bool = False, minutes_ago: int = 5
    ) -> dict[str, Any]:
        command = start_message if message else start_chat
        began = command(
            by=actor,
            now=clock.now() - timedelta(minutes=minutes_ago),
            need=NEED,
            text=clean(text),
            language="en",
            plan={},
        )
        return {**began, "reference": contact_reference(began["ref"], began["number"])}

    return start


@pytest.fixture
def guest() -> Client:
    return Client()
