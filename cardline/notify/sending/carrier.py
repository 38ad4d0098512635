"""The worker's part: take a message in hand, hand it to its door, write down how that went."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from cardline.kit import clock
from cardline.kit.actors import SYSTEM
from cardline.kit.outbox import handles
from cardline.notify.doors import Message, NotTaken, door_for
from cardline.notify.outgoing import OUT
from cardline.notify.queries import Written, to_be_carried
from cardline.notify.sending.commands import note_not_taken, note_taken, take_in_hand
from cardline.notify.wording import written

log = logging.getLogger("cardline.notify")

BROKE = "broke"


@handles(OUT)
def carry(payload: dict[str, Any], now: datetime) -> None:
    """One try of one message. What fails is tried again by a work of its own (note_not_taken), so this never raises for
    a door: an error's text may hold what must not stand in a log.
    """
    outgoing_id = int(payload["outgoing"])
    taken = take_in_hand(by=SYSTEM, now=now, outgoing_id=outgoing_id)
    if taken is None:
        return
    at_try, unsure = taken
    try:
        theirs = _hand_over(to_be_carried(outgoing_id), ask_first=unsure)
    except NotTaken as no:
        note_not_taken(
            by=SYSTEM, now=clock.now(), outgoing_id=outgoing_id, at_try=at_try,
            problem=no.problem, permanent=no.permanent, unsure=no.unsure,
        )  # fmt: skip
        return
    note_taken(by=SYSTEM, now=clock.now(), outgoing_id=outgoing_id, provider_id=theirs)


def _hand_over(row: Written, *, ask_first: bool) -> str:
    try:
        words = written(row.template, row.channel, row.language, row.values, row.proof)
        message = Message(
            name=row.name, to=row.to, language=row.language, subject=words.subject, body=words.body,
            secret=row.secret, receiver=row.receiver, asked_at=row.asked_at, made_at=row.made_at, theirs=row.theirs,
        )  # fmt: skip
        door = door_for(row.channel)
        arrived = door.found(message) if ask_first else None
        return door.send(message) if arrived is None else arrived
    except NotTaken:
        raise
    except Exception as broken:  # noqa: BLE001 - a mistake of ours or a full disk: not for the log, whose lines keep it
        log.error("notify.broke", extra={"by": row.channel, "what": type(broken).__name__})
    raise NotTaken(BROKE, unsure=True)
