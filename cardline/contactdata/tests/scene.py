"""What tests of contact data need again and again: a strongly known member, an address, and the links that went out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from cardline.identity.authority import action_of
from cardline.identity.models import Evidence
from cardline.identity.rules import Proof
from cardline.kit import clock
from cardline.kit.actors import Actor
from cardline.kit.redact import clean
from cardline.kit.secret import Secret
from cardline.members.contactdata.tokens import NOT_ME, token_of
from cardline.members.models import ChangeNotice, ContactChange, ContactPoint
from cardline.notify.models import Outgoing

HOME: dict[str, Any] = {
    "country": "US",
    "street": clean("9 Alder Row"),
    "more": clean("Apt 4"),
    "town": clean("Troy"),
    "state": clean("NY"),
    "postal_code": clean("12180"),
}
AT_HOME = "9 Alder Row, Apt 4, Troy, NY 12180"
ABROAD: dict[str, Any] = {**HOME, "street": clean("1 Elsewhere"), "more": clean("")}


def strongly(command: Callable[..., Any], actor: Actor, now: datetime, **arguments: Any) -> Any:
    """The command by somebody who has just shown a second factor for exactly this."""
    at = clock.machine_now()
    Evidence.objects.create(
        member_id=actor.member_id,
        kind=Proof.PHONE_CODE,
        action=action_of(command.name, arguments),  # type: ignore[attr-defined]
        session=actor.session,
        at=at,
        expires_at=at + timedelta(hours=1),
    )
    return command(by=actor, now=now, **arguments)


def points(actor: Actor, kind: str = "") -> list[str]:
    rows = ContactPoint.objects.filter(member=actor.member_id).order_by("pk")
    return list((rows.filter(kind=kind) if kind else rows).values_list("value", flat=True))


def point(actor: Actor, kind: str) -> ContactPoint:
    return ContactPoint.objects.filter(member=actor.member_id, kind=kind).order_by("pk")[0]


def change(done: dict[str, Any]) -> ContactChange:
    return ContactChange.objects.get(pk=done["change"])


def told(of: ContactChange) -> set[tuple[str, str, bool]]:
    """(door, place, whether we had it before) of everybody who was told of a change."""
    places = dict(Outgoing.objects.values_list("pk", "to"))
    return {(one.channel, places[one.outgoing], one.to_old) for one in of.notices.all()}


def link(of: ContactChange, channel: str, *, to_old: bool = True) -> Secret:
    """The token of the newest notice by that door."""
    notice = ChangeNotice.objects.filter(change=of, channel=channel, to_old=to_old).order_by("-pk")[0]
    return Secret(token_of(NOT_ME, notice.pk))
