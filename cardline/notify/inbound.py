"""Text messages from members. The provider is answered before anything is done; the worker does the rest.

Words that end texts are honoured first, whatever the message was about (DOMAIN 12). Everything else is an event, and
whoever asked something by text hears it ("text.received").
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cardline.kit import clock
from cardline.kit.actors import SYSTEM, Kind, Standing
from cardline.kit.commands import command
from cardline.kit.events import happened
from cardline.kit.outbox import handles, send_later
from cardline.kit.redact import Clean, clean
from cardline.notify.models import StoppedNumber
from cardline.notify.rules import Wish, wish_in

TEXT_CAME = "notify.text"  # the outbox's word for it
RECEIVED, STOPPED = "text.received", "texts.stopped"


@command("notify.take_text", by=[Kind.SYSTEM], housekeeping=True)
def take_text(*, by: Standing, now: datetime, number: str, text: Clean, message: str) -> None:
    """Keep what somebody wrote for the worker. number: as the doors write it. message: the provider's name for it."""
    send_later(TEXT_CAME, {"number": number, "text": str(text), "message": message}, clock.machine_now())


@handles(TEXT_CAME)
def carry_text(payload: dict[str, Any], now: datetime) -> None:
    message = str(payload["message"])
    hear_text(
        by=SYSTEM,
        key=f"text-heard:{message}",
        now=now,
        number=str(payload["number"]),
        text=clean(payload["text"]),
    )


@command("notify.hear_text", by=[Kind.SYSTEM], about="text")
def hear_text(*, by: Standing, now: datetime, number: str, text: Clean) -> str:
    """End texts to a number, begin them again, or let whoever asked by text read it. Returns which of the three.

    The provider itself confirms an end, once.
    """
    wish = wish_in(text)
    if wish == Wish.STOP:
        StoppedNumber.objects.get_or_create(number=number, ended_at=None, defaults={"since": now})
        happened(STOPPED, number=number, now=now)
    elif wish == Wish.START:
        StoppedNumber.objects.filter(number=number, ended_at=None).update(ended_at=now)
    else:
        happened(RECEIVED, number=number, text=text, now=now)
    return str(wish)
