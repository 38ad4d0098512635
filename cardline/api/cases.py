"""/cases: one problem each, its timeline and its promises."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import Field

from cardline.api.auth import Bearer, caller_of
from cardline.api.looking import note_read
from cardline.api.once import Key
from cardline.api.reading import EntryNumber, Input, Instant, PageSize
from cardline.api.shapes import (
    CaseOut,
    CasePage,
    EntryPage,
    LetterList,
    PromisedOut,
    PromiseList,
    case_out,
    entry_page,
    letter_out,
    promise_out,
)
from cardline.cases.queries import case_by_reference, cases_visible_to, entries_after
from cardline.clocks.local import known_zones
from cardline.issuer.profile import current_profile
from cardline.kit import clock
from cardline.kit.pagination import paginate
from cardline.kit.redact import clean
from cardline.kit.refusals import Malformed
from cardline.notify.letters.queries import letters_in
from cardline.promises.commands import make_promise
from cardline.promises.models import Promise
from cardline.promises.queries import promises_of_case

router = Router(tags=["cases"])


@router.get("/cases", auth=Bearer("cases:read"), response=CasePage)
def list_cases(request: HttpRequest, cursor: str | None = None, limit: PageSize = 50) -> CasePage:
    """Cases, newest first: one member's, or all when no member is named."""
    cases = cases_visible_to(caller_of(request).actor).select_related("member")
    page = paginate(cases, order=("-id",), cursor=cursor, limit=limit)
    note_read(caller_of(request), page.items, "cases")
    return CasePage(items=[case_out(case) for case in page.items], next=page.next_cursor)


@router.get("/cases/{ref}", auth=Bearer("cases:read"), response=CaseOut)
def read_case(request: HttpRequest, ref: str) -> CaseOut:
    """One case, by its reference as people write it: 7K4-29QM."""
    caller = caller_of(request)
    case = case_by_reference(caller.actor, ref)
    note_read(caller, [case], "case")
    return case_out(case)


@router.get("/cases/{ref}/entries", auth=Bearer("cases:read", "messages:read"), response=EntryPage)
def list_entries(request: HttpRequest, ref: str, after: EntryNumber = 0, limit: PageSize = 100) -> EntryPage:
    """The timeline after an entry's number, oldest first: what was written in this case, wherever its contacts are
    now. Private notes are never among it.
    """
    caller = caller_of(request)
    case = case_by_reference(caller.actor, ref)
    note_read(caller, [case], "lines")
    return entry_page(entries_after(caller.actor, case.pk, after, limit), after)


@router.get("/cases/{ref}/promises", auth=Bearer("promises:read"), response=PromiseList)
def list_promises_of_case(request: HttpRequest, ref: str) -> PromiseList:
    """What was promised in a case: what is still to be done first, soonest due first."""
    caller = caller_of(request)
    case = case_by_reference(caller.actor, ref)
    note_read(caller, [case], "promises")
    promises = promises_of_case(caller.actor, case.pk)
    return PromiseList(items=[promise_out(promise, caller.actor) for promise in promises])


@router.get("/cases/{ref}/letters", auth=Bearer("letters:read"), response=LetterList)
def list_letters_of_case(request: HttpRequest, ref: str) -> LetterList:
    """The letters of a case and where each is, newest first. What they say is in no answer."""
    caller = caller_of(request)
    case = case_by_reference(caller.actor, ref)
    note_read(caller, [case], "letters")
    return LetterList(
        items=[letter_out(letter, caller.actor) for letter in letters_in(caller.actor, case.pk)]
    )


class NewPromise(Input):
    """text completes "We will …". due_zone: where the date was given; the issuer's own when left out."""

    text: Annotated[str, Field(min_length=1, max_length=240)]
    due_at: Instant
    due_zone: Annotated[str, Field(max_length=40)] | None = None


@router.post(
    "/cases/{ref}/promises", auth=Bearer("promises:write", member="refused"), response={201: PromisedOut}
)
def promise_in_case(request: HttpRequest, ref: str, key: Key, body: NewPromise) -> Status[PromisedOut]:
    """Promise the member something by a time. Its ladder starts at once."""
    caller = caller_of(request)
    case = case_by_reference(caller.actor, ref)
    made = make_promise(
        by=caller.actor,
        key=caller.once(key),
        now=clock.now(),
        case_id=case.pk,
        text=clean(body.text),
        due_at=body.due_at,
        due_zone=_zone(body.due_zone),
        source=Promise.Source.FLOW,
    )
    return Status(201, PromisedOut(id=made["promise_id"], n=made["n"]))


def _zone(name: str | None) -> str:
    if name is None:
        return current_profile().time_zone
    if name not in known_zones():
        raise Malformed("Name a time zone of the IANA database, as America/New_York.", field="due_zone")
    return name
