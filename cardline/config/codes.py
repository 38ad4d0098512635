"""How one-time codes reach a phone: as a text message like any other of ours, kept no longer than it takes to send."""

from __future__ import annotations

from datetime import datetime

from cardline.kit.plugs import CodeFor
from cardline.kit.secret import Secret
from cardline.notify.doors import can_leave_by
from cardline.notify.outgoing import send
from cardline.notify.wording import template

TYPED, TOLD = "code", "code_told"
ANYTHING = "confirm"  # "show that it is you", for what the text has no word of its own


class OutgoingCodes:
    """The `CodeSender` plug of kit/plugs.py. The page says exactly what is approved; the text names the action."""

    @property
    def is_there(self) -> bool:
        return can_leave_by("text")

    def send(self, *, member_id: int, to: str, now: datetime, code: Secret, code_for: CodeFor) -> None:
        values = {"code": code.reveal()}
        if not code_for.spoken:
            known = template(TYPED).in_("en").choices["action"]
            values["action"] = code_for.action if code_for.action in known else ANYTHING
        about = TOLD if code_for.spoken else TYPED
        send(member_id, about, values, channel="text", to=to, now=now, secret=True)
