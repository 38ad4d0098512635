"""What happens to a conversation: begun, answered, taken a step back, handed to a person.

Everything an answer leads to (looking up, commands, promises) happens in the transaction that keeps the answer. So an
end of the process at any moment leaves the conversation either before that answer or at the next question, and nothing
is done twice.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import gettext_noop as _

from cardline.cases.commands import open_case, set_attention
from cardline.clocks.days import add_business_days
from cardline.clocks.local import instant_of, local_date
from cardline.contact.commands import NotYours, take_case
from cardline.contact.models import Contact
from cardline.flows.doing import do
from cardline.flows.engine import Diverged, Position, replay
from cardline.flows.finding import find
from cardline.flows.here import Here, here_of_actor, here_of_run
from cardline.flows.models import FlowRun
from cardline.flows.queries import before_last_question
from cardline.flows.reading import PRIVATE, read_answer
from cardline.flows.registry import Flow, flow_called, flows
from cardline.flows.transcript import ENDED, HANDED_OVER, SILENT, write_end, write_lines
from cardline.flows.verbs import AT, Ask, Do, Done, Find, HandOver, Outcome, Promise, Verify
from cardline.identity.authority import action_of
from cardline.identity.queries import level_of
from cardline.issuer.asking import CoreSilent
from cardline.issuer.core import CoreUnknown
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor, Kind, Standing
from cardline.kit.commands import command
from cardline.kit.redact import Clean, clean
from cardline.kit.refusals import Asked, LevelTooLow, NotThere, Refusal
from cardline.kit.secret import Secret
from cardline.kit.visibility import visible
from cardline.kit.words import Reader, Words, say
from cardline.promises.commands import make_promise
from cardline.promises.models import Promise as PromiseRow
from cardline.routing.commands import start_chat

TALKERS = (Kind.MEMBER, Kind.GUEST, Kind.AGENT)
MOST_STEPS = 200  # of one conversation; more is a loop
Rows = list[list[Any]]
_DAYS = re.compile(r"(\d+) business days")


class AnsweredMeanwhile(Refusal):
    code = "answered_meanwhile"
    sentence = _lazy("This was answered a moment ago. Here is where it stands now.")


class ConversationOver(Refusal):
    code = "conversation_over"
    sentence = _lazy("This is finished. What was done stands in its record.")


class CannotGoBack(Refusal):
    code = "cannot_go_back"
    sentence = _lazy("What was done since then can’t be taken back here. A person can help you with it.")


class QuestionsChanged(Refusal):
    """The product was changed in the middle of a conversation, and its answers fit the questions no more."""

    code = "questions_changed"
    sentence = _lazy(
        "We changed these questions while you were here. What you said is kept: go on with a person, or start again."
    )


class OneAtATime(Refusal):
    code = "one_at_a_time"
    sentence = _lazy("Another one is under way in this conversation. Finish it first.")


@command("flow.start", by=TALKERS, about="flow:{flow}")
def start_flow(
    *,
    by: Standing,
    now: datetime,
    flow: str,
    language: str,
    channel: str = "web",
    contact_id: int | None = None,
    first: Sequence[Clean] | None = None,
    source: str = "",
) -> dict[str, Any]:
    """Begin a conversation. contact_id: the one with us it happens in. first: the answer to its first question, where a
    page showed that before anything was begun. source: as FlowRun.source.

    Returns {"token", "state", "case_id"}. Raises NotThere, LevelTooLow, OneAtATime, Malformed, and what its first
    commands refuse that is not for the flow to answer (LevelTooLow).
    """
    chosen = flow_called(flow)
    contact = None
    if contact_id is not None:
        contact = visible(Contact, by.actor).select_related("member", "case").filter(pk=contact_id).first()
        if contact is None:
            raise NotThere()
    _check_has_it(by.actor, contact)
    here = here_of_actor(by.actor, now, language, contact)
    _check_level(by.actor, chosen.level, contact_id)
    try:
        with transaction.atomic():
            run = FlowRun.objects.create(
                token=secrets.token_hex(12),
                flow=chosen.name,
                version=chosen.version,
                channel=channel,
                language=language,
                member=here.member,
                guest_key=by.actor.id if by.actor.kind == Kind.GUEST else "",
                began_by=by.actor.key,
                source=source,
                contact=contact,
                case=contact.case if contact else None,
                first_word_at=here.first_word_at or now,
                moved_at=now,
            )
    except IntegrityError as taken:
        raise OneAtATime() from taken
    rows = _settle(by, now, chosen, run, [])
    if first is not None:
        _take(by, now, chosen, run, rows, first)
    return _told(run)


@command("flow.answer", by=TALKERS, about="flow_run:{token}")
def answer_flow(
    *, by: Standing, now: datetime, token: str, steps: int, answer: Sequence[Clean]
) -> dict[str, Any]:
    """Answer the question a conversation stands at, and do what follows from it. steps: how many answers whoever
    answers had seen.

    Returns the same as start_flow. Raises NotThere, AnsweredMeanwhile, ConversationOver, Malformed (the question
    stays), LevelTooLow (nothing was kept; it is answered again once they are known surely enough).
    """
    run = _claimed(by, now, token, steps)
    chosen, rows = _kept(run)
    _take(by, now, chosen, run, rows, answer)
    return _told(run)


@command("flow.go_on", by=TALKERS, about="flow_run:{token}")
def go_on(*, by: Standing, now: datetime, token: str, steps: int) -> dict[str, Any]:
    """Try again what waits: a command the card core did not confirm, or a level that may be reached by now.

    Returns the same as start_flow. Raises NotThere, AnsweredMeanwhile, ConversationOver, LevelTooLow.
    """
    run = _claimed(by, now, token, steps)
    chosen, rows = _kept(run)
    step = _position(chosen, rows).step
    if isinstance(step, Verify):
        _check_shown(by.actor, step.level, run, steps)
        rows.append([step.step, True, None])
    _settle(by, now, chosen, run, rows)
    return _told(run)


@command("flow.rather_not", by=TALKERS, about="flow_run:{token}")
def rather_not(*, by: Standing, now: datetime, token: str, steps: int) -> dict[str, Any]:
    """They cannot or would rather not prove more now: the flow goes on with what that allows (SR-39)."""
    run = _claimed(by, now, token, steps)
    chosen, rows = _kept(run)
    step = _position(chosen, rows).step
    if not isinstance(step, Verify):
        raise AnsweredMeanwhile()
    rows.append([step.step, False, None])
    _settle(by, now, chosen, run, rows)
    return _told(run)


@command("flow.step_back", by=TALKERS, about="flow_run:{token}")
def step_back(*, by: Standing, now: datetime, token: str, steps: int) -> dict[str, Any]:
    """Take the last answer back, as long as nothing was done since. Raises CannotGoBack."""
    run = _claimed(by, now, token, steps)
    chosen, rows = _kept(run)
    kept = before_last_question(chosen, rows)
    if kept is None:
        raise CannotGoBack()
    run.written = min(run.written, len(kept))
    _settle(by, now, chosen, run, kept)
    return _told(run)


@command("flow.hand_over", by=[Kind.MEMBER, Kind.GUEST], about="flow_run:{token}")
def hand_over(*, by: Standing, now: datetime, token: str) -> dict[str, Any]:
    """To a person, at any step, with everything said so far. In a conversation with us it goes on there; elsewhere one
    begins, in the case if there is one.

    Returns {"contact_id", "ref", "number"}; asked again is the same. Raises NotThere.
    """
    run = _held(by, token)
    if run.state == FlowRun.State.OPEN:
        _hand_over(by, now, run, json.loads(run.answers), Words(_("They asked for a person.")))
        _keep(run, now)
    contact = run.contact
    if contact is None:  # it ended by itself: a person is still one press away
        contact = _begin_contact(by, now, run)
        FlowRun.objects.filter(pk=run.pk).update(contact=contact)
    return {"contact_id": contact.pk, "ref": contact.home_case.ref, "number": contact.number}


@command("flow.claim", by=[Kind.MEMBER], about="flow_run:{token}")
def claim_run(*, by: Standing, now: datetime, token: str, guest: Secret) -> bool:
    """Whoever began a conversation as a guest has signed in: it is theirs from here on, with its case and everything
    said in it. guest: the key of the guest that the same browser was.

    False: it was theirs already. Raises NotThere for what that guest did not begin.
    """
    if visible(FlowRun, by.actor).filter(token=token).exists():
        return False
    key = guest.reveal()
    run = FlowRun.objects.filter(token=token, member=None, guest_key=key).exclude(guest_key="").first()
    if run is None:
        raise NotThere()
    FlowRun.objects.filter(pk=run.pk).update(member_id=by.party, guest_key="")
    if run.case_id is not None:
        take_case(by=by, now=now, case_id=run.case_id, guest=guest)
    return True


@command("flow.end_for_person", by=TALKERS, about="flow_run:{token}")
def end_for_person(*, by: Standing, now: datetime, token: str) -> bool:
    """The questions end, in a conversation that has or waits for a person; everything said stays there. False: over."""
    run = _held(by, token)
    if run.state != FlowRun.State.OPEN or run.contact_id is None:
        return False
    words = (
        _("A colleague goes on without these questions.")
        if by.actor.is_staff
        else _("They asked for a person.")
    )
    _hand_over(by, now, run, json.loads(run.answers), Words(words))
    _keep(run, now)
    return True


@command("flow.call", by=[Kind.SYSTEM], about="flow_run:{run_id}")
def call_a_person(*, by: Standing, now: datetime, run_id: int) -> bool:
    """The card core has not confirmed what a conversation asked for, and nobody tried again: the desk is to look."""
    waiting = FlowRun.objects.filter(
        pk=run_id, state=FlowRun.State.OPEN, called_at=None, silent_since__isnull=False
    )
    run = waiting.select_related("member", "contact").first()
    if run is None or not waiting.update(called_at=now):
        return False
    if run.case_id is None:
        _open_case_for(by, now, run)
        write_lines(run, json.loads(run.answers))
    write_end(run, SILENT, (), Words(_("We asked for it and nobody has confirmed it yet.")))
    FlowRun.objects.filter(pk=run.pk).update(case=run.case_id, written=run.written)
    set_attention(run.case_id or 0, now, now)
    return True


@command("flow.forget_told", by=[Kind.SYSTEM], about="flow_run:{run_id}")
def forget_told(*, by: Standing, now: datetime, run_id: int) -> bool:
    """Nobody went on after an answer that was told for one command alone: it is asked for again if they come back."""
    FlowRun.objects.filter(pk=run_id).update(steps=F("steps"))  # nobody answers meanwhile
    run = FlowRun.objects.filter(pk=run_id, private_since__isnull=False).first()
    if run is None:
        return False
    rows = json.loads(run.answers)
    first = next(number for number, row in enumerate(rows) if _is_private(row))
    run.answers, run.steps, run.written = _kept_as(rows[:first]), first, min(run.written, first)
    run.silent_since = run.private_since = None
    run.save()
    return True


# ------------------------------------------------------------------------------------------ inside a command


def _held(by: Standing, token: str) -> FlowRun:
    """The run as it stands, with its row held until the commit, so that nobody writes over another's answer. Raises
    NotThere, and NotYours for a colleague who does not have the conversation.
    """
    rows = visible(FlowRun, by.actor).filter(token=token)
    pk = rows.values_list("pk", flat=True).first()
    if pk is None:
        raise NotThere()
    FlowRun.objects.filter(pk=pk).update(steps=F("steps"))
    run = FlowRun.objects.select_related("member", "contact__home_case").get(pk=pk)
    _check_has_it(by.actor, run.contact)
    return run


def _claimed(by: Standing, now: datetime, token: str, steps: int) -> FlowRun:
    """The same for an answer: two who answer at once are told apart here."""
    run = _held(by, token)
    if run.state != FlowRun.State.OPEN:
        raise ConversationOver()
    if run.steps != steps:
        raise AnsweredMeanwhile()
    return run


def _check_has_it(actor: Actor, contact: Contact | None) -> None:
    """A colleague leads whom they speak with, and nobody else."""
    if actor.is_staff and (contact is None or contact.agent_id != actor.agent_id):
        raise NotYours()


def _check_level(actor: Actor, needed: int, contact_id: int | None) -> None:
    if not needed:
        return
    reached = level_of(actor, contact_id)
    if reached < needed:
        raise LevelTooLow(needed, reached)


def _check_shown(actor: Actor, needed: int, run: FlowRun, steps: int) -> None:
    """A strong proof counts for one press alone, so it is asked for in the name of this one (decision 0018)."""
    told = {"token": run.token, "steps": steps}
    asked = Asked(go_on.name, action_of(go_on.name, told), told)
    reached = level_of(actor, run.contact_id, action=asked.action)
    if reached < needed:
        raise LevelTooLow(needed, reached, asked)


def _kept(run: FlowRun) -> tuple[Flow, Rows]:
    """Raises QuestionsChanged where the answers were given to another version, or to a flow there is no more."""
    chosen = flows.get(run.flow)
    if chosen is None or chosen.version != run.version:
        raise QuestionsChanged()
    return chosen, json.loads(run.answers)


def _position(flow: Flow, rows: Rows) -> Position:
    try:
        return replay(flow, [(row[0], row[1]) for row in rows])
    except Diverged as changed:
        raise QuestionsChanged() from changed


def _take(by: Standing, now: datetime, flow: Flow, run: FlowRun, rows: Rows, answer: Sequence[Clean]) -> None:
    step = _position(flow, rows).step
    if not isinstance(step, Ask):
        raise AnsweredMeanwhile()
    read = read_answer(here_of_run(by, run, now), step, answer)
    rows.append([step.step, read.value, read.shown.kept()])
    _settle(by, now, flow, run, rows)


def _settle(by: Standing, now: datetime, flow: Flow, run: FlowRun, rows: Rows) -> Rows:
    """Do everything that needs no answer, up to the next question, the end, or silence of the card core."""
    run.silent_since = None
    position = _position(flow, rows)
    while position.step is not None and not isinstance(position.step, Ask):
        if len(rows) >= MOST_STEPS:
            raise RuntimeError(f"{flow.name} takes more than {MOST_STEPS} steps")
        here = here_of_run(by, run, now)
        step = position.step
        if isinstance(step, Verify):
            if level_of(by.actor, run.contact_id) < step.level:
                break
            rows.append([step.step, True, None])
        elif isinstance(step, Find):
            try:
                rows.append([step.step, find(here, step.what, step.values), None])
            except CoreUnknown:
                run.silent_since = now
                break
        elif isinstance(step, Promise):
            rows.append([step.step, _promise(by, now, flow, run, step), None])
        else:
            write_lines(run, rows)  # what led to it stands before it
            try:
                outcome = _do(here, run, step)
            except CoreSilent:
                run.silent_since = now
                break
            rows.append([step.step, outcome.kept(), None])
            _forget_private(run, rows)
        position = _position(flow, rows)
    write_lines(run, rows)
    if isinstance(position.end, Done):
        run.state, run.outcome, run.ended_at = FlowRun.State.DONE, position.end.outcome, now
        write_end(run, ENDED, position.said, position.end.words)
        _forget_private(run, rows)
    elif isinstance(position.end, HandOver):
        _hand_over(by, now, run, rows, position.end.words)
    run.answers, run.steps = _kept_as(rows), len(rows)
    _keep(run, now)
    return rows


def _do(here: Here, run: FlowRun, step: Do) -> Outcome:
    """A refusal is an answer to the flow; needing to know them better is not, and neither is silence."""
    try:
        with transaction.atomic():
            result = dict(do(here, step.action, step.values))
    except (LevelTooLow, CoreSilent):
        raise
    except Refusal as no:
        with translation.override(run.language):
            return Outcome(refused=no.code, sentence=str(no))
    if run.case_id is None and result.get("case_id"):
        run.case_id = int(result["case_id"])
    return Outcome(result=result)


def _promise(by: Standing, now: datetime, flow: Flow, run: FlowRun, step: Promise) -> dict[str, Any]:
    if run.case_id is None:
        _open_case_for(by, now, run)
    profile = current_profile()
    queue = step.queue or profile.need_family(flow.need).queue
    reader = Reader(run.language, profile.zone, now)
    due_at = _due(step.within, queue, now)
    made = make_promise(
        by=by,
        now=now,
        case_id=run.case_id or 0,
        text=clean(say(step.words, reader)),
        due_at=due_at,
        due_zone=profile.time_zone,
        source=PromiseRow.Source.ROUTING,
        queue=queue,
    )
    return {"due_at": due_at.isoformat(), "n": made["n"]}


def _due(within: str, queue: str, now: datetime) -> datetime:
    profile = current_profile()
    if within == "answer":
        return profile.answer_by(queue, now)
    if within.startswith(AT):
        return datetime.fromisoformat(within.removeprefix(AT))
    days = _DAYS.fullmatch(within)
    if days is None:
        raise ValueError(f"within is {within!r}; it is 'answer', '<n> business days' or 'at <instant>'")
    day = add_business_days(local_date(now, profile.zone), int(days[1]), profile.calendar)
    return instant_of(day, profile.promises.due_time, profile.zone)


def _open_case_for(by: Standing, now: datetime, run: FlowRun) -> None:
    need, title = _about(run)
    subject = clean(say(title, Reader(run.language, current_profile().zone, now)))
    opened = open_case(by=by, now=now, need=need, subject=subject)
    run.case_id = int(opened["case_id"])


def _about(run: FlowRun) -> tuple[str, Words]:
    """The need and the title of a conversation, also of one whose flow is gone."""
    flow = flows.get(run.flow)
    return (flow.need, Words(flow.title)) if flow else (run.flow, Words(_("What you began on our pages")))


def _hand_over(by: Standing, now: datetime, run: FlowRun, rows: Rows, words: Words) -> None:
    """What was said stands before their first word to the person, who reads it there."""
    if run.contact_id is None:
        if run.case_id is None:
            _open_case_for(by, now, run)
        write_lines(run, rows)
        write_end(run, HANDED_OVER, (), words)
        run.contact = _begin_contact(by, now, run)
    else:
        write_lines(run, rows)
        write_end(run, HANDED_OVER, (), words)
    _forget_private(run, rows)
    run.state, run.outcome, run.ended_at = FlowRun.State.HANDED_OVER, "person", now


def _forget_private(run: FlowRun, rows: Rows) -> None:
    """What was told for one command alone is not kept longer than until that."""
    for row in rows:
        if _is_private(row):
            row[1] = None
    run.answers = _kept_as(rows)


def _is_private(row: Sequence[Any]) -> bool:
    return row[1] is not None and row[2] == PRIVATE.kept()


def _kept_as(rows: Rows) -> str:
    return json.dumps(rows, ensure_ascii=False)


def _begin_contact(by: Standing, now: datetime, run: FlowRun) -> Contact:
    need, title = _about(run)
    began = start_chat(
        by=by,
        now=now,
        need=need,
        text=clean(say(title, Reader(run.language, current_profile().zone, now))),
        language=run.language,
        plan={},
        case_id=run.case_id,
    )
    return Contact.objects.select_related("home_case").get(pk=began["contact_id"])


def _keep(run: FlowRun, now: datetime) -> None:
    run.moved_at = now
    tells = any(map(_is_private, json.loads(run.answers)))
    run.private_since = (run.private_since or now) if tells else None
    run.save()


def _told(run: FlowRun) -> dict[str, Any]:
    return {"token": run.token, "state": str(run.state), "case_id": run.case_id}
