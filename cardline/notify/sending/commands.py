"""Each step of a message on its way out. A step is a conditional update: two workers, or one that was killed in
between, never take the same one twice.

`tries` is the lease (SR-67): it rises each time a worker takes the message in hand, and a worker that was overtaken
cannot write how its own try failed. That one succeeded is true whoever says it.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db.models import F, QuerySet

from cardline.kit import clock
from cardline.kit.actors import Kind, Standing
from cardline.kit.commands import command
from cardline.kit.outbox import MAX_TRIES, pause_after
from cardline.members.restrictions.commands import hold_message
from cardline.members.restrictions.queries import may_send
from cardline.members.restrictions.rules import Allow
from cardline.notify.doors import can_leave_by
from cardline.notify.models import Door, Outgoing
from cardline.notify.outgoing import NO_SUCH_PLACE, look_at, put_out, waits_until
from cardline.notify.reach import is_safe, takes, ways_to
from cardline.notify.rules import CODE_LASTS
from cardline.notify.wording import template
from cardline.trust.commands import make_code
from cardline.trust.rules import Kind as Proven

log = logging.getLogger("cardline.notify")

HELD = timedelta(seconds=45)  # longer than any door may take, shorter than the outbox's own lease
HELD_LOOK = timedelta(minutes=15)  # between two looks whether a restriction is over
TOO_LATE, GONE_QUIET, RESTRICTED, NOT_SAFE = "too_late", "nobody_said", "restricted", "not_safe"
STOPPED = "stopped"
LINK_CHECK = "email_check"  # goes to an address that once came back: pressing its link shows that it is right
AT_ONCE = 100

State = Outgoing.State
OPEN = (State.QUEUED, State.FAILED)
KINDS = {
    "text": Proven.MESSAGE,
    "email": Proven.EMAIL,
    "letter": Proven.LETTER,
}  # as /verify-us says them back


@command("notify.take_out", by=[Kind.SYSTEM], housekeeping=True)
def take_in_hand(*, by: Standing, now: datetime, outgoing_id: int) -> tuple[int, bool] | None:
    """Take a message in hand, a moment before it goes. Some tries come hours later, when it may be night.

    Returns the number of this try and whether an earlier one may have arrived unheard; None when there is nothing to
    do now, also because another worker has it in hand (then it is looked at again after that).
    """
    at = clock.machine_now()
    row = Outgoing.objects.select_related("member").filter(pk=outgoing_id, state__in=OPEN).first()
    if row is None:
        return None
    if row.held_until and row.held_until > at:
        look_at(row, row.held_until)
        return None
    if over := _why_it_is_over(row, at):
        _end(row, *over, now)
        return None
    decision = may_send(row.member_id, f"message:{row.template}", now)
    if not isinstance(decision, Allow):
        hold_message(row.member_id, f"message:{row.template}", f"outgoing:{row.pk}", decision, now)
        _finish(row, State.REFUSED, problem=RESTRICTED, next_try_at=at + HELD_LOOK)
        return None
    if until := waits_until(row, now):
        _still(row).update(state=State.WAITING, due_at=until, held_until=None, next_try_at=None)
        return None
    won = _still(row).update(held_until=at + HELD, tries=F("tries") + 1, next_try_at=None, unsure=True)
    if won:
        _let_it_prove_us(row, by, now)
    return (row.tries + 1, row.unsure) if won else None


def _let_it_prove_us(row: Outgoing, by: Standing, now: datetime) -> None:
    """A code for /verify-us, the same at each try: the words of a message must not change between two (carrier.py)."""
    of = template(row.template)
    if row.proves_us_id is None and of.can_prove_us:
        code = make_code(by=by, now=now, member_id=row.member_id, kind=KINDS[row.channel], about=of.about)
        Outgoing.objects.filter(pk=row.pk, proves_us=None).update(proves_us=code)


def _why_it_is_over(row: Outgoing, at: datetime) -> tuple[State, str] | None:
    if not row.to:
        return State.REFUSED, NO_SUCH_PLACE
    if not is_safe(row.member_id, row.channel, row.to):  # they may have said so since it was written
        return State.REFUSED, NOT_SAFE
    if row.template != LINK_CHECK and not takes(row.channel, row.to):
        return State.REFUSED, STOPPED if row.channel == Door.TEXT else NO_SUCH_PLACE
    if row.secret and row.made_at + CODE_LASTS <= at:
        return State.REFUSED, TOO_LATE
    if row.tries >= MAX_TRIES:  # the last try ended with its worker
        return State.PARKED, GONE_QUIET
    return None


@command("notify.out_sent", by=[Kind.SYSTEM], about="outgoing:{outgoing_id}")
def note_taken(*, by: Standing, now: datetime, outgoing_id: int, provider_id: str) -> bool:
    """The other side took it. Whether it arrives is not known. False: that was noted already."""
    row = Outgoing.objects.get(pk=outgoing_id)
    return _finish(row, State.SENT, sent_at=now, provider_id=provider_id[:64], problem="")


@command("notify.out_failed", by=[Kind.SYSTEM], about="outgoing:{outgoing_id}")
def note_not_taken(
    *, by: Standing, now: datetime, outgoing_id: int, at_try: int, problem: str, permanent: bool, unsure: bool
) -> bool:
    """It was not taken, or nobody heard whether. problem: a word of ours. permanent: no try would change that. unsure:
    it may have been taken all the same.

    It is tried again later, eight times in all; then it is parked, where people see it. What ends here goes another
    way, where there is one. False: another worker has taken it since.
    """
    row = Outgoing.objects.select_related("member").get(pk=outgoing_id)
    if row.tries != at_try or row.state not in OPEN:
        return False
    at = clock.machine_now()
    next_try_at = at + pause_after(row.tries)
    if permanent:
        _end(row, State.REFUSED, problem, now)
    elif row.secret and next_try_at >= row.made_at + CODE_LASTS:
        _end(row, State.REFUSED, TOO_LATE, now)
    elif row.tries >= MAX_TRIES:
        _end(row, State.PARKED, problem, now)
    elif _still(row).update(
        state=State.FAILED,
        problem=problem[:20],
        unsure=unsure,
        held_until=None,
        next_try_at=next_try_at,
    ):
        look_at(row, next_try_at)
    return True


@command("notify.out_release", by=[Kind.SYSTEM], housekeeping=True)
def release_waiting(*, by: Standing, now: datetime) -> int:
    """What waited for the end of quiet hours goes on its way. Returns how many did."""
    due = Outgoing.objects.filter(state=State.WAITING, due_at__lte=now).order_by("due_at", "id")[:AT_ONCE]
    moved = [row for row in due if _still(row).update(state=State.QUEUED, due_at=None)]
    for row in moved:
        look_at(row, clock.machine_now())
    return len(moved)


def _end(row: Outgoing, state: State, problem: str, now: datetime) -> None:
    if not _finish(row, state, problem=problem[:20]):
        return
    log.warning("notify.not_sent", extra={"outgoing": row.pk, "by": row.channel, "problem": problem})
    if not row.secret:  # a code proves that its reader holds this very number: another place would be weaker
        go_another_way(row, now)


def _finish(row: Outgoing, state: State, **more: object) -> bool:
    """The end of its way, whatever it is; with it a secret's values go."""
    kept = {} if row.secret else row.values
    ended = {"state": state, "values": kept, "held_until": None, "next_try_at": None, "unsure": False}
    return bool(Outgoing.objects.filter(pk=row.pk, state__in=OPEN).update(**{**ended, **more}))


