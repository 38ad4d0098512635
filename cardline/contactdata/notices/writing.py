"""Telling of a change. Inside commands: the notices leave, or wait, with what they are about."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, cast

from cardline.contactdata.notices.rules import Known, places_to_tell
from cardline.identity.codes.rules import is_bound
from cardline.kit.commands import executing
from cardline.members.contactdata.queries import may_be_reached
from cardline.members.contactdata.tokens import EMAIL_LINK, NOT_ME, token_of
from cardline.members.models import ChangeNotice, ContactChange, ContactPoint
from cardline.notify.outgoing import send

CHANGED, ASKED, LINK = "contact_changed", "contact_change_asked", "email_check"
SAID = {"phone": "phone", "email": "email", "post": "address", "name": "name"}


def announce(change: ContactChange, template: str, now: datetime) -> int:
    """Tell the old and the new places; each message has a link of its own. Returns how many old ones are told."""
    executing()
    told = 0
    old, new = _kept(change, "old", now), _kept(change, "new", now)
    for place in places_to_tell(change.kind, old, new, _known(change, now)):
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


def _kept(change: ContactChange, side: str, now: datetime) -> dict[str, Any]:
    """A snapshot, whether the member may be reached there, and whether an answer from there says something."""
    kept: dict[str, Any] = getattr(change, side)
    value, since = kept.get("value", ""), kept.get("since", "")
    return {
        **kept,
        "is_safe": not value or may_be_reached(change.member_id, change.kind, value),
        "proves": bool(since) and _proves(change, change.kind, value, datetime.fromisoformat(since), now),
    }


def _known(change: ContactChange, now: datetime) -> list[Known]:
    points = ContactPoint.objects.filter(member=change.member_id).order_by("-preferred", "pk")
    return [
        Known(
            point.kind,
            point.value,
            point.takes_texts,
            may_be_reached(change.member_id, point.kind, point.value),
            _proves(change, point.kind, point.value, point.since, now),
        )
        for point in points
    ]


def _proves(change: ContactChange, kind: str, value: str, since: datetime, now: datetime) -> bool:
    """Whether "it was me" from there may count: ours for 30 days or from the first, and in nobody else's record."""
    shared = False
    if kind == ContactPoint.Kind.PHONE:
        others = ContactPoint.objects.filter(kind=kind, tail="".join(filter(str.isdigit, value))[-10:])
        shared = others.exclude(member=change.member_id).exists()
    return not shared and is_bound(since, change.member.since, now)
