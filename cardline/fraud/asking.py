"""Where a member is asked: the ways of the profile, one after the other, as far as there is a safe place for each.

The message says that a purchase was stopped and how to answer, never which (SR-61), asks for no code and leads nowhere.
"""

from __future__ import annotations

from datetime import datetime
from typing import cast

from cardline.cases.commands import set_attention
from cardline.fraud.models import FraudAlert, FraudAsk
from cardline.fraud.promising import promise_to_reach
from cardline.fraud.writing import ASKED, SILENT, enter
from cardline.issuer.profile import current_profile
from cardline.notify.doors import can_leave_by
from cardline.notify.outgoing import Channel, send
from cardline.notify.reach import ways_to

QUESTION = "fraud_alert"  # the message


def ask_next(alert: FraudAlert, now: datetime) -> None:
    """By the next way nobody has tried; after the last one it is silence. Inside a command."""
    tried = set(FraudAsk.objects.filter(alert=alert).values_list("channel", flat=True))
    for way in current_profile().fraud_alerts.ways:
        if way.channel in tried or not can_leave_by(way.channel):
            continue
        for channel, place in ways_to(alert.member, (way.channel,))[:1]:
            sent = send(
                alert.member_id, QUESTION, {}, channel=cast(Channel, channel), to=place, now=now, urgent=True
            )
            FraudAsk.objects.create(alert=alert, channel=channel, outgoing_id=sent, asked_at=now)
            enter(alert, ASKED, channel=channel)
            FraudAlert.objects.filter(pk=alert.pk).update(next_step_at=now + way.wait)
            return
    _fall_silent(alert, now, reached=bool(tried))


def _fall_silent(alert: FraudAlert, now: datetime, *, reached: bool) -> None:
    """The block stays, and a person calls. reached: there was some place to ask at."""
    asked = FraudAlert.objects.filter(pk=alert.pk, state=FraudAlert.State.ASKED)
    if not asked.update(state=FraudAlert.State.SILENT, next_step_at=None):
        return
    enter(alert, SILENT, reached=reached)
    promise_to_reach(alert, now)
    set_attention(alert.case_id, now, now)
