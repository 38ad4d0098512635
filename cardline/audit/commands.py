"""Writing down who looked, why they may, and what a supervisor made of an alarm.

A look is committed *before* its page is sent: whoever read something stands in the log, though the process die the
next instant. To keep pages quick all looks of one actor at one case, for one why, within five minutes of the clock
are one (rules.slot_of). Which were written this process remembers, so a page that is opened again costs a look into a
dictionary; two processes, or one that started anew, meet in the unique constraint of the table. A mark is made after
the commit, never before: a commit that failed leaves none, the page is refused, and the next try writes the look.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from cardline.audit.models import Alarm, Home, Reason, View, Watched
from cardline.audit.rules import (
    LONGEST_REASON,
    MANY_MEMBERS,
    MANY_WITHIN,
    REASON_LASTS,
    Look,
    Why,
    day_of,
    folded,
    hour_of,
    same_family,
    slot_of,
)
from cardline.kit import clock, limits, plugs, sql
from cardline.kit.actors import SYSTEM, Actor, Kind, Standing
from cardline.kit.commands import command
from cardline.kit.limits import Limit
from cardline.kit.redact import Clean, is_blank
from cardline.kit.refusals import Malformed, NotPermitted, NotThere
from cardline.members.models import ContactPoint, Member
from cardline.staff.models import Agent

REASONS = Limit("reasons_to_look", 20, 3_600)
AT_ONCE = 50  # looks one command writes: short enough for the one writer
MOST_MARKS = 20_000  # then all are forgotten, and the table decides

_INSERT = (
    "INSERT INTO audit_view (at, actor, name, agent_id, member_id, case_id, ref, page, why, from_ref, channel, since,"
    " reason, slot) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING"
)

_written: dict[tuple[str, int, int, str], int] = {}


class NoReason(Malformed):
    code = "no_reason"
    sentence = _("Say in a few words why you need to read this.")


class ReasonTooLong(Malformed):
    code = "reason_too_long"
    sentence = _("A reason can have 400 characters. Shorten it.")


class NotByThemselves(NotPermitted):
    code = "not_by_themselves"
    sentence = _("This alarm is about you. Another supervisor has to look into it.")


def note_looks(actor: Actor, looks: Sequence[Look]) -> None:
    """Write these looks down unless they stand already, and come back when that is safe. Raises what a command does."""
    slot = slot_of(clock.machine_now())
    new = [look for look in looks if _written.get(_mark(actor, look)) != slot]
    for start in range(0, len(new), AT_ONCE):
        some = new[start : start + AT_ONCE]
        _record_for(actor, some)
        if len(_written) > MOST_MARKS:
            _written.clear()
        _written.update({_mark(actor, look): slot for look in some})


def _mark(actor: Actor, look: Look) -> tuple[str, int, int, str]:
    """What makes two looks one. What allowed it is part of that: a reason stands in an event of its own."""
    return actor.key, look.member_id, look.case_id, look.why


def _record_for(actor: Actor, looks: Sequence[Look]) -> None:
    """A key of the API may write nothing by itself; that it read is ours to say."""
    if actor.kind == Kind.API:
        record_looks(by=SYSTEM, now=clock.now(), looks=looks, api_key=actor.id, api_name=actor.name)
    else:
        record_looks(by=actor, now=clock.now(), looks=looks)


def forget_marks() -> None:
    """Ask the table again about everything; for tests."""
    _written.clear()


@command("member.viewed", by=[Kind.AGENT, Kind.SYSTEM], housekeeping=True)
def record_looks(
    *, by: Standing, now: datetime, looks: Sequence[Look], api_key: str = "", api_name: str = ""
) -> int:
    """Somebody looks at members' data (SR-25, SR-93). Returns how many looks were new; the rest stood already.

    api_key, api_name: which key read, when the system says so. The event is written here and not by @command: a look
    that stood already is none, and several have one each.
    """
    at = clock.machine_now()
    who = Standing(Actor(Kind.API, api_key, name=api_name)) if api_key else by
    return sum(_record(who, look, at) for look in looks)


def _record(by: Standing, look: Look, at: datetime) -> bool:
    since = sql.moment(look.since) if look.since else None
    values = [
        sql.moment(at),
        by.actor.key,
        by.actor.name[:170],
        by.actor.agent_id or None,
        look.member_id,
        look.case_id,
    ]
    values += [look.ref, look.page, look.why, look.from_ref, look.channel, since, look.reason, slot_of(at)]
    if not sql.run(_INSERT, values):
        return False
    detail = {"page": look.page, "case": look.case_id, "why": look.why, "from": look.from_ref}
    if look.reason:
        detail["reason"] = look.reason
    plugs.audit.write(
        by=by, name="member.viewed", about=f"member:{look.member_id}", detail=sql.to_json(detail), at=at
    )
    if by.actor.is_staff:
        _raise_alarms(by.actor.agent_id, look, at)
    return True


@command("member.reason", by=[Kind.AGENT], about="member:{member_id}")
def give_reason(*, by: Standing, now: datetime, member_id: int, reason: Clean) -> int:
    """Say why one must read a member's data outside of any open case; opens what one may see of them for 15 minutes.

    It widens nothing: what the actor cannot see stays unseen. reason: 1 to 400 characters. Returns its number.
    """
    if is_blank(reason):
        raise NoReason()
    if len(reason) > LONGEST_REASON:
        raise ReasonTooLong()
    limits.count(REASONS, by.actor.key)
    at = clock.machine_now()
    row = Reason.objects.create(
        agent_id=by.actor.agent_id, member_id=member_id, at=at, until=at + REASON_LASTS, text=reason
    )
    return row.pk


# ----------------------------------------------------------------------------------------------------- alarms


def _raise_alarms(agent_id: int, look: Look, at: datetime) -> None:
    agent, member = Agent.objects.get(pk=agent_id), Member.objects.get(pk=look.member_id)
    if same_family(agent.family_name, member.family_name):
        _alarm(Alarm.Kind.NAME, agent_id, look, at)
    if _lives_there(agent_id, look.member_id):
        _alarm(Alarm.Kind.HOME, agent_id, look, at)
    if Watched.objects.filter(member=look.member_id).exists():
        _alarm(Alarm.Kind.WATCHED, agent_id, look, at)
    if look.why != Why.CONTACT and _has_seen_many(agent_id, at):
        Alarm.objects.bulk_create(
            [Alarm(kind=Alarm.Kind.MANY, agent_id=agent_id, ref=look.ref, at=at, slot=hour_of(at))],
            ignore_conflicts=True,
        )


def _alarm(kind: Alarm.Kind, agent_id: int, look: Look, at: datetime) -> None:
    """One for each colleague, member and day."""
    row = Alarm(kind=kind, agent_id=agent_id, member_id=look.member_id, ref=look.ref, at=at, slot=day_of(at))
    Alarm.objects.bulk_create([row], ignore_conflicts=True)


def _has_seen_many(agent_id: int, at: datetime) -> bool:
    """Over 30 members within an hour without a conversation, and not said in the hour before."""
    lately = View.objects.filter(agent=agent_id, at__gt=at - MANY_WITHIN).exclude(why=Why.CONTACT)
    seen = lately.order_by().values("member").distinct().count()
    if seen <= MANY_MEMBERS:
        return False
    return not Alarm.objects.filter(kind=Alarm.Kind.MANY, agent=agent_id, at__gt=at - MANY_WITHIN).exists()


def _lives_there(agent_id: int, member_id: int) -> bool:
    home = Home.objects.filter(agent=agent_id).first()
    if home is None:
        return False
    places = ContactPoint.objects.filter(member=member_id, kind=ContactPoint.Kind.POST)
    return any(_hash_of(place.value) == home.hash for place in places)


def _hash_of(address: str) -> str:
    return salted_hmac("cardline.audit.home", folded(address), algorithm="sha256").hexdigest()


@command("alarm.look_into", by=[Kind.AGENT], about="alarm:{alarm_id}")
def look_into(*, by: Standing, now: datetime, alarm_id: int, note: Clean) -> bool:
    """A supervisor has looked into an alarm and says what they found. False: somebody had already.

    Raises NotPermitted for whoever is none, or is the one it is about; NotThere; NoReason without words.
    """
    _supervisors_only(by)
    if is_blank(note):
        raise NoReason(str(_("Write what you found, in a few words.")))
    if len(note) > LONGEST_REASON:
        raise ReasonTooLong(str(_("What you found can have 400 characters. Shorten it.")))
    alarm = Alarm.objects.filter(pk=alarm_id).first()
    if alarm is None:
        raise NotThere()
    if alarm.agent_id == by.actor.agent_id:
        raise NotByThemselves()
    still_open = Alarm.objects.filter(pk=alarm_id, looked_at=None)
    return bool(still_open.update(looked_at=clock.machine_now(), looked_by=by.actor.agent_id, note=note))


@command("member.watch", by=[Kind.AGENT], about="member:{member_id}")
def watch_member(*, by: Standing, now: datetime, member_id: int, on: bool) -> bool:
    """From here on each colleague who looks at this member raises an alarm; or no longer. False: it was so already."""
    _supervisors_only(by)
    if not Member.objects.filter(pk=member_id).exists():
        raise NotThere()
    if not on:
        return bool(Watched.objects.filter(member=member_id).delete()[0])
    row = Watched(member_id=member_id, at=clock.machine_now(), by_id=by.actor.agent_id)
    before = Watched.objects.filter(member=member_id).exists()
    Watched.objects.bulk_create([row], ignore_conflicts=True)
    return not before


@command("agent.home", by=[Kind.AGENT], about="agent:{agent_id}")
def keep_home(*, by: Standing, now: datetime, agent_id: int, address: Clean) -> None:
    """Where a colleague lives, as letters are addressed; "" forgets it. Kept as a keyed hash alone (models.Home)."""
    _supervisors_only(by)
    if not Agent.objects.filter(pk=agent_id).exists():
        raise NotThere()
    if not folded(address):
        Home.objects.filter(agent=agent_id).delete()
    else:
        Home.objects.update_or_create(agent_id=agent_id, defaults={"hash": _hash_of(address)})


@command("views.export", by=[Kind.AGENT], about="views")
def record_export(*, by: Standing, now: datetime, rows: int, members: int) -> None:
    """A list of looks left as a file (SR-93)."""
    _supervisors_only(by)


def _supervisors_only(by: Standing) -> None:
    if not by.actor.is_supervisor:
        raise NotPermitted()
