"""Maya, whose card is gone; Dana of the team that answers; Priya of another team; Ines, who supervises."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache

from cardline.contact.commands import take_contact
from cardline.kit import clock
from cardline.kit.actors import Actor
from cardline.kit.redact import clean
from cardline.kit.reference import show_reference
from cardline.promises.commands import make_promise
from cardline.routing.commands import start_chat, start_message

LOST = "lost_stolen.report"
DISPUTE = "dispute.unrecognised_charge"


@pytest.fixture(autouse=True)
def fresh_marks() -> Iterator[None]:
    """Limits and the marks of looks live in the cache; a test begins with none."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def one_five_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks within a test are within one five minutes of the clock, whenever it runs."""
    monkeypatch.setattr("cardline.audit.commands.slot_of", lambda at: 1)


@dataclass(frozen=True)
class Chat:
    """A conversation: its rows by number, its reference as shown, and its page."""

    contact_id: int
    case_id: int
    ref: str

    @property
    def page(self) -> str:
        return f"/desk/cases/{self.ref}"


@pytest.fixture
def chat_of(db: None) -> Callable[..., Chat]:
    """chat_of(actor, agent=…): begun five minutes ago; with an agent it is in their hands."""

    def start(
        actor: Actor,
        text: str = "I left my card at a bakery",
        *,
        need: str = LOST,
        agent: Actor | None = None,
        message: bool = False,
        minutes_ago: float = 5,
        plan: dict[str, Any] | None = None,
    ) -> Chat:
        began = clock.now() - timedelta(minutes=minutes_ago)
        command = start_message if message else start_chat
        told = command(by=actor, now=began, need=need, text=clean(text), language="en", plan=plan or {})
        if agent is not None:
            take_contact(by=agent, now=clock.now(), contact_id=told["contact_id"])
        return Chat(told["contact_id"], told["case_id"], show_reference(told["ref"]))

    return start


@pytest.fixture
def promise_of(db: None) -> Callable[..., int]:
    """promise_of(agent, chat, "Call you back", due_at=…): its number."""

    def make(
        agent: Actor,
        chat: Chat,
        text: str = "Call you back",
        *,
        due_at: datetime | None = None,
        now: datetime | None = None,
        mine: bool = True,
    ) -> int:
        now = now or clock.now()
        made = make_promise(
            by=agent,
            now=now,
            case_id=chat.case_id,
            contact_id=chat.contact_id,
            text=clean(text),
            due_at=due_at or now + timedelta(days=2),
            due_zone="America/New_York",
            source="person",
            owner_id=agent.agent_id if mine else None,
        )
        return made["promise_id"]

    return make


@pytest.fixture
def maya(cast: Any, as_member: Callable[..., Actor]) -> Actor:
    return as_member(cast.maya)


@pytest.fixture
def dana(cast: Any, as_agent: Callable[..., Actor]) -> Actor:
    return as_agent(cast.dana)


@pytest.fixture
def priya(cast: Any, as_agent: Callable[..., Actor]) -> Actor:
    return as_agent(cast.priya)


@pytest.fixture
def ines(cast: Any, as_agent: Callable[..., Actor]) -> Actor:
    return as_agent(cast.ines)
