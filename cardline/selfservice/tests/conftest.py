from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache

from cardline.contact.commands import end_contact, propose_summary, send_message, take_contact
from cardline.kit.actors import Actor
from cardline.kit.redact import clean
from cardline.kit.reference import show_reference
from cardline.promises.commands import make_promise
from cardline.routing.commands import start_chat

NEED = "dispute.unrecognised_charge"


@pytest.fixture(autouse=True)
def fresh_limits() -> Iterator[None]:
    """Counters of limits live in the cache; a test begins with none."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def told(cast: Any, as_member: Any, as_agent: Any) -> Callable[..., dict[str, Any]]:
    """told(at, due_at): Maya chatted with Priya at a time and was promised something; wrapped up and ended.

    Answers with what start_chat answers, the promise's id under "promise_id" and the case's address under "url".
    """
    maya: Actor = as_member(cast.maya)
    priya: Actor = as_agent(cast.priya)

    def tell(at: datetime, due_at: datetime, *, ended: bool = True) -> dict[str, Any]:
        began = start_chat(
            by=maya, now=at, need=NEED, text=clean("The bakery charged me $48.20"), language="en", plan={}
        )
        contact, case = began["contact_id"], began["case_id"]
        take_contact(by=priya, now=at + timedelta(minutes=1), contact_id=contact)
        send_message(by=priya, now=at + timedelta(minutes=2), contact_id=contact, text=clean("I see it."))
        made = make_promise(
            by=priya,
            now=at + timedelta(minutes=3),
            case_id=case,
            contact_id=contact,
            text=clean("tell you our decision"),
            due_at=due_at,
            due_zone="America/New_York",
            source="person",
            owner_id=priya.agent_id,
        )
        if ended:
            propose_summary(
                by=priya,
                now=at + timedelta(minutes=4),
                contact_id=contact,
                need=NEED,
                outcome="dispute_opened",
                next_step=clean("Ask the bakery, quietly"),
                did=clean("Opened a dispute for $48.20."),
                you=clean("Keep the receipt."),
            )
            end_contact(by=priya, now=at + timedelta(minutes=5), contact_id=contact)
        return {**began, **made, "url": f"/contacts/{show_reference(began['ref'])}"}

    return tell
