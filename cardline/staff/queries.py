"""Questions about colleagues."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from cardline.issuer.profile import current_profile
from cardline.kit import clock
from cardline.staff.models import Agent, Presence
from cardline.staff.rules import LOST_AFTER, presence_of


def presence_for(agent_id: int, at: datetime | None = None) -> str:
    """available, busy, away or lost; away for somebody who has not come yet. at: machine time."""
    row = Presence.objects.filter(agent=agent_id).first()
    return presence_of(row.state, row.seen_at, at or clock.machine_now()) if row else "away"


def on_duty(queue: str, at: datetime | None = None) -> int:
    """How many agents of the queue's team are at their desk, free or busy."""
    return _there(queue, [Presence.State.AVAILABLE, Presence.State.BUSY], at)


def free(queue: str, at: datetime | None = None) -> int:
    """How many of them said they are free."""
    return _there(queue, [Presence.State.AVAILABLE], at)


def _there(queue: str, states: Iterable[str], at: datetime | None) -> int:
    team = current_profile().queue(queue).team
    since = (at or clock.machine_now()) - LOST_AFTER
    return Presence.objects.filter(
        agent__team=team, agent__active=True, state__in=list(states), seen_at__gte=since
    ).count()


def colleagues(team: str | None = None) -> list[Agent]:
    """Active colleagues, of one team or all, by name."""
    rows = Agent.objects.filter(active=True)
    if team is not None:
        rows = rows.filter(team=team)
    return list(rows.order_by("given_name", "family_name"))
