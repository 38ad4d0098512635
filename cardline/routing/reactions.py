"""What routing does when something happened elsewhere."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cardline.contact.commands import put_back_contact, watch_on
from cardline.contact.models import Contact
from cardline.kit import clock
from cardline.kit.actors import SYSTEM
from cardline.kit.outbox import handles
from cardline.staff.queries import presence_for


@handles("message.unread")
def nobody_read_it(payload: dict[str, Any], now: datetime) -> None:
    """Two minutes after a message: if the member waits for an agent whose screen is gone, the chat goes back to its
    queue, where the next one sees everything said so far. Nothing to do in every other case.
    """
    contact = Contact.objects.filter(pk=payload["contact"]).first()
    if contact is not None and _waits_for_nobody(contact):
        put_back_contact(by=SYSTEM, now=now, contact_id=contact.pk)
    watch_on(by=SYSTEM, now=now, contact_id=payload["contact"])


def _waits_for_nobody(contact: Contact) -> bool:
    if contact.state != Contact.State.ACTIVE or contact.agent_id is None or contact.last_member_at is None:
        return False
    unanswered = contact.last_staff_at is None or contact.last_member_at > contact.last_staff_at
    return unanswered and presence_for(contact.agent_id, clock.machine_now()) == "lost"
