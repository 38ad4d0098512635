"""Questions about looks at members' data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from cardline.audit.models import Alarm, Reason, View, Watched
from cardline.audit.rules import Why
from cardline.kit import clock
from cardline.kit.actors import Actor
from cardline.kit.pagination import Page, paginate
from cardline.kit.visibility import visible

NEWEST_FIRST = ("-at", "-id")
ALARMS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Which:
    """Which looks a supervisor wants to read. agent, member: numbers, 0 for anybody; day: of the issuer's calendar."""

    agent: int = 0
    member: int = 0
    day: date | None = None
    with_reason: bool = False


def views_which(actor: Actor, which: Which, zone: ZoneInfo) -> QuerySet[View]:
    rows = visible(View, actor)
    if which.agent:
        rows = rows.filter(agent=which.agent)
    if which.member:
        rows = rows.filter(member=which.member)
    if which.with_reason:
        rows = rows.filter(why=Why.REASON)
    if which.day:
        begin = datetime.combine(which.day, time(), zone)
        end = datetime.combine(which.day + timedelta(days=1), time(), zone)
        rows = rows.filter(at__gte=begin, at__lt=end)
    return rows


def page_of_views(rows: QuerySet[View], cursor: str | None, limit: int = 50) -> Page[View]:
    """A page, newest first, each with its member and colleague. Raises BadCursor."""
    return paginate(rows.select_related("member", "agent"), NEWEST_FIRST, cursor, limit)


def reason_that_lasts(actor: Actor, member_id: int) -> Reason | None:
    """The newest reason this colleague gave for a member, while it opens something."""
    lasting = visible(Reason, actor).filter(member=member_id, until__gt=clock.machine_now())
    return lasting.order_by("-until", "-id").first()


def alarms_to_look_into(actor: Actor) -> list[Alarm]:
    """Those nobody has looked into, oldest first."""
    rows = visible(Alarm, actor).filter(looked_at=None).select_related("agent", "member")
    return list(rows.order_by("at", "id")[:ALARMS_SHOWN])


def alarms_looked_into(actor: Actor, most: int = 10) -> list[Alarm]:
    rows = (
        visible(Alarm, actor).filter(looked_at__isnull=False).select_related("agent", "member", "looked_by")
    )
    return list(rows.order_by("-looked_at", "-id")[:most])


def count_alarms(actor: Actor) -> int:
    """How many alarms wait for a supervisor, counted to 99."""
    return visible(Alarm, actor).filter(looked_at=None)[:99].count()


def is_watched(actor: Actor, member_id: int) -> bool:
    return visible(Watched, actor).filter(member=member_id).exists()
