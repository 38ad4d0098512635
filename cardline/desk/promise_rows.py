"""Promises as the desk shows them: the ring and the date, whose it is, and what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, gettext

from cardline.clocks.rules import rule_named
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor
from cardline.kit.dates import say_date
from cardline.kit.reference import show_reference
from cardline.promises.legal.queries import clock_of
from cardline.promises.models import Promise
from cardline.ui.entries import place_name
from cardline.ui.promise import PromiseLook, promise_look


@dataclass(frozen=True, slots=True)
class Law:
    """Why a promise has the date it has. act_by: "" on the due day itself."""

    clock: int
    rule: str
    source: str
    act_by: str


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """law: of a legal clock, whose date nobody can agree to move. can_take: whoever sees an open one may; a missed one
    is the supervisors' (DOMAIN 13).

    due: "2026-11-24T17:00" on the issuer's clock, for the field of a new date.
    """

    id: int
    look: PromiseLook
    is_unfinished: bool
    can_move: bool
    can_take: bool
    due: str
    reference: str
    member: str
    law: Law | None


def rows_of(actor: Actor, promises: Sequence[Promise], now: datetime) -> list[PromiseRow]:
    return [_row(actor, promise, now) for promise in promises]


def _row(actor: Actor, promise: Promise, now: datetime) -> PromiseRow:
    is_open = promise.state == Promise.State.OPEN
    is_unfinished = is_open or (promise.state == Promise.State.MISSED and promise.done_at is None)
    let_go = promise.state in (Promise.State.REPLACED, Promise.State.RELEASED)
    zone = ZoneInfo(promise.due_zone)
    look = promise_look(
        sentence=promise.text,
        made_at=promise.made_at,
        due_at=promise.due_at,
        now=now,
        zone=zone,
        done_at=promise.done_at,
        released_at=promise.left_open_at if let_go else None,
        line=_line(actor, promise) if is_unfinished else _ending(promise),
    )
    return PromiseRow(
        id=promise.pk,
        look=look,
        is_unfinished=is_unfinished,
        can_move=is_open and now <= promise.due_at and promise.source != Promise.Source.LAW,
        can_take=is_unfinished and promise.owner_id != actor.agent_id and (is_open or actor.is_supervisor),
        due=f"{promise.due_at.astimezone(zone):%Y-%m-%dT%H:%M}",
        reference=show_reference(promise.case.ref),
        member=promise.case.member.name_for_staff if promise.case.member else gettext("Guest"),
        law=_law(promise, now),
    )


def _law(promise: Promise, now: datetime) -> Law | None:
    clock = clock_of(promise)
    if clock is None:
        return None
    on = clock.act_by if clock.act_by != clock.due_on else None
    act_by = say_date(on, get_language() or "en", now) if on else ""
    return Law(clock.pk, clock.rule, rule_named(clock.rule).source, act_by)


def _line(actor: Actor, promise: Promise) -> str:
    """Whose it is: a person only once they have it, else the place that owns it (DESIGN 6)."""
    if promise.owner is not None:
        return gettext("Yours") if promise.owner_id == actor.agent_id else promise.owner.name
    place = place_name(promise.queue, current_profile(), get_language() or "en")
    return place[:1].upper() + place[1:]


def _ending(promise: Promise) -> str:
    """How it ended, in the words that were written down."""
    return promise.evidence or promise.release_reason
