"""Text messages by a provider whose interface is shaped like Twilio's: a form posted for each message.

The provider knows no key that makes a post safe to repeat. So when its answer was not heard we ask, before the next
try, which messages went to that number since, and send only if ours is not among them.
"""

from __future__ import annotations

import json
import re
import time
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, urlencode

from cardline.kit.outward import BadAddress, NoAnswer, Outward, TooLong
from cardline.notify.doors.door import (
    NO_ANSWER,
    NO_SUCH_PLACE,
    NOT_SET_UP,
    NOT_TAKEN,
    Message,
    NotTaken,
)

# The thread that waits here also watches promises: slower than this is as good as silent, though SR-45 allows 15 s.
SECONDS = 5.0
SILENT_SECONDS = (
    30  # after a silence the next messages fail at once, for a while; all of them are tried again
)
LOOKED_THROUGH = 50
CLOCKS_DIFFER = timedelta(minutes=2)

# What the provider says of a number for good: not valid, not one for texts, not in service, or its holder wants none.
_NEVER = frozenset({21211, 21214, 21217, 21408, 21610, 21612, 21614, 30003, 30005, 30006})
_NAME = re.compile(r"(?:SM|MM)[0-9a-f]{32}")

_silent_until = float("-inf")


@dataclass(frozen=True, slots=True)
class TextSettings:
    """account: its identifier, beginning with AC. sender: a number of ours, or a service that has some (MG…).
    callback: where it tells us what became of a message, before our name for that; "" for nowhere.
    """

    url: str
    account: str
    key: str = field(repr=False)
    sender: str
    callback: str = ""


class TextProvider:
    def __init__(self, settings: TextSettings, outward: Outward | None = None) -> None:
        """outward: another way there; tests bring theirs."""
        self._settings = settings
        self._outward = outward or Outward(settings.url, seconds=SECONDS)
        self._path = f"/2010-04-01/Accounts/{quote(settings.account, safe='')}/Messages.json"

    def send(self, message: Message) -> str:
        sender = "MessagingServiceSid" if self._settings.sender.startswith("MG") else "From"
        form = {"To": message.to, sender: self._settings.sender, "Body": message.body}
        if self._settings.callback:
            form["StatusCallback"] = f"{self._settings.callback}{message.name}"
        status, answer = self._ask("POST", self._path, urlencode(form).encode())
        if status // 100 != 2:
            raise _refusal(status, answer)
        name = _name(answer)
        if not name:
            raise NotTaken(NO_ANSWER, unsure=True)
        return name

    def found(self, message: Message) -> str | None:
        day = (message.made_at - CLOCKS_DIFFER).date().isoformat()
        query = urlencode({"To": message.to, "DateSent>": day, "PageSize": LOOKED_THROUGH})
        status, answer = self._ask("GET", f"{self._path}?{query}", None)
        if status != 200:
            raise NotTaken(NOT_TAKEN, unsure=True)
        for one in _listed(answer):
            if one.get("body") == message.body and _is_ours(one, message):
                return str(one["sid"])
        return None

    def _ask(self, method: str, address: str, body: bytes | None) -> tuple[int, Any]:
        global _silent_until
        if time.monotonic() < _silent_until:
            raise NotTaken(NO_ANSWER, unsure=method == "GET")
        try:
            status, answer = self._outward.ask(method, address, self._headers(body), body)
        except BadAddress:
            raise NotTaken(NOT_SET_UP) from None
        except (NoAnswer, TooLong) as silence:
            _silent_until = time.monotonic() + SILENT_SECONDS
            certain = method == "POST" and isinstance(silence, NoAnswer) and silence.arrived is False
            raise NotTaken(NO_ANSWER, unsure=not certain) from None
        return status, _parsed(answer)

    def _headers(self, body: bytes | None) -> dict[str, str]:
        who = f"{self._settings.account}:{self._settings.key}".encode()
        headers = {"Authorization": f"Basic {b64encode(who).decode()}", "Accept": "application/json"}
        return headers | ({"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {})


def _refusal(status: int, answer: Any) -> NotTaken:
    code = answer.get("code") if isinstance(answer, dict) else None
    if status >= 500:
        return NotTaken(NOT_TAKEN, unsure=True)
    if code in _NEVER:
        return NotTaken(NO_SUCH_PLACE, permanent=True)
    if status in (401, 403, 404):
        return NotTaken(
            NOT_SET_UP
        )  # our account or its key: a person mends that, and the message is still wanted
    if status in (400, 422):
        return NotTaken(NOT_TAKEN, permanent=True)
    return NotTaken(NOT_TAKEN)


def _name(answer: Any) -> str:
    name = answer.get("sid") if isinstance(answer, dict) else None
    return name if isinstance(name, str) and _NAME.fullmatch(name) else ""


def _listed(answer: Any) -> list[dict[str, Any]]:
    listed = answer.get("messages") if isinstance(answer, dict) else None
    if not isinstance(listed, list):
        raise NotTaken(NOT_TAKEN, unsure=True)
    return [one for one in listed if isinstance(one, dict) and _name(one)]


def _is_ours(one: dict[str, Any], message: Message) -> bool:
    """Not another message that says the same: we know those by name, or they are older than ours."""
    if one["sid"] in message.theirs or one.get("status") in ("failed", "undelivered", "canceled"):
        return False
    made_at = _moment(one.get("date_created"))
    return made_at is not None and made_at >= message.made_at - CLOCKS_DIFFER


def _moment(written: object) -> datetime | None:
    try:
        at = parsedate_to_datetime(str(written))
    except ValueError:
        return None
    return at if at.tzinfo else None


def _parsed(answer: bytes) -> Any:
    try:
        return json.loads(answer)
    except (ValueError, RecursionError):
        return None
