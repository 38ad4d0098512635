"""What we promise ourselves about letters, and what the case tells of them.

Until a print house does it, a letter on paper is a promise to print and post it by its last day, owned by those who
print: one that is not kept climbs the ladder like any other. One that is held is a promise to find out where it can go.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Any

from django.utils import translation

from cardline.cases import timeline
from cardline.cases.models import Case
from cardline.clocks.local import end_of_day
from cardline.issuer.profile import current_profile
from cardline.kit.actors import SYSTEM
from cardline.kit.events import reacts_to
from cardline.kit.redact import clean
from cardline.kit.refusals import NotThere
from cardline.notify.bounces.commands import CAME_BACK as MAIL_CAME_BACK
from cardline.notify.letters.commands import FREED, HELD, SENT, TO_PAPER
from cardline.notify.letters.printing.commands import CAME_BACK, POSTED, UNPOSTED
from cardline.promises.commands import do_promise, make_promise
from cardline.promises.ladder import answer_by
from cardline.promises.models import Promise
from cardline.promises.queries import UNFINISHED
from cardline.ui.letter_names import letter_name

PRINT, FIND_OUT = "letter.print", "letter.find_out"

# For colleagues alone, and so in the one language all of them share.
_PRINT = "Print and post the letter “{letter}”"
_FIND_OUT = "Find out where the letter “{letter}” can go: {why}"
_PRINTED = "Printed and posted: see Print today."
_FREED = "It can go again, and is to be printed."
_HELD = "It must not leave now, and waits."
_WHY = {
    "restricted": "a restriction stands in the way",
    "not_safe": "the member said not to write there",
    "no_address": "we have no address",
    "bad_address": "a letter came back from the address",
}


def of_a_case(react: Callable[..., None]) -> Callable[..., None]:
    """A notice is in no case: it is on the list of those who print, and no timeline tells that it was written."""

    @wraps(react)
    def only_there(*, case_id: int, **facts: Any) -> None:
        if case_id:
            react(case_id=case_id, **facts)

    return only_there


@reacts_to(SENT)
@of_a_case
def _enter(*, case_id: int, member_id: int, kind: str, letter_id: int, state: str, **facts: Any) -> None:
    """Raises NotThere for a case that is not the member's: a letter never stands in somebody else's story."""
    if not Case.objects.filter(pk=case_id, member=member_id).exists():
        raise NotThere()
    _tell("letter.sent", case_id, kind, letter_id, state=state)


@reacts_to(TO_PAPER)
@of_a_case
def _is_to_be_printed(
    *, case_id: int, kind: str, letter_id: int, why: str, act_by: date, now: datetime, **facts: Any
) -> None:
    if why in ("withdrawn", "bounced"):
        _tell("letter.to_paper", case_id, kind, letter_id)
    _promise_to_print(case_id, kind, letter_id, act_by, now)


@reacts_to(HELD)
@of_a_case
def _is_held(*, case_id: int, kind: str, letter_id: int, why: str, now: datetime, **facts: Any) -> None:
    _tell("letter.held", case_id, kind, letter_id, visible=False, why=why)
    _done(PRINT, letter_id, _HELD, now)
    queue = Case.objects.values_list("queue", flat=True).get(pk=case_id)
    text = _FIND_OUT.format(letter=_named(kind), why=_WHY[why])
    _promise(FIND_OUT, letter_id, case_id, text, answer_by(queue, now), queue, now)


@reacts_to(FREED)
@of_a_case
def _can_go(*, case_id: int, kind: str, letter_id: int, act_by: date, now: datetime, **facts: Any) -> None:
    _tell("letter.freed", case_id, kind, letter_id, visible=False)
    _done(FIND_OUT, letter_id, _FREED, now)
    _promise_to_print(case_id, kind, letter_id, act_by, now)


@reacts_to(POSTED)
@of_a_case
def _was_posted(*, case_id: int, kind: str, letter_id: int, now: datetime, **facts: Any) -> None:
    _tell("letter.posted", case_id, kind, letter_id)
    _done(PRINT, letter_id, _PRINTED, now)


@reacts_to(UNPOSTED)
@of_a_case
def _was_not_posted(
    *, case_id: int, kind: str, letter_id: int, act_by: date, now: datetime, **facts: Any
) -> None:
    _tell("letter.unposted", case_id, kind, letter_id)
    _promise_to_print(case_id, kind, letter_id, act_by, now)


@reacts_to(CAME_BACK)
@of_a_case
def _came_back(*, case_id: int, kind: str, letter_id: int, **facts: Any) -> None:
    _tell("letter.came_back", case_id, kind, letter_id)


@reacts_to(MAIL_CAME_BACK)
@of_a_case
def _mail_came_back(*, case_id: int, kind: str, letter_id: int, then: str, **facts: Any) -> None:
    """The record says what became of the letter, also where its last day was over or it was on paper already."""
    _tell("letter.mail_came_back", case_id, kind, letter_id, visible=False, then=then)


def _promise_to_print(case_id: int, kind: str, letter_id: int, act_by: date, now: datetime) -> None:
    """Due at the end of its last day; where that is over, by when the queue answers: late, and still to be done."""
    profile = current_profile()
    queue = profile.letters.queue or Case.objects.values_list("queue", flat=True).get(pk=case_id)
    due_at = end_of_day(act_by, profile.zone)
    if due_at <= now:
        due_at = answer_by(queue, now)
    _promise(PRINT, letter_id, case_id, _PRINT.format(letter=_named(kind)), due_at, queue, now)


def _promise(
    rule: str, letter_id: int, case_id: int, text: str, due_at: datetime, queue: str, now: datetime
) -> None:
    make_promise(
        by=SYSTEM,
        now=now,
        case_id=case_id,
        text=clean(text),
        due_at=due_at,
        due_zone=current_profile().time_zone,
        source=Promise.Source.FLOW,
        queue=queue,
        rule=_about(rule, letter_id),
        audience=Promise.Audience.STAFF,
    )


def _done(rule: str, letter_id: int, evidence: str, now: datetime) -> None:
    open_ones = Promise.objects.filter(UNFINISHED, rule=_about(rule, letter_id)).values_list("pk", flat=True)
    for promise_id in list(open_ones):
        do_promise(by=SYSTEM, now=now, promise_id=promise_id, evidence=clean(evidence))


def _named(kind: str) -> str:
    with translation.override("en"):
        return letter_name(kind)


def _about(rule: str, letter_id: int) -> str:
    return f"{rule}:{letter_id}"


def _tell(entry: str, case_id: int, kind: str, letter_id: int, *, visible: bool = True, **more: str) -> None:
    timeline.append(case_id, entry, visible=visible, data={"letter": kind, "letter_id": letter_id, **more})
