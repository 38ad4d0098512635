"""Questions about suspected charges."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet

from cardline.fraud.models import FraudAlert
from cardline.kit.actors import Actor
from cardline.kit.refusals import NotThere
from cardline.kit.visibility import visible

SHOWN = 5
UNSURE_FOR = timedelta(days=7)  # how long a no may turn out to be a mistake


def open_alerts_of(member_id: int) -> QuerySet[FraudAlert]:
    """Those nobody answered, oldest first. For callers who have looked whose they may see."""
    return FraudAlert.objects.filter(member=member_id, state__in=FraudAlert.OPEN).order_by("raised_at", "pk")


def open_alerts(actor: Actor, member_id: int | None = None) -> list[FraudAlert]:
    """What somebody still has to answer. member_id: of whom, for a colleague."""
    rows = visible(FraudAlert, actor).filter(state__in=FraudAlert.OPEN)
    rows = rows if member_id is None else rows.filter(member=member_id)
    return list(rows.select_related("case").order_by("raised_at", "pk")[:SHOWN])


def latest_alerts(actor: Actor, member_id: int) -> list[FraudAlert]:
    """The newest of a member, answered ones among them, for a colleague."""
    rows = visible(FraudAlert, actor).filter(member=member_id).select_related("case")
    return list(rows.prefetch_related("asks").order_by("-raised_at", "-pk")[:SHOWN])


def alert_about(actor: Actor, card: str, member_id: int | None = None) -> FraudAlert | None:
    """The one that keeps a card from being used: the oldest nobody answered, else the newest no."""
    rows = visible(FraudAlert, actor).filter(card=card).select_related("case")
    rows = rows if member_id is None else rows.filter(member=member_id)
    waiting = rows.filter(state__in=FraudAlert.OPEN).order_by("raised_at", "pk").first()
    return waiting or rows.filter(state=FraudAlert.State.NO).order_by("-raised_at", "-pk").first()


def alert_for(actor: Actor, token: str) -> FraudAlert:
    """One of them. Raises NotThere."""
    rows = visible(FraudAlert, actor).select_related("case", "member").prefetch_related("asks")
    found = rows.filter(token=token).first()
    if found is None:
        raise NotThere()
    return found


def count_unanswered() -> int:
    """For the board: how many charges are stopped now without a word from their member."""
    return FraudAlert.objects.filter(state__in=FraudAlert.OPEN).count()


def alert_settled_last(actor: Actor, member_id: int, now: datetime) -> FraudAlert | None:
    """The newest charge they said no to, while its card is still blocked for it: they may have changed their mind."""
    since = now - UNSURE_FOR
    rows = visible(FraudAlert, actor).filter(member=member_id, answered_at__gte=since).select_related("case")
    newest = rows.order_by("-answered_at", "-pk").first()
    return newest if newest is not None and newest.state == FraudAlert.State.NO else None
