"""What the API answers, field by field. Nothing is in an answer that is not named here (SR-23)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.utils.translation import get_language
from pydantic import BaseModel, ConfigDict

from cardline.cases.models import Case
from cardline.cases.queries import EntryLine
from cardline.clocks.rules import rule_named
from cardline.contact.models import Contact
from cardline.issuer.profile import current_profile
from cardline.kit import clock
from cardline.kit.actors import Actor
from cardline.kit.reference import contact_reference, show_reference
from cardline.notify.letters.models import Letter
from cardline.promises.legal.queries import clock_of
from cardline.promises.models import Promise
from cardline.promises.queries import face_of
from cardline.ui.entries import place_name


class Output(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CaseOut(Output):
    """One problem, one reference. member: their number in the card core; null when a guest began it."""

    ref: str
    need: str
    subject: str
    state: Literal["open", "closed"]
    member: str | None
    opened_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    last_entry: int


class CasePage(Output):
    """next: the cursor of the page after this one; null on the last."""

    items: list[CaseOut]
    next: str | None


class EntryOut(Output):
    """One line of a case's timeline. n counts within the case, and is what `after` takes; numbers of entries that are
    not for this caller are passed over. data: our own numbers and words, by kind (docs/api.md).
    """

    n: int
    at: datetime
    kind: str
    side: Literal["member", "agent", "system"]
    author: str
    contact: int | None
    text: str
    data: dict[str, Any]


class EntryPage(Output):
    """Oldest first. Ask again with after=last; when last is what you asked with, there is nothing new."""

    items: list[EntryOut]
    last: int


class Summary(Output):
    """The lines put before the member at the end. What we will do are the promises of the contact."""

    did: str
    you: str
    verdict: Literal["", "right", "not_quite"]


class ContactOut(Output):
    """One conversation. ref is what the receipt calls it; case is where it belongs now."""

    id: int
    ref: str
    case: str
    channel: Literal["chat", "secure_message", "self_service"]
    state: Literal["waiting", "active", "proposed", "ended"]
    need: str
    language: str
    agent: str | None
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    summary: Summary | None


class StartedOut(Output):
    """channel is "secure_message" when nobody is there to chat: then the case holds a promise of an answer."""

    id: int
    ref: str
    case: str
    channel: Literal["chat", "secure_message"]


class SentOut(Output):
    """n: the entry's number in its case."""

    n: int


class LegalClockOut(Output):
    """The legal clock a promise is. rule: its id, as `cardline clock explain` knows it. source: where the law says so.
    due_on: the law's last day, in the promise's zone. act_by: the issuer's own last day to do it, on which somebody is
    there; null for a member, to whom the law's day is told.
    """

    rule: str
    source: str
    started_at: datetime
    due_on: date
    act_by: date | None


class PromiseOut(Output):
    """We will `text` by `due_at`. state says how it stands now; missed ones that were done are "done_late" for ever.
    owner: the colleague who has it, else the place. n counts within the case it was made in. clock: where the law sets
    the date, else null.
    """

    id: int
    n: int
    case: str
    contact: int | None
    text: str
    state: Literal["open", "soon", "late", "kept", "done_late", "replaced", "released"]
    owner: str
    made_at: datetime
    made_by: str
    due_at: datetime
    due_zone: str
    done_at: datetime | None
    evidence: str
    replaced_by: int | None
    clock: LegalClockOut | None


class LetterOut(Output):
    """A letter of a case. kind and version: the text it was written from. way and state: "shown" letters are on the
    member's own pages, the others on paper; a posted one may have come back. certified: the number of certified mail.
    due_on: the law's last day, where there is one. act_by: the last day on which it leaves; null for a member.
    """

    kind: str
    version: str
    language: str
    way: Literal["paper", "electronic"]
    state: Literal["to_print", "held", "posted", "shown"]
    made_at: datetime
    due_on: date | None
    act_by: date | None
    posted_at: datetime | None
    certified: str
    came_back_at: datetime | None
    read_at: datetime | None


class LetterList(Output):
    items: list[LetterOut]


class PromiseList(Output):
    items: list[PromiseOut]


