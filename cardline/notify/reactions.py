"""What the card core says, written down for those who want to be told of it, in the same transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cardline.kit.events import reacts_to
from cardline.notify.models import Delivery, Preference


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
