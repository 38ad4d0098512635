"""Agents come, go and say whether they are free."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from cardline.issuer.profile import current_profile
from cardline.kit import clock, marks
from cardline.kit.actors import SYSTEM, Actor, Kind, Role, Standing
from cardline.kit.commands import command
from cardline.kit.news import tell
from cardline.kit.refusals import Malformed, NotPermitted, NotThere, Refusal
from cardline.staff.models import Agent, Presence
from cardline.staff.rules import LOST_AFTER, SIGN_EVERY
from cardline.staff.sessions import end_all_sessions


@command("presence.set", by=[Kind.AGENT], about="agent")
def set_presence(*, by: Standing, now: datetime, state: str) -> str:
    """Available, busy or away, by the agent's own choice."""
    if state not in Presence.State.values:
        raise Malformed(field="state")
    at = clock.machine_now()
    Presence.objects.update_or_create(
        agent_id=by.actor.agent_id, defaults={"state": state, "since": at, "seen_at": at}
    )
    _tell()
    return state


@command("presence.seen", by=[Kind.AGENT], housekeeping=True)
def mark_seen(*, by: Standing, now: datetime) -> None:
    """A sign of life of the agent's screen. It does not make anybody available who said they were away."""
    at = clock.machine_now()
    if not Presence.objects.filter(agent=by.actor.agent_id).update(seen_at=at):
        Presence.objects.create(agent_id=by.actor.agent_id, state=Presence.State.AWAY, since=at, seen_at=at)


def sign_of_life(actor: Actor) -> None:
    """An open desk asked for its list by itself. Where sockets are blocked, nothing else says that somebody is there.

    Written down now and then; the rest costs no database.
    """
    if marks.is_new(f"staff-there:{actor.agent_id}", SIGN_EVERY):
        mark_seen(by=actor, now=clock.now())


@command("presence.gone", by=[Kind.AGENT], housekeeping=True)
def mark_gone(*, by: Standing, now: datetime, closed_at: datetime) -> None:
    """Their last screen closed without goodbye: count them as lost at once, and let the floor see it.

    closed_at: machine time. Whoever was seen after that has another screen, behind another process or no socket.
    """
    silent = clock.machine_now() - LOST_AFTER - timedelta(seconds=1)
    gone = Presence.objects.filter(agent=by.actor.agent_id, seen_at__gt=silent, seen_at__lte=closed_at)
    if gone.update(seen_at=silent):
        _tell()


@command("agent.change", by=[Kind.AGENT, Kind.SYSTEM], about="agent:{agent_id}")
def change_agent(*, by: Standing, now: datetime, agent_id: int, role: str, team: str, active: bool) -> None:
    """Change a colleague's role, team, or whether they work here. Their open screens close at once (SR-24).

    Whoever leaves is signed out everywhere. Raises LastAdministrator when nobody could change anybody afterwards.
    """
    if by.actor.kind == Kind.AGENT and by.actor.role != Role.ADMINISTRATOR:
        raise NotPermitted()
    if role not in Agent.Role.values:
        raise Malformed(field="role")
    if team not in current_profile().teams:
        raise Malformed(field="team")
    if not (active and role == Role.ADMINISTRATOR):
        _keep_an_administrator(agent_id)
    if not Agent.objects.filter(pk=agent_id).update(role=role, team=team, active=active):
        raise NotThere()
    tell(f"revoked:agent:{agent_id}", None, {})
    if not active:
        end_all_sessions(by=SYSTEM, now=now, agent_id=agent_id)


class LastAdministrator(Refusal):
    code = "last_administrator"
    sentence = _("Somebody has to be administrator. Give another colleague that role first.")


def _keep_an_administrator(agent_id: int) -> None:
    # Locked, so that two administrators cannot each take the role from the other at the same moment.
    present = Agent.objects.select_for_update().filter(active=True, role=Agent.Role.ADMINISTRATOR)
    if {row.pk for row in present} == {agent_id}:
        raise LastAdministrator()


def _tell() -> None:
    tell("desk", None, {"topic": "desk", "news": "presence"}, audience="staff")