def go_another_way(row: Outgoing, now: datetime) -> None:
    """By another door of the template that leads out and was not tried yet, if the member has a place for it."""
    tried, earlier = {row.channel}, row
    while earlier.instead_of is not None:
        earlier = earlier.instead_of
        tried.add(earlier.channel)
    doors = tuple(one for one in template(row.template).channels if one not in tried and can_leave_by(one))
    for channel, place in ways_to(row.member, doors):
        if not _said_there(row, channel, place):
            otherwise = Outgoing(
                member=row.member, template=row.template, language=row.language, channel=channel, to=place,
                values=row.values, urgent=row.urgent, instead_of=row,
            )  # fmt: skip
            put_out(otherwise, now)
            return


def _said_there(row: Outgoing, channel: str, place: str) -> bool:
    """The same words are on their way to that place, or were sent there."""
    same = Outgoing.objects.filter(
        member=row.member, template=row.template, channel=channel, to=place, values=row.values
    )
    return same.exclude(state__in=(State.REFUSED, State.PARKED)).exists()


def _still(row: Outgoing) -> QuerySet[Outgoing]:
    """The row as it was read: nothing of it is changed when somebody was quicker."""
    return Outgoing.objects.filter(
        pk=row.pk, state=row.state, tries=row.tries, held_until=row.held_until, due_at=row.due_at
    )
