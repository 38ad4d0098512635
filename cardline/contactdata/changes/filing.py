"""Where a change stands in the record: a case with a reference, and a promise where it waits. Inside commands."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cardline.cases import timeline
from cardline.cases.commands import close_case, open_case, set_attention
from cardline.cases.models import Case
from cardline.clocks.days import add_business_days
from cardline.clocks.local import instant_of, local_date
from cardline.contactdata.people import Asking, system_for
from cardline.contactdata.words import CASES, PROMISES, in_their_language
from cardline.issuer.profile import current_profile
from cardline.kit.actors import SYSTEM
from cardline.kit.redact import Clean, clean
from cardline.members.contactdata.rules import DECIDED_BUSINESS_DAYS, DELAY_BUSINESS_DAYS
from cardline.members.models import ContactChange
from cardline.promises.commands import do_promise, look_again, make_promise
from cardline.promises.legal.commands import start_clocks
from cardline.promises.models import Promise
from cardline.promises.queries import UNFINISHED, nobody_waits_in

Kind, Why = ContactChange.Kind, ContactChange.Why

DETAILS_NEED, NAME_NEED = "info.contact_details", "info.name_or_legal"
DONE, WAITS, REFUSED = "contact_data.done", "contact_data.waits", "contact_data.refused"
WITHDRAWN, TAKEN_BACK, SURE = "contact_data.withdrawn", "contact_data.taken_back", "contact_data.sure"
DISPUTED = "contact_data.not_me"


def file_done(asked: Asking, change: ContactChange) -> None:
    """A change that was done at once: one line, in the conversation it was asked in or in a case of its own."""
    if asked.contact is None:
        case_id = _new_case(asked, change)
        set_attention(case_id, None, asked.now)
        enter(DONE, change, case_id)
        _start_windows(change, case_id, asked.now)
        close_case(by=SYSTEM, now=asked.now, case_id=case_id)
    else:
        case_id = asked.contact.home_case_id
        enter(DONE, change, case_id, contact_id=asked.contact.pk)
        _start_windows(change, case_id, asked.now)
    ContactChange.objects.filter(pk=change.pk).update(case=case_id)


def file_waiting(asked: Asking, change: ContactChange, due_at: datetime) -> None:
    """A change that waits: a case that stays open, with the promise of what becomes of it by when."""
    contact = asked.contact
    case_id = contact.case_id if contact else _new_case(asked, change)
    enter(
        WAITS,
        change,
        contact.home_case_id if contact else case_id,
        contact_id=contact.pk if contact else None,
    )
    made = make_promise(
        by=SYSTEM,
        now=asked.now,
        case_id=case_id,
        contact_id=contact.pk if contact else None,
        text=in_their_language(PROMISES[change.why_waits], asked.member),
        due_at=due_at,
        due_zone=current_profile().time_zone,
        source=Promise.Source.FLOW,
        rule=f"contact_data.{change.why_waits}",
    )
    ContactChange.objects.filter(pk=change.pk).update(case=case_id, promise=made["promise_id"])


def enter(
    kind: str,
    change: ContactChange,
    case_id: int,
    text: Clean = timeline.EMPTY,
    *,
    contact_id: int | None = None,
    **more: Any,
) -> None:
    """A line of the timeline: which kind of thing, never what it was or became."""
    data = {"change": change.pk, "about": change.kind, "what": change.what, **more}
    timeline.append(case_id, kind, text, contact_id=contact_id, data=data)


def settle(
    change: ContactChange, kind: str, evidence: str, now: datetime, text: Clean = timeline.EMPTY
) -> None:
    """What was promised is done: its line, the promise kept, and the case closed where nothing else waits in it."""
    if not change.case:
        return
    enter(kind, change, change.case, text)
    if kind == DONE:
        _start_windows(change, change.case, now)
    if Promise.objects.filter(UNFINISHED, pk=change.promise).exists():
        do_promise(by=SYSTEM, now=now, promise_id=change.promise, evidence=clean(evidence))
    close_if_done(change.case, now)


def _start_windows(change: ContactChange, case_id: int, now: datetime) -> None:
    """From a new address on the law has us make sure before another card goes out: a window beside the case."""
    if change.kind == Kind.POST and change.what != ContactChange.What.REMOVED:
        about = f"contact_change:{change.pk}"
        start_clocks(
            by=SYSTEM, now=now, case_id=case_id, event="address_changed", started_at=now, about=about
        )


def close_if_done(case_id: int, now: datetime) -> None:
    case = Case.objects.get(pk=case_id)
    if case.state == Case.State.CLOSED:
        return
    if nobody_waits_in(case):
        close_case(by=SYSTEM, now=now, case_id=case_id)
    else:
        look_again(case_id, now)


def due_of(why: str, now: datetime) -> datetime:
    """When a change that waits is done or decided: on a business day of the issuer's, at its due time."""
    profile = current_profile()
    days = DELAY_BUSINESS_DAYS if why == Why.DELAY else DECIDED_BUSINESS_DAYS
    day = add_business_days(local_date(now, profile.zone), days, profile.calendar)
    return instant_of(day, profile.promises.due_time, profile.zone)


def _new_case(asked: Asking, change: ContactChange) -> int:
    need = NAME_NEED if change.kind == Kind.NAME else DETAILS_NEED
    by = system_for(asked.member.pk) if asked.by.actor.is_staff else asked.by
    subject = in_their_language(CASES[change.kind], asked.member)
    return int(open_case(by=by, now=asked.now, need=need, subject=subject)["case_id"])
