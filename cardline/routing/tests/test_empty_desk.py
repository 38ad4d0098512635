"""Nobody waits in front of an empty desk."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from cardline.cases.models import Entry
from cardline.conftest import chat_of
from cardline.contact.commands import take_contact
from cardline.contact.models import Contact
from cardline.kit import clock
from cardline.kit.actors import Actor
from cardline.promises.models import Promise
from cardline.routing.sweeps import sweep
from cardline.staff.commands import mark_gone, set_presence
from cardline.staff.models import Presence

pytestmark = pytest.mark.django_db


def left_long_ago(agent: Actor) -> None:
    Presence.objects.filter(agent=agent.agent_id).update(seen_at=clock.machine_now() - timedelta(minutes=2))


def test_a_waiting_chat_becomes_a_message_with_a_promise_once(
    maya: Actor, dana: Actor, now: datetime
) -> None:
    began = chat_of(maya, dana, now)
    assert began["channel"] == "chat" and sweep(now) == 0
    left_long_ago(dana)
    assert sweep(now) == 1 and sweep(now) == 0
    contact = Contact.objects.get(pk=began["contact_id"])
    assert (contact.channel, contact.state) == ("secure_message", "waiting")
    assert Promise.objects.filter(contact=contact.pk, source="routing", state="open").count() == 1
    assert Entry.objects.filter(kind="contact.became_message", visible=True).count() == 1


def test_a_screen_that_only_reloads_changes_nothing(maya: Actor, dana: Actor, now: datetime) -> None:
    chat_of(maya, dana, now)
    mark_gone(by=dana, now=now, closed_at=clock.machine_now())
    assert sweep(now) == 0


def test_an_agent_who_goes_away_on_purpose_leaves_an_empty_desk(
    maya: Actor, dana: Actor, now: datetime
) -> None:
    chat_of(maya, dana, now)
    set_presence(by=dana, now=now, state="away")
    assert sweep(now) == 1


def test_a_chat_somebody_has_stays_a_chat(maya: Actor, dana: Actor, now: datetime) -> None:
    began = chat_of(maya, dana, now)
    take_contact(by=dana, now=now, contact_id=began["contact_id"])
    left_long_ago(dana)
    assert sweep(now) == 0
    assert Contact.objects.get(pk=began["contact_id"]).channel == "chat"
