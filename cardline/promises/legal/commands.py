"""Legal clocks start with what happened, follow the facts, and are kept like any promise (DOMAIN 1 and 2).

None of them pauses: there is no command for it. What we have to do by a date is a promise with its rule; what somebody
else may do until a date, or what we have to respect until then, is a window.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from cardline.cases import timeline
from cardline.cases.models import Case
from cardline.clocks.calendars import CalendarEnds
from cardline.clocks.compute import ClockRefused, Due, compute
from cardline.clocks.events import event_called, event_ids, rules_started_by, said_to_members
from cardline.clocks.local import end_of_day
from cardline.clocks.rules import UnknownRule, rule_named
from cardline.issuer.profile import current_profile
from cardline.kit.actors import SYSTEM, Kind, Standing
from cardline.kit.commands import command
from cardline.kit.redact import Clean, clean, is_blank
from cardline.kit.refusals import Malformed, NotThere
from cardline.kit.visibility import visible
from cardline.members.models import Member
from cardline.promises.commands import (
    NoLongerOpen,
    contact_of,
    do_promise,
    enter_promise,
    look_again,
    rungs_left,
)
from cardline.promises.legal.refusals import (
    CannotTellDate,
    LaterNeedsAPerson,
    NotHappenedYet,
    WindowNeverShortened,
)
from cardline.promises.legal.rules import Move, may_move, move_of
from cardline.promises.models import ClockChange, LegalClock, Promise
from cardline.promises.queries import UNFINISHED, is_open_at

LONGEST_REASON = 400
MOVED = "clock.moved"
CORRECTED = "clock.corrected"
WINDOW = "clock.window"


@command("clock.start", by=[Kind.AGENT, Kind.SYSTEM], about="case:{case_id}")
def start_clocks(
    *,
    by: Standing,
    now: datetime,
    case_id: int,
    event: str,
    started_at: datetime,
    params: Mapping[str, Any] | None = None,
    about: str = "",
    contact_id: int | None = None,
) -> dict[str, Any]:
    """Something happened that starts legal clocks: each that the issuer's law knows becomes a promise, or a window.

    event: of clocks/events.toml. started_at: when it happened or reached us, aware; a letter counts from the start of
    the day on its date stamp. params: the facts, as clocks.compute takes them. about: the thing in the card core.
    Late is no reason to refuse: a clock that has run out is missed at the next sweep, which is the truth.

    Returns {"clocks": [ids]}; the same start again gives the same clocks. Raises NotThere, Malformed (no such event),
    NotHappenedYet, CannotTellDate.
    """
    case = visible(Case, by.actor).filter(pk=case_id).first()
    if case is None:
        raise NotThere()
    if event not in event_ids():
        raise Malformed(field="event")
    facts = dict(params or {})
    started = [
        _open(by, now, case, event, rule, started_at, facts, about, contact_id)
        for rule in rules_started_by(event_called(event).id, current_profile().jurisdiction)
    ]
    return {"clocks": started}


def _open(
    by: Standing,
    now: datetime,
    case: Case,
    event: str,
    rule: str,
    started_at: datetime,
    facts: dict[str, Any],
    about: str,
    contact_id: int | None,
) -> int:
    """One clock of a case; the one that runs already where it was started before."""
    due = _worked_out(rule, started_at, facts, now)
    clock = LegalClock(
        case=case,
        rule=rule,
        event=event,
        about=about,
        started_at=started_at,
        params=facts,
        due_on=due.due,
        act_by=due.act_by,
        due_zone=current_profile().time_zone,
        opened_at=now,
        opened_by=by.actor.key,
        opened_by_name=by.actor.name,
    )
    known = LegalClock.objects.filter(
        case=case, event=event, rule=rule, about=about, started_at=started_at
    ).first()
    if known is not None:
        return int(known.pk)
    try:
        with transaction.atomic():
            return _enter_task(by, now, clock, contact_id) if due.act_by else _enter_window(clock, contact_id)
    except IntegrityError:  # two at once, and the other was quicker
        return int(
            LegalClock.objects.get(case=case, event=event, rule=rule, about=about, started_at=started_at).pk
        )


def _enter_task(by: Standing, now: datetime, clock: LegalClock, contact_id: int | None) -> int:
    contact = contact_of(by, clock.case, contact_id)
    words, audience = _words_of(clock)
    promise = Promise(
        case=clock.case,
        home_case_id=contact.home_case_id if contact else clock.case_id,
        contact=contact,
        text=words,
        queue=clock.case.queue,
        audience=audience,
        source=Promise.Source.LAW,
        rule=clock.rule,
        made_at=now,
        due_zone=clock.due_zone,
        **_instants_of(clock),
    )
    enter_promise(by, promise, clock)
    return int(clock.pk)


def _enter_window(clock: LegalClock, contact_id: int | None) -> int:
    clock.save(force_insert=True)
    timeline.append(
        clock.case_id, WINDOW, contact_id=contact_id, visible=False, data={"rule": clock.rule, **_said(clock)}
    )
    return int(clock.pk)


@command("clock.recompute", by=[Kind.AGENT, Kind.SYSTEM], about="clock:{clock_id}")
def recompute_clock(
    *,
    by: Standing,
    now: datetime,
    clock_id: int,
    reason: Clean,
    rule: str = "",
    started_at: datetime | None = None,
    params: Mapping[str, Any] | None = None,
) -> str:
    """A fact was another than we thought: the start, a closing date, a new account, or the product and so the rule.

    What is left out stays as it was; params replaces all of them. The date that stood until now stays in the history.
    An earlier one counts at once. A later one needs a named person and their reason; a window is never shortened.

    Returns "same", "earlier" or "later". Raises NotThere, NoLongerOpen (done, or missed: a miss stays one),
    CannotTellDate, NotHappenedYet, LaterNeedsAPerson, WindowNeverShortened.
    """
    seen = visible(LegalClock, by.actor).filter(pk=clock_id)
    clock = seen.select_related("promise", "case").select_for_update(of=("self",)).first()
    if clock is None:
        raise NotThere()
    if clock.promise and not is_open_at(clock.promise, now):
        raise NoLongerOpen()
    facts = clock.params if params is None else dict(params)
    start = started_at or clock.started_at
    due = _worked_out(rule or clock.rule, start, facts, now)
    if (due.act_by is None) != clock.is_window:
        raise CannotTellDate(f"{due.rule.id} is not the same kind of clock", field="rule")
    move = move_of(clock.due_on, due.due)
    is_person = by.actor.kind == Kind.AGENT
    if not may_move(move, is_window=clock.is_window, is_person=is_person, has_reason=not is_blank(reason)):
        raise (
            LaterNeedsAPerson(field="reason")
            if move == Move.LATER
            else WindowNeverShortened(field="started_at")
        )
    _keep_what_stood(clock, by, now, reason)
    before = clock.due_on
    clock.rule, clock.started_at, clock.params = due.rule.id, start, facts
    clock.due_on, clock.act_by = due.due, due.act_by
    clock.save(update_fields=["rule", "started_at", "params", "due_on", "act_by"])
    if not clock.is_window:
        _move_promise(clock, now)
    _say_so(clock, before, move)
    return move.value


def keep_clocks(about: str, events: tuple[str, ...], evidence: Clean, now: datetime) -> int:
    """Inside a command: what these events asked of us about a thing in the core is done. Returns how many that settled.

    One that was missed is done late, and stays a miss.
    """
    promises = Promise.objects.filter(UNFINISHED, clock__about=about, clock__event__in=events)
    waiting = list(promises.values_list("pk", flat=True))
    for promise_id in waiting:
        do_promise(by=SYSTEM, now=now, promise_id=promise_id, evidence=evidence)
    return len(waiting)


def _worked_out(rule: str, started_at: datetime, facts: Mapping[str, Any], now: datetime) -> Due:
    """Raises CannotTellDate, NotHappenedYet. What is counted back from may be still to come: a planned debit."""
    profile = current_profile()
    try:
        if started_at > now and rule_named(rule).spans[0].unit != "business_before":
            raise NotHappenedYet(field="started_at")
        return compute(rule, started_at, profile.calendar, profile.zone, facts, profile.own_clocks)
    except (ClockRefused, CalendarEnds, UnknownRule) as why:
        raise CannotTellDate(str(why).rstrip(".")) from why


def _words_of(clock: LegalClock) -> tuple[Clean, str]:
    """What is promised, in the member's language, and to whom; a duty inside the house is the staff's alone."""
    language = "en"
    if clock.case.member_id:
        language = Member.objects.values_list("language", flat=True).get(pk=clock.case.member_id)
    if words := said_to_members(clock.rule, language):
        return clean(words), Promise.Audience.MEMBER
    does = rule_named(clock.rule).does
    return clean(does[:1].upper() + does[1:]), Promise.Audience.STAFF


def _instants_of(clock: LegalClock) -> dict[str, datetime]:
    """A legal date is met until 23:59:59 of the issuer's day (DOMAIN 1.9)."""
    assert clock.act_by is not None
    zone = current_profile().zone
    return {"due_at": end_of_day(clock.due_on, zone), "act_by_at": end_of_day(clock.act_by, zone)}


