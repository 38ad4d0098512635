"""In the transaction of what happened: what the card core says is written down for those who want to be told of it, and
what a lifted restriction held back is looked at soon.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from cardline.kit import clock
from cardline.kit.events import reacts_to
from cardline.members.models import Member
from cardline.members.restrictions.commands import LIFTED
from cardline.notify.models import Delivery, Outgoing, Preference
from cardline.notify.outgoing import Channel, send
from cardline.notify.reach import ways_to
from cardline.notify.sending.commands import RESTRICTED
from cardline.notify.wording import template


@reacts_to("alert.raised")
def _deliver(
    *, alert: str, account: str, customers: tuple[str, ...], of: str, at: datetime, **facts: Any
) -> None:
    """One delivery for each holder and channel that wants it; an alert is raised once, and so it is delivered once.

    of: the event (AlertEvent).
    """
    wanted = Preference.objects.filter(account=account, event=of, member__core_customer__in=customers)
    for preference in wanted:
        Delivery.objects.get_or_create(
            member_id=preference.member_id,
            alert=alert,
            channel=preference.channel,
            defaults={"account": account, "event": of, "raised_at": at, "due_at": at},
        )


@reacts_to("safety.changed")
def _tell_everywhere(*, member_id: int, kind: str, now: datetime) -> None:
    """What lets somebody pass as the member was changed: each place we know of theirs hears it, at any hour (SR-32).

    kind: a word of texts/safety_changed.toml.
    """
    channels = template("safety_changed").channels
    for channel, place in ways_to(Member.objects.get(pk=member_id), channels):
        send(
            member_id,
            "safety_changed",
            {"kind": kind, "link": "/profile"},
            channel=cast(Channel, channel),
            to=place,
            now=now,
            urgent=True,
        )


@reacts_to(LIFTED)
def _look_at_once(*, member_id: int, **facts: Any) -> None:
    """Of others who have a card on the account, and where the end comes by itself, the next look finds it."""
    held = Outgoing.objects.filter(member=member_id, state=Outgoing.State.REFUSED, problem=RESTRICTED)
    held.update(next_try_at=clock.machine_now())
