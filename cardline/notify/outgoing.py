"""Tell a member something by text, e-mail or letter, from inside any command.

The row and its outside work are written in the transaction of whatever is being told: both happen or neither. What it
says comes from a template that holds no fact of an account (notify/wording.py); the worker takes it from there
(notify/sending).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, cast
from uuid import uuid4
from zoneinfo import ZoneInfo

from cardline.kit import clock
from cardline.kit.commands import executing
from cardline.kit.outbox import send_later
from cardline.members.models import Member
from cardline.notify.doors import can_leave_by
from cardline.notify.models import Outgoing
from cardline.notify.queries import quiet_of
from cardline.notify.reach import tidy_place, ways_to
from cardline.notify.rules import out_waits_until
from cardline.notify.values import problem_with
from cardline.notify.wording import Template, template

OUT = "notify.out"  # the outbox's word for it; payload: {"outgoing": id}
NO_SUCH_PLACE = "no_such_place"

Channel = Literal["text", "email", "letter"]
State = Outgoing.State


def send(
    member_id: int,
    template: str,
    values: Mapping[str, str],
    *,
    channel: Channel,
    to: str,
    now: datetime,
    urgent: bool = False,
    secret: bool = False,
) -> int:
    """Have a message leave the house. Returns the number of its row; `notify.queries.how_it_went` says what became
    of it.

    values: what the template asks for, by name (texts/<template>.toml); a link is a path of ours. to: number, e-mail
    address or postal address in one line. now: the product's time. urgent: quiet hours do not hold it back. secret:
    the values are a one-time code, kept no longer than it takes to send it and ten minutes at most; quiet hours do not
    hold that back either, and no other door is tried.

    A place nothing can be sent to is no error here: the row says so, and the message goes another way where the
    template has one. Raises ValueError when template, door and values do not fit together, Member.DoesNotExist, and
    RuntimeError outside a command.
    """
    executing()
    _check(template, values, channel, secret=secret)
    member = Member.objects.get(pk=member_id)
    row = Outgoing(
        member=member,
        template=template,
        language=member.language,
        channel=channel,
        to=tidy_place(channel, to),
        values=dict(values),
        urgent=urgent,
        secret=secret,
    )
    return put_out(row, now).pk


def tell(
    member_id: int, template: str, values: Mapping[str, str], *, now: datetime, urgent: bool = False
) -> int | None:
    """The same by the door the member prefers, of those the template may take and this installation has; never a code.

    Returns the number of its row, None when we know no place of theirs. Raises as `send` does.
    """
    executing()
    ways = ways_to(Member.objects.get(pk=member_id), _known(template).channels)
    if not ways:
        return None
    channel, to = next((way for way in ways if can_leave_by(way[0])), ways[0])
    return send(member_id, template, values, channel=cast(Channel, channel), to=to, now=now, urgent=urgent)


def put_out(row: Outgoing, now: datetime) -> Outgoing:
    """Write a row that is new, and the work that follows from it, in the running transaction."""
    row.name, row.asked_at, row.made_at = uuid4().hex, now, clock.machine_now()
    row.due_at = waits_until(row, now)
    row.state = State.WAITING if row.due_at else State.QUEUED
    row.save(force_insert=True)
    if row.state == State.QUEUED:
        look_at(row, row.made_at)
    return row


def look_at(row: Outgoing, at: datetime) -> None:
    """Have the worker look at it then. at: machine time."""
    send_later(OUT, {"outgoing": row.pk}, at)


def waits_until(row: Outgoing, now: datetime) -> datetime | None:
    """When quiet hours end that it lies in; None when it may go now."""
    member = row.member
    at_once = row.urgent or row.secret
    return out_waits_until(row.channel, now, ZoneInfo(member.zone), quiet_of(member), at_once=at_once)


def _check(of: str, values: Mapping[str, str], channel: str, *, secret: bool) -> None:
    """What is wrong here is wrong in the code that called; the words never hold a value."""
    known = _known(of)
    if channel not in known.channels:
        raise ValueError(f"{of} does not go by {channel}, but by {', '.join(known.channels)}")
    if values.keys() != known.values:
        raise ValueError(f"{of} takes {', '.join(sorted(known.values))}, and was given {', '.join(values)}")
    if "code" in values and not secret:
        raise ValueError(f"{of} holds a code, and was not said to be secret")
    choices = known.in_("en").choices
    wrong = [problem for name, value in values.items() if (problem := problem_with(name, value, choices))]
    if wrong:
        raise ValueError(f"{of}: {'; '.join(wrong)}")


def _known(of: str) -> Template:
    try:
        return template(of)
    except KeyError:
        raise ValueError(f"there is no message {of}") from None
