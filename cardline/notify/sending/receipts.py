"""The worker's part in receipts: what a provider told us of a text message is written beside it, and acted on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cardline.kit import clock
from cardline.kit.actors import SYSTEM, Kind, Standing
from cardline.kit.commands import command
from cardline.kit.outbox import handles, send_later
from cardline.notify.doors.receipts import TOLD_WITHIN
from cardline.notify.models import Door, Outgoing
from cardline.notify.sending.commands import OPEN, go_another_way, note_taken

RECEIPT = "notify.receipt"  # the outbox's word for it


@command("notify.take_receipt", by=[Kind.SYSTEM], housekeeping=True)
def take_receipt(*, by: Standing, now: datetime, name: str, provider_id: str, arrived: bool) -> bool:
    """Keep what a provider says of the message we call `name`, so that it can be answered at once; the worker does the
    rest. False: there is no such message, or it is too old.
    """
    at = clock.machine_now()
    about = Outgoing.objects.filter(name=name, channel=Door.TEXT, made_at__gt=at - TOLD_WITHIN)
    number = about.values_list("pk", flat=True).first()
    if number is None:
        return False
    send_later(RECEIPT, {"outgoing": number, "provider_id": provider_id, "arrived": arrived}, at)
    return True


@handles(RECEIPT)
def carry_receipt(payload: dict[str, Any], now: datetime) -> None:
    settle_receipt(
        by=SYSTEM, now=now, outgoing_id=int(payload["outgoing"]), provider_id=str(payload["provider_id"]),
        arrived=bool(payload["arrived"]),
    )  # fmt: skip


@command("notify.receipt", by=[Kind.SYSTEM], about="outgoing:{outgoing_id}")
def settle_receipt(*, by: Standing, now: datetime, outgoing_id: int, provider_id: str, arrived: bool) -> bool:
    """A message arrived, or was lost on its way; a lost one goes another way where there is one, but never a code.

    A receipt for one whose answer we did not hear is that answer. False: it tells nothing new.
    """
    if Outgoing.objects.filter(pk=outgoing_id, state__in=OPEN).exists():
        note_taken(by=by, now=now, outgoing_id=outgoing_id, provider_id=provider_id)
    sent = Outgoing.objects.filter(pk=outgoing_id, state=Outgoing.State.SENT)
    if arrived:
        known = {"receipt": Outgoing.Receipt.ARRIVED, "receipt_at": now}
        return bool(sent.exclude(receipt=Outgoing.Receipt.ARRIVED).update(**known))
    if not sent.filter(receipt="").update(receipt=Outgoing.Receipt.LOST, receipt_at=now):
        return False
    row = Outgoing.objects.select_related("member").get(pk=outgoing_id)
    if not row.secret:
        go_another_way(row, now)
    return True
