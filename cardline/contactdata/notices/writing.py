"""Telling of a change. Inside commands: the notices leave, or wait, with what they are about."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, cast

from cardline.contactdata.notices.rules import Known, places_to_tell
from cardline.contactdata.tokens import EMAIL_LINK, NOT_ME, token_of
from cardline.kit.commands import executing
from cardline.members.contactdata.queries import may_be_reached
from cardline.members.models import ChangeNotice, ContactChange, ContactPoint
from cardline.notify.outgoing import send

CHANGED, ASKED, LINK = "contact_changed", "contact_change_asked", "email_check"
SAID = {"phone": "phone", "email": "email", "post": "address", "name": "name"}


def announce(change: ContactChange, template: str, now: datetime) -> int:
    """Tell the old and the new places; each message has a link of its own. Returns how many old ones are told."""
    executing()
    told = 0
    for place in places_to_tell(change.kind, _kept(change, "old"), _kept(change, "new"), _known(change)):
        notice = ChangeNotice.objects.create(
            change=change, channel=place.channel, to_old=place.to_old, outgoing=0, sent_at=now
        )
        values = {"kind": SAID[change.kind], "link": f"/not-me/{token_of(NOT_ME, notice.pk)}"}
        channel = cast(Literal["text", "email", "letter"], place.channel)
        outgoing = send(change.member_id, template, values, channel=channel, to=place.value, now=now)
        ChangeNotice.objects.filter(pk=notice.pk).update(outgoing=outgoing)
        told += place.to_old
    return told


def send_link(change: ContactChange, now: datetime) -> None:
    """Ask the new e-mail address whether it is theirs."""
    link = f"/profile/contact/email/{token_of(EMAIL_LINK, change.pk)}"
    send(change.member_id, LINK, {"link": link}, channel="email", to=change.new["value"], now=now)


def _kept(change: ContactChange, side: str) -> dict[str, Any]:
    """A snapshot, and whether the member may be reached there."""
    kept: dict[str, Any] = getattr(change, side)
    value = kept.get("value", "")
    return {**kept, "is_safe": not value or may_be_reached(change.member_id, change.kind, value)}


def _known(change: ContactChange) -> list[Known]:
    points = ContactPoint.objects.filter(member=change.member_id).order_by("-preferred", "pk")
    return [
        Known(
            point.kind,
            point.value,
            point.takes_texts,
            may_be_reached(change.member_id, point.kind, point.value),
        )
        for point in points
    ]
