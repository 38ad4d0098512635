"""The doors a message leaves the house by: one small protocol, one module a door."""

from __future__ import annotations

from cardline.notify.doors.door import Door, Message, NotTaken
from cardline.notify.doors.which import can_leave_by, door_for

__all__ = ["Door", "Message", "NotTaken", "can_leave_by", "door_for"]