class PromisePage(Output):
    """next: the cursor of the page after this one; null on the last."""

    items: list[PromiseOut]
    next: str | None


class PromisedOut(Output):
    id: int
    n: int


class FulfilmentOut(Output):
    """kept: done by its due instant. done_late: it stays missed in every figure."""

    state: Literal["kept", "done_late"]


def case_out(case: Case) -> CaseOut:
    return CaseOut(
        ref=show_reference(case.ref),
        need=case.need,
        subject=case.subject,
        state=case.state,  # type: ignore[arg-type]
        member=case.member.core_customer if case.member else None,
        opened_at=case.opened_at,
        updated_at=case.updated_at,
        closed_at=case.closed_at,
        last_entry=case.last_entry,
    )


def entry_page(lines: list[EntryLine], after: int) -> EntryPage:
    return EntryPage(items=[_entry_out(line) for line in lines], last=lines[-1].n if lines else after)


def _entry_out(line: EntryLine) -> EntryOut:
    return EntryOut(
        n=line.n,
        at=line.at,
        kind=line.kind,
        side=line.side,  # type: ignore[arg-type]
        author=line.author_name,
        contact=line.contact_id,
        text=line.text,
        data=line.data,
    )


def contact_out(contact: Contact) -> ContactOut:
    return ContactOut(
        id=contact.pk,
        ref=contact_reference(contact.home_case.ref, contact.number),
        case=show_reference(contact.case.ref),
        channel=contact.channel,  # type: ignore[arg-type]
        state=contact.state,  # type: ignore[arg-type]
        need=contact.need,
        language=contact.language,
        agent=contact.agent.name if contact.agent else None,
        started_at=contact.started_at,
        answered_at=contact.answered_at,
        ended_at=contact.ended_at,
        summary=_summary(contact) if contact.proposals else None,
    )


def _summary(contact: Contact) -> Summary:
    return Summary(did=contact.did, you=contact.you, verdict=contact.verdict)  # type: ignore[arg-type]


def promise_out(promise: Promise, reader: Actor) -> PromiseOut:
    """promise: read with its clock."""
    return PromiseOut(
        id=promise.pk,
        n=promise.n,
        case=show_reference(promise.case.ref),
        contact=promise.contact_id,
        text=promise.text,
        state=face_of(promise, clock.now()).state,  # type: ignore[arg-type]
        owner=_owner(promise),
        made_at=promise.made_at,
        made_by=_maker(promise),
        due_at=promise.due_at,
        due_zone=promise.due_zone,
        done_at=promise.done_at,
        evidence=promise.evidence,
        replaced_by=promise.replaced_by_id,
        clock=_clock_out(promise, reader),
    )


def _clock_out(promise: Promise, reader: Actor) -> LegalClockOut | None:
    found = clock_of(promise)
    if found is None:
        return None
    return LegalClockOut(
        rule=found.rule,
        source=rule_named(found.rule).source,
        started_at=found.started_at,
        due_on=found.due_on,
        act_by=_ours(found.act_by, reader),
    )


def letter_out(letter: Letter, reader: Actor) -> LetterOut:
    return LetterOut(
        kind=letter.kind,
        version=letter.version,
        language=letter.language,
        way=letter.way,  # type: ignore[arg-type]
        state=letter.state,  # type: ignore[arg-type]
        made_at=letter.made_at,
        due_on=letter.due_on,
        act_by=_ours(letter.act_by, reader),
        posted_at=letter.posted_at,
        certified=letter.certified,
        came_back_at=letter.came_back_at,
        read_at=letter.read_at,
    )


def _ours(act_by: date | None, reader: Actor) -> date | None:
    """The day we set ourselves stands on no page of a member's."""
    return None if reader.on_behalf_of else act_by


def _maker(promise: Promise) -> str:
    """Who gave their word. What routing promised by itself is the issuer's, not the member's who wrote."""
    if promise.source == Promise.Source.ROUTING:
        return current_profile().short_name.in_(get_language() or "en")
    return promise.made_by_name


def _owner(promise: Promise) -> str:
    if promise.owner:
        return promise.owner.name
    return place_name(promise.queue, current_profile(), get_language() or "en")
