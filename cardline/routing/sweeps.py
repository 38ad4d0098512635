"""What time alone makes happen to conversations."""

from __future__ import annotations

from datetime import datetime

from cardline.kit.actors import SYSTEM
from cardline.routing.commands import turn_into_message
from cardline.routing.queries import chats_left_alone


def sweep(now: datetime) -> int:
    """Nobody waits in front of an empty desk: such chats become messages. Returns how many did."""
    return sum(turn_into_message(by=SYSTEM, now=now, contact_id=contact) for contact in chats_left_alone(now))
