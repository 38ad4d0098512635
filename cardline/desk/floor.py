"""The wallboard's figures: who waits, who is there, and whether what was promised was kept.

It hangs where anybody can see it: references and needs, never a member's name, amount or words (DESIGN 4).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q
from django.utils.translation import get_language

from cardline.audit.queries import count_alarms
from cardline.contact.models import Contact
from cardline.desk.people import Colleague, people
from cardline.desk.plan import need_name
from cardline.fraud.queries import count_unanswered
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor
from cardline.kit.dates import say_left
from cardline.kit.reference import show_reference
from cardline.kit.visibility import visible
from cardline.promises.models import Promise
from cardline.promises.queries import Figures, figures, late_with_supervisors

NAMED = 6  # late promises that have a line of their own


@dataclass(frozen=True, slots=True)
class QueueLine:
    """longest: the longest wait, None when nobody waits. on: agents of its team at their desk."""

    name: str
    waiting: int
    longest: timedelta | None
    on: int


@dataclass(frozen=True, slots=True)
class LateLine:
    """A missed promise by reference and need. owner: the colleague who took it, "" while it is the supervisors'."""

    reference: str
    need: str
    late: str
    owner: str


@dataclass(frozen=True, slots=True)
class Floor:
    """on: available or busy; free: available. alarms: unusual looks nobody has looked into. suspected:
    stopped purchases nobody has said anything about."""

    waiting: int
    chats: int
    messages: int
    longest: timedelta | None
    longest_queue: str
    on: int
    free: int
    people: list[Colleague]
    promises: Figures
    late: list[LateLine]
    queues: list[QueueLine]
    alarms: int
    suspected: int

    @property
    def kept_percent(self) -> int | None:
        """Whole percent, rounded down: 99.6 % is not all of them."""
        share = self.promises.kept_share
        return None if share is None else int(share * 100)


def floor_now(actor: Actor, now: datetime, machine_now: datetime) -> Floor:
    """Everything on the board, for a supervisor."""
    language, profile = get_language() or "en", current_profile()
    colleagues = people(actor, machine_now)
    on_by_team = Counter(one.team for one in colleagues if one.state in ("available", "busy"))
    waiting = _waiting(actor)
    queues = [
        QueueLine(
            queue.label.in_(language),
            waiting.get(queue.id, {}).get("n", 0),
            now - waiting[queue.id]["since"] if queue.id in waiting else None,
            on_by_team[profile.team(queue.team).label.in_(language)],
        )
        for queue in profile.queues.values()
    ]
    slowest = max(
        (one for one in queues if one.waiting), key=lambda one: one.longest or timedelta(), default=None
    )
    return Floor(
        waiting=sum(row["n"] for row in waiting.values()),
        chats=sum(row["chats"] for row in waiting.values()),
        messages=sum(row["n"] - row["chats"] for row in waiting.values()),
        longest=slowest.longest if slowest else None,
        longest_queue=slowest.name if slowest else "",
        on=sum(one.state in ("available", "busy") for one in colleagues),
        free=sum(one.state == "available" for one in colleagues),
        people=colleagues,
        promises=figures(),
        late=_late(list(late_with_supervisors(actor)[:NAMED]), now, language),
        queues=queues,
        alarms=count_alarms(actor),
        suspected=count_unanswered(),
    )


def _waiting(actor: Actor) -> dict[str, dict[str, Any]]:
    """Who waits, by queue, from the index of what waits alone."""
    rows = visible(Contact, actor).filter(state=Contact.State.WAITING).values("queue")
    counted = rows.annotate(
        n=Count("pk"), chats=Count("pk", filter=Q(channel=Contact.Channel.CHAT)), since=Min("started_at")
    )
    return {row["queue"]: dict(row) for row in counted.order_by()}


def _late(promises: Sequence[Promise], now: datetime, language: str) -> list[LateLine]:
    return [
        LateLine(
            show_reference(promise.case.ref),
            need_name(promise.case.need, language),
            say_left(promise.due_at, now, language),
            promise.owner.name if promise.owner else "",
        )
        for promise in promises
    ]
