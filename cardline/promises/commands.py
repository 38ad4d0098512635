"""Promises are made, kept, missed, taken up, replaced, released. Each leaves `open` exactly once."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db.models import F, Min
from django.utils.translation import gettext_lazy as _

from cardline.cases import timeline
from cardline.cases.commands import set_attention
from cardline.cases.models import Case
from cardline.clocks.rules import settled_with
from cardline.contact.models import Contact
from cardline.kit.actors import SYSTEM, Kind, Standing
from cardline.kit.commands import command
from cardline.kit.news import tell
from cardline.kit.redact import Clean, clean, is_blank
from cardline.kit.refusals import Malformed, NotPermitted, NotThere, Refusal
from cardline.kit.visibility import visible
from cardline.promises.ladder import answer_by, ladder_of, place_for
from cardline.promises.models import Escalation, LegalClock, Promise
from cardline.promises.queries import UNFINISHED
from cardline.promises.rules import Rung, still_to_climb
from cardline.staff.models import Agent

MAKERS = (Kind.AGENT, Kind.SYSTEM, Kind.API, Kind.MEMBER, Kind.GUEST)
FURTHEST = timedelta(days=400)
STUMBLE_PAUSE = timedelta(minutes=5)


class PromiseInThePast(Refusal):
    status = 422
    code = "promise_in_the_past"
    sentence = _("That time has passed. Choose one that is still to come.")


class PromiseTooFar(Refusal):
    status = 422
    code = "promise_too_far"
    sentence = _("That is more than a year away. Choose an earlier date.")


class PromiseWithoutWords(Malformed):
    code = "promise_without_words"
    sentence = _("Say what we will do, in one sentence of at most 240 characters.")


class NoLongerOpen(Refusal):
    code = "no_longer_open"
    sentence = _("This promise is not open any more. Reload the page to see what became of it.")


class LegalDateStands(Refusal):
    code = "legal_date_stands"
    sentence = _(
        "The law sets this date, so nobody can agree to another. If a fact was wrong, correct it on the page of legal "
        "clocks; if it is settled, say what was done."
    )


class EvidenceMissing(Malformed):
    code = "evidence_missing"
    sentence = _("Say what was done, so that anybody can check it.")


@command("promise.make", by=MAKERS, about="case:{case_id}", scope="promises:write")
def make_promise(
    *,
    by: Standing,
    now: datetime,
    case_id: int,
    text: Clean,
    due_at: datetime,
    due_zone: str,
    source: str,
    contact_id: int | None = None,
    owner_id: int | None = None,
    queue: str = "",
    rule: str = "",
    audience: str = "member",
) -> dict[str, int]:
    """We will `text` by `due_at`. owner_id: a colleague; queue: the place that owns it (the case's own by default).

    text completes "We will …". Its ladder starts at once. Members and guests make none themselves: theirs is the
    case whose routing promises an answer (source "routing"). Returns {"promise_id", "n"}.
    """
    text = clean(" ".join(text.split()))
    if not text or len(text) > 240:
        raise PromiseWithoutWords()
    if due_at <= now:
        raise PromiseInThePast()
    if due_at - now > FURTHEST:
        raise PromiseTooFar()
    try:
        ZoneInfo(due_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Malformed(field="due_zone") from error
    if by.actor.kind in (Kind.MEMBER, Kind.GUEST) and source != Promise.Source.ROUTING:
        raise NotPermitted()
    if source == Promise.Source.LAW:  # its date is worked out, never given: promises/legal
        raise NotPermitted()
    case = visible(Case, by.actor).filter(pk=case_id).first()
    if case is None or (owner_id and not Agent.objects.filter(pk=owner_id, active=True).exists()):
        raise NotThere()
    contact = contact_of(by, case, contact_id)
    promise = enter_promise(
        by,
        Promise(
            case=case,
            home_case_id=contact.home_case_id if contact else case.pk,
            contact=contact,
            text=text,
            owner_id=owner_id,
            queue=queue or case.queue,
            audience=audience,
            source=source,
            rule=rule,
            made_at=now,
            due_at=due_at,
            act_by_at=due_at,
            due_zone=due_zone,
        ),
    )
    return {"promise_id": promise.pk, "n": promise.n}


def enter_promise(by: Standing, promise: Promise, clock: LegalClock | None = None) -> Promise:
    """Inside a command: put a promise down with the next number of its case, and set it on its ladder.

    clock: where the law sets the date; it is put down with it.
    """
    Case.objects.filter(pk=promise.home_case_id).update(promises=F("promises") + 1)
    promise.n = Case.objects.values_list("promises", flat=True).get(pk=promise.home_case_id)
    promise.made_by, promise.made_by_name = by.actor.key, by.actor.name
    steps = ladder_of(promise, clock)
    promise.next_step_at = steps[0].at if steps else None
    promise.save(force_insert=True)
    if clock is not None:
        clock.promise = promise
        clock.save(force_insert=True)
    _enter(promise, "promise.made")
    look_again(promise.case_id, promise.made_at)
    return promise


def rungs_left(promise: Promise) -> list[Rung]:
    """Inside a command: what will still happen to it by itself, soonest first."""
    is_legal = promise.source == Promise.Source.LAW
    clock = LegalClock.objects.filter(promise=promise.pk).first() if is_legal else None
    taken = Escalation.objects.filter(promise=promise.pk).values_list("moment", flat=True)
    return still_to_climb(ladder_of(promise, clock), taken)


def contact_of(by: Standing, case: Case, contact_id: int | None) -> Contact | None:
    """Inside a command: the conversation of this case something was said in. Raises NotThere."""
    if contact_id is None:
        return None
    contact = visible(Contact, by.actor).filter(pk=contact_id, case=case.pk).first()
    if contact is None:
        raise NotThere()
    return contact


@command(
    "promise.keep",
    by=[Kind.AGENT, Kind.SYSTEM, Kind.API],
    about="promise:{promise_id}",
    scope="promises:write",
)
def do_promise(*, by: Standing, now: datetime, promise_id: int, evidence: Clean) -> str:
    """It is done. Returns "kept" when that is by its due instant, else "done_late": it stays missed in every figure.

    Raises EvidenceMissing, NotThere, NoLongerOpen (replaced, released, or done before).
    """
    if is_blank(evidence):
        raise EvidenceMissing()
    promise = _seen(by, promise_id)
    if promise.state == Promise.State.OPEN and now > promise.due_at:
        miss_promise(by=SYSTEM, now=now, promise_id=promise_id)  # the sweep had not come by yet
    kept = Promise.objects.filter(pk=promise_id, state=Promise.State.OPEN, due_at__gte=now).update(
        state=Promise.State.KEPT,
        left_open_at=now,
        done_at=now,
        evidence=evidence[:400],
        done_by_name=by.actor.name,
        next_step_at=None,
    )
    late = 0
    if not kept:
        late = Promise.objects.filter(pk=promise_id, state=Promise.State.MISSED, done_at=None).update(
            done_at=now, evidence=evidence[:400], done_by_name=by.actor.name, next_step_at=None
        )
    if not kept and not late:
        raise NoLongerOpen()
    promise.refresh_from_db()
    _enter(promise, "promise.kept" if kept else "promise.done_late")
    _settle_what_is_needless(promise, by, now, evidence)
    look_again(promise.case_id, now)
    return "kept" if kept else "done_late"


def _settle_what_is_needless(done: Promise, by: Standing, now: datetime, evidence: Clean) -> None:
    """What the law asks for only until something else is done, of the same notice: resolved, it needs no
    acknowledgement any more (z.acknowledge). Where two notices in one case could be meant, a person says which.
    """
    rules = settled_with(done.rule) if done.source == Promise.Source.LAW else ()
    clock = LegalClock.objects.filter(promise=done.pk).first() if rules else None
    if clock is None:
        return
    same = Promise.objects.filter(
        UNFINISHED, clock__case=clock.case_id, clock__about=clock.about, rule__in=rules
    )
    found = list(same.values_list("pk", "rule"))
    for promise_id, rule in found:
        if sum(other == rule for _pk, other in found) == 1:
            do_promise(by=by, now=now, promise_id=promise_id, evidence=evidence)


@command("promise.miss", by=[Kind.SYSTEM], about="promise:{promise_id}")
def miss_promise(*, by: Standing, now: datetime, promise_id: int) -> bool:
    """A promise's time has passed: it is missed for ever, the supervisors own it, the member is told so.

    Returns False when it was kept or missed meanwhile: somebody was quicker, which is a normal result.
    Source: guide 3.4 (follow up) and 3.5 (escalation).
    """
    missed = Promise.objects.filter(pk=promise_id, state=Promise.State.OPEN, due_at__lt=now).update(
        state=Promise.State.MISSED, left_open_at=now
    )
    if not missed:
        return False
    promise = Promise.objects.get(pk=promise_id)
    _hand_to_supervisors(promise, now)
    return True


@command("promise.step", by=[Kind.SYSTEM], about="promise:{promise_id}")
def step_promise(*, by: Standing, now: datetime, promise_id: int) -> str:
    """Do what a promise's ladder says is due: remind its owner, or hand it one step up. Returns the moment's name,
    or "" when another worker was quicker.
    """
    promise = Promise.objects.filter(pk=promise_id, next_step_at__lte=now).first()
    if promise is None:
        return ""
    left = rungs_left(promise)
    step = promise.next_step
    following = left[1].at if len(left) > 1 else None
    moved = Promise.objects.filter(pk=promise_id, next_step=step, next_step_at=promise.next_step_at).update(
        next_step=step + 1, next_step_at=following, stumbles=0
    )
    if not moved or not left:
        return ""
    moment = left[0]
    if moment.name == "due":
        # `due_at` itself still counts as in time, so the miss is the instant after.
        Promise.objects.filter(pk=promise_id).update(next_step=step)
        if not miss_promise(by=by, now=now, promise_id=promise_id):
            Promise.objects.filter(pk=promise_id).update(next_step_at=promise.due_at + timedelta(seconds=1))
            return ""
        Promise.objects.filter(pk=promise_id).update(next_step=step + 1, next_step_at=following)
        return moment.name
    if moment.hands_up:
        _report_up(promise, step, moment.name, moment.to, now)
        return moment.name
    Escalation.objects.create(
        promise=promise, step=step, moment=moment.name, to=moment.to, queue=promise.queue, at=now
    )
    if promise.source == Promise.Source.LAW:
        _enter(promise, "clock.due_soon", data={"why": moment.name}, for_staff=True)
    tell("desk", None, {"topic": "desk", "news": "promises"}, audience="staff")
    return moment.name


@command("promise.stumble", by=[Kind.SYSTEM], about="promise:{promise_id}")
def push_aside(*, by: Standing, now: datetime, promise_id: int, error: str) -> None:
    """A promise whose step raised is looked at again later, so that it cannot hold up the others."""
    Promise.objects.filter(pk=promise_id, next_step_at__isnull=False).update(
        next_step_at=now + STUMBLE_PAUSE, stumbles=F("stumbles") + 1
    )


@command("promise.take", by=[Kind.AGENT], about="promise:{promise_id}")
def take_promise(*, by: Standing, now: datetime, promise_id: int) -> bool:
    """A colleague accepts a promise: from here on the member reads their name. False when it is theirs already.

    A missed one is the supervisors' (DOMAIN 13), and one of them takes it. Raises NotPermitted, NoLongerOpen.
    """
    promise = _seen(by, promise_id)
    if promise.owner_id == by.actor.agent_id:
        return False
    if promise.state == Promise.State.MISSED and not by.actor.is_supervisor:
        raise NotPermitted(
            str(_("This promise is late, so the supervisors have it. One of them takes it on."))
        )
    taken = Promise.objects.filter(UNFINISHED, pk=promise_id, owner=promise.owner_id)
    if not taken.update(owner_id=by.actor.agent_id):
        raise NoLongerOpen()
    newest = promise.escalations.order_by("-step").first()
    if newest is not None and newest.taken_by_id is None:
        Escalation.objects.filter(pk=newest.pk).update(taken_by_id=by.actor.agent_id, taken_at=now)
    promise.refresh_from_db()
    _enter(promise, "promise.taken")
    tell("desk", None, {"topic": "desk", "news": "promises"}, audience="staff")
    return True


@command("promise.replace", by=[Kind.AGENT], about="promise:{promise_id}")
def replace_promise(
    *, by: Standing, now: datetime, promise_id: int, due_at: datetime, wish: Clean
) -> dict[str, int]:
    """The member agreed, before it was due, to another date. wish: their words. The new promise names the old.

    Moving it by our own wish needs a second person and is not this command. Returns the new {"promise_id", "n"}.
    """
    if is_blank(wish):
        raise Malformed(str(_("Write down the member's own words about the new date.")), field="wish")
    promise = _seen(by, promise_id)
    if promise.source == Promise.Source.LAW:
        raise LegalDateStands()
    if promise.state != Promise.State.OPEN or now > promise.due_at:
        raise NoLongerOpen()
    made = make_promise(
        by=by,
        now=now,
        case_id=promise.case_id,
        text=clean(promise.text),
        due_at=due_at,
        due_zone=promise.due_zone,
        source=promise.source,
        contact_id=promise.contact_id,
        owner_id=promise.owner_id,
        queue=promise.queue,
        audience=promise.audience,
    )
    Promise.objects.filter(pk=promise_id).update(
        state=Promise.State.REPLACED,
        left_open_at=now,
        release_reason=wish[:400],
        replaced_by_id=made["promise_id"],
        next_step_at=None,
    )
    promise.refresh_from_db()
    _enter(promise, "promise.replaced", wish)
    look_again(promise.case_id, now)
    return made


@command("promise.release", by=[Kind.AGENT], about="promise:{promise_id}")
def release_promise(*, by: Standing, now: datetime, promise_id: int, wish: Clean) -> bool:
    """The member agreed to drop it. wish: their words."""
    if is_blank(wish):
        raise Malformed(str(_("Write down the member's own words about dropping it.")), field="wish")
    promise = _seen(by, promise_id)
    if promise.source == Promise.Source.LAW:
        raise LegalDateStands()
    released = Promise.objects.filter(pk=promise_id, state=Promise.State.OPEN, due_at__gte=now).update(
        state=Promise.State.RELEASED, left_open_at=now, release_reason=wish[:400], next_step_at=None
    )
    if not released:
        raise NoLongerOpen()
    promise.refresh_from_db()
    _enter(promise, "promise.released", wish)
    look_again(promise.case_id, now)
    return True


def _hand_to_supervisors(promise: Promise, now: datetime) -> None:
    """Missed: the supervisors' place owns it until one of them takes it, and the member reads so."""
    work_queue = Case.objects.values_list("queue", flat=True).get(pk=promise.home_case_id)
    place = place_for("supervisor", work_queue)
    Escalation.objects.create(
        promise=promise, step=promise.next_step, moment="due", to="supervisor", queue=place, at=now
    )
    Promise.objects.filter(pk=promise.pk).update(owner=None, queue=place)
    by_when = answer_by(work_queue, now)
    _enter(
        promise,
        "promise.missed",
        data={"to": "supervisor", "place": place, "answer_by": by_when.isoformat()},
    )
    set_attention(promise.case_id, promise.due_at, now)
    tell("desk", None, {"topic": "desk", "news": "promises"}, audience="staff")


def _report_up(promise: Promise, step: int, moment: str, to: str, now: datetime) -> None:
    """Still not done: the next one up hears of it. Who has it does not change, so the member reads nothing new."""
    work_queue = Case.objects.values_list("queue", flat=True).get(pk=promise.home_case_id)
    place = place_for(to, work_queue)
    Escalation.objects.create(promise=promise, step=step, moment=moment, to=to, queue=place, at=now)
    _enter(promise, "promise.escalated", data={"to": to, "place": place}, for_staff=True)
    set_attention(promise.case_id, promise.due_at, now)
    tell("desk", None, {"topic": "desk", "news": "promises"}, audience="staff")


def _enter(
    promise: Promise,
    kind: str,
    text: Clean = timeline.EMPTY,
    data: dict[str, object] | None = None,
    *,
    for_staff: bool = False,
) -> None:
    timeline.append(
        promise.home_case_id,
        kind,
        text,
        contact_id=promise.contact_id,
        visible=promise.audience == Promise.Audience.MEMBER and not for_staff,
        data={"promise": promise.pk, "n": promise.n, "due_at": promise.due_at.isoformat(), **(data or {})},
    )


def look_again(case_id: int, now: datetime) -> None:
    """The case must next be looked at when the soonest thing of it has to be worked on, a waiting member first."""
    waiting = Contact.objects.filter(case=case_id, state=Contact.State.WAITING).aggregate(
        at=Min("started_at")
    )["at"]
    due = Promise.objects.filter(UNFINISHED, case=case_id).aggregate(at=Min("act_by_at"))["at"]
    set_attention(case_id, min(filter(None, (waiting, due)), default=None), now)


def _seen(by: Standing, promise_id: int) -> Promise:
    promise = visible(Promise, by.actor).filter(pk=promise_id).first()
    if promise is None:
        raise NotThere()
    return promise