def _keep_what_stood(clock: LegalClock, by: Standing, now: datetime, reason: Clean) -> None:
    ClockChange.objects.create(
        clock=clock,
        at=now,
        by=by.actor.key,
        by_name=by.actor.name,
        reason=reason[:LONGEST_REASON],
        rule=clock.rule,
        started_at=clock.started_at,
        params=clock.params,
        due_on=clock.due_on,
        act_by=clock.act_by,
    )


def _move_promise(clock: LegalClock, now: datetime) -> None:
    """Its promise says the new date, and climbs on from the rungs it has taken. Raises NoLongerOpen."""
    words, audience = _words_of(clock)
    moved = Promise.objects.filter(clock=clock, state=Promise.State.OPEN).update(
        text=words, audience=audience, rule=clock.rule, **_instants_of(clock)
    )
    if not moved:
        raise NoLongerOpen()
    promise = Promise.objects.get(clock=clock)
    left = rungs_left(promise)
    Promise.objects.filter(pk=promise.pk).update(next_step_at=left[0].at if left else None)
    clock.promise = promise
    look_again(promise.case_id, now)


def _say_so(clock: LegalClock, before: Any, move: Move) -> None:
    """A line for colleagues, and for the member where the date they were told is another now; never the reason."""
    promise = clock.promise
    told = bool(promise and promise.audience == Promise.Audience.MEMBER and move != Move.SAME)
    data = {"rule": clock.rule, "before": before.isoformat(), **_said(clock)}
    if promise:
        data |= {"promise": promise.pk, "n": promise.n, "due_at": promise.due_at.isoformat()}
    timeline.append(
        promise.home_case_id if promise else clock.case_id,
        CORRECTED if move == Move.SAME else MOVED,
        contact_id=promise.contact_id if promise else None,
        visible=told,
        data=data,
    )


def _said(clock: LegalClock) -> dict[str, str]:
    return {"due_on": clock.due_on.isoformat()}
