"""Questions about colleagues."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from cardline.issuer.profile import current_profile
from cardline.kit import clock, sql
from cardline.staff.models import Agent, Presence, StaffSession
from cardline.staff.rules import IDLE_AFTER, LOST_AFTER, SESSION_LASTS, presence_of

# Asked at every request of anybody signed in.
_AGENT_OF_SESSION = (
    "SELECT a.id, a.given_name, a.family_name, a.role, a.team"
    " FROM staff_staffsession s JOIN staff_agent a ON a.id = s.agent_id"
    " WHERE s.session = %s AND a.user_id = %s AND a.active AND s.seen_at > %s AND s.since > %s"
)


def agent_of_session(user_id: int, session: str, at: datetime | None = None) -> Agent | None:
    """The colleague signed in with both factors in this session, while it lasts and they work here (SR-24, SR-37).

    session: the hash of its key. at: machine time.
    """
    at = at or clock.machine_now()
    values = [session, user_id, sql.moment(at - IDLE_AFTER), sql.moment(at - SESSION_LASTS)]
    return sql.instance(Agent, ["id", "given_name", "family_name", "role", "team"], _AGENT_OF_SESSION, values)


def sessions_of(agent_id: int) -> list[StaffSession]:
    """Where a colleague is signed in, the latest first."""
    return list(StaffSession.objects.filter(agent=agent_id).order_by("-seen_at"))


def session_named(session: str) -> StaffSession | None:
    """The session with this hash; None when it is not a colleague's, or ended."""
    return StaffSession.objects.filter(session=session).first() if session else None


def colleague(agent_id: int) -> Agent | None:
    """Somebody who works or worked here."""
    return Agent.objects.filter(pk=agent_id).first()


def everybody() -> list[Agent]:
    """All who work or worked here: who does first, by name."""
    return list(Agent.objects.order_by("-active", "given_name", "family_name"))


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


def teams_on_duty(at: datetime | None = None) -> set[str]:
    """The teams somebody of whom is at their desk, free or busy. One statement."""
    there = _at_their_desks([Presence.State.AVAILABLE, Presence.State.BUSY], at)
    return set(there.values_list("agent__team", flat=True).distinct())


def _there(queue: str, states: Iterable[str], at: datetime | None) -> int:
    return _at_their_desks(states, at).filter(agent__team=current_profile().queue(queue).team).count()


def _at_their_desks(states: Iterable[str], at: datetime | None) -> QuerySet[Presence]:
    since = (at or clock.machine_now()) - LOST_AFTER
    return Presence.objects.filter(agent__active=True, state__in=list(states), seen_at__gte=since)


def colleagues(team: str | None = None) -> list[Agent]:
    """Active colleagues, of one team or all, by name."""
    rows = Agent.objects.filter(active=True)
    if team is not None:
        rows = rows.filter(team=team)
    return list(rows.order_by("given_name", "family_name"))
