"""A colleague's sessions: begun with a second factor, kept open by hand, ended by silence, by choice or by leaving."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from cardline.kit import clock, marks
from cardline.kit.actors import Actor, Kind, Role, Standing
from cardline.kit.commands import command
from cardline.kit.news import tell
from cardline.kit.refusals import NotThere
from cardline.staff.models import Presence, StaffSession
from cardline.staff.rules import SEEN_EVERY


@command("staff.sign_in", by=[Kind.SYSTEM], about="agent:{agent_id}")
def begin_session(*, by: Standing, now: datetime, agent_id: int, session: str, device: str) -> int:
    """From here on this browser is the colleague's. session: the hash of its key. Returns the row's id.

    They are away until they say otherwise, unless they are at work on another screen already.
    """
    at = clock.machine_now()
    if not StaffSession.objects.filter(agent=agent_id).exists():
        _leave_the_desk(agent_id)
    row, _ = StaffSession.objects.update_or_create(
        session=session, defaults={"agent_id": agent_id, "device": device, "since": at, "seen_at": at}
    )
    return row.pk


def keep_open(actor: Actor) -> None:
    """Somebody did something by hand. Written down once a minute at most; the rest costs no database."""
    if marks.is_new(f"staff-seen:{actor.session}", SEEN_EVERY):
        mark_active(by=actor, now=clock.now())


@command("staff.active", by=[Kind.AGENT], housekeeping=True)
def mark_active(*, by: Standing, now: datetime) -> None:
    StaffSession.objects.filter(session=by.actor.session).update(seen_at=clock.machine_now())


@command("staff.sign_out", by=[Kind.AGENT, Kind.SYSTEM], about="staff_session:{session_id}")
def end_session(*, by: Standing, now: datetime, session_id: int) -> None:
    """One session ends, and the colleague's open screens close to ask anew. Raises NotThere for somebody else's."""
    rows = StaffSession.objects.filter(pk=session_id)
    if by.actor.kind == Kind.AGENT:
        rows = rows.filter(agent=by.actor.agent_id)
    if not _end(rows):
        raise NotThere()


@command("staff.sign_out_everywhere", by=[Kind.AGENT, Kind.SYSTEM], about="agent:{agent_id}")
def end_all_sessions(*, by: Standing, now: datetime, agent_id: int) -> int:
    """All of a colleague's sessions end: by their own wish, or because they left. Returns how many there were."""
    if agent_id != by.actor.agent_id and by.actor.role not in (None, Role.ADMINISTRATOR):
        raise NotThere()
    return _end(StaffSession.objects.filter(agent=agent_id))


@command("staff.second_factor", by=[Kind.SYSTEM], about="agent:{agent_id}")
def record_second_factor(*, by: Standing, now: datetime, agent_id: int, kind: str, change: str) -> None:
    """A way to sign in came, went or was made anew; the rows are the library's, the event in the log is ours."""


@command("staff.new_password", by=[Kind.SYSTEM], about="agent:{agent_id}")
def record_new_password(*, by: Standing, now: datetime, agent_id: int) -> None:
    """A colleague chose another password: whoever is signed in with the old one is out, themselves too."""
    end_all_sessions(by=by, now=now, agent_id=agent_id)


def _end(rows: QuerySet[StaffSession]) -> int:
    agents = set(rows.values_list("agent", flat=True))
    ended, _ = rows.delete()
    for agent_id in agents:
        tell(f"revoked:agent:{agent_id}", None, {})
        if not StaffSession.objects.filter(agent=agent_id).exists():
            _leave_the_desk(agent_id)
    return ended


def _leave_the_desk(agent_id: int) -> None:
    at = clock.machine_now()
    Presence.objects.filter(agent=agent_id).update(state=Presence.State.AWAY, since=at, seen_at=at)
    tell("desk", None, {"topic": "desk", "news": "presence"}, audience="staff")
