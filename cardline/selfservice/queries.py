"""Questions of the member's own pages."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from cardline.cases.models import Case
from cardline.cases.queries import cases_visible_to
from cardline.contact.models import Contact
from cardline.contact.queries import contacts_visible_to
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor
from cardline.kit.dates import say_when
from cardline.kit.pagination import paginate
from cardline.kit.reference import BadReference, contact_reference, parse_reference, show_reference
from cardline.kit.refusals import NotThere
from cardline.kit.visibility import visible
from cardline.promises.models import Promise
from cardline.selfservice.words import CHANNEL_ICONS, contact_title, is_unfinished, look_of
from cardline.ui.promise import PromiseLook

A_PAGE = 20
LET_GO = (Promise.State.RELEASED, Promise.State.REPLACED)


@dataclass(frozen=True, slots=True)
class ContactLine:
    icon: str
    title: str
    when: str
    reference: str


@dataclass(frozen=True, slots=True)
class Record:
    """A case in a list. promise: what of it is due first, else what
    was promised last. contacts: newest first. is_going_on: something in it is still to come.
    """

    ref: str
    subject: str
    opened: str
    is_closed: bool
    is_going_on: bool
    promise: PromiseLook | None
    contacts: tuple[ContactLine, ...]


@dataclass(frozen=True, slots=True)
class Records:
    """A page of them. next: the cursor of the page after; "" on the last."""

    items: tuple[Record, ...]
    next: str


def records_of(
    actor: Actor,
    now: datetime,
    language: str,
    cursor: str | None,
    most: int = A_PAGE,
    *,
    open_only: bool = False,
) -> Records:
    """The cases of somebody with their contacts and what is promised, newest first, in three queries.

    Raises BadCursor. A case whose contacts were all attached to another one is told there, and left out here.
    """
    cases = cases_visible_to(actor)
    if open_only:
        cases = cases.filter(state=Case.State.OPEN)
    page = paginate(cases, ("-opened_at", "-id"), cursor or None, most)
    contacts = _contacts_by_case(actor, page.items)
    promises = _telling_promise_by_case(actor, page.items)
    zone = current_profile().zone
    return Records(
        items=tuple(
            Record(
                ref=show_reference(case.ref),
                subject=case.subject,
                opened=say_when(case.opened_at, zone, language, now),
                is_closed=case.state == Case.State.CLOSED,
                is_going_on=(
                    any(contact.state != Contact.State.ENDED for contact in contacts[case.pk])
                    or (case.pk in promises and is_unfinished(promises[case.pk]))
                ),
                promise=look_of(promises[case.pk], now, as_sentence=True) if case.pk in promises else None,
                contacts=tuple(
                    ContactLine(
                        CHANNEL_ICONS.get(Contact.Channel(contact.channel), "chat"),
                        contact_title(contact),
                        say_when(contact.started_at, zone, language, now),
                        contact_reference(contact.home_case.ref, contact.number),
                    )
                    for contact in contacts[case.pk]
                ),
            )
            for case in page.items
            if contacts[case.pk] or not case.contacts
        ),
        next=page.next_cursor or "",
    )


def open_promises_of(actor: Actor, most: int) -> list[Promise]:
    """What is still to be done for somebody, the soonest first; what is late is the soonest. With its case."""
    late = Q(state=Promise.State.MISSED, done_at=None)
    found = visible(Promise, actor).filter(Q(state=Promise.State.OPEN) | late)
    return list(found.select_related("owner", "case", "home_case").order_by("due_at", "id")[:most])


def promise_by_number(actor: Actor, typed: str, n: int) -> Promise:
    """A promise by the reference it was made under and its number there. Raises NotThere."""
    try:
        ref = parse_reference(typed)
    except BadReference as problem:
        raise NotThere() from problem
    rows = visible(Promise, actor).select_related("case", "home_case")
    promise = rows.filter(home_case__ref=ref, n=n).first() if n < 1_000_000 else None
    if promise is None:
        raise NotThere()
    return promise


def _contacts_by_case(actor: Actor, cases: list[Case]) -> dict[int, list[Contact]]:
    found: dict[int, list[Contact]] = defaultdict(list)
    for contact in contacts_visible_to(actor).filter(case__in=cases).order_by("-started_at", "-id"):
        found[contact.case_id].append(contact)
    return found


def _telling_promise_by_case(actor: Actor, cases: list[Case]) -> dict[int, Promise]:
    """Of each case the promise to show in a list: what is due first, else what was promised last."""
    found: dict[int, Promise] = {}
    rows = visible(Promise, actor).select_related("owner").filter(case__in=cases).exclude(state__in=LET_GO)
    for promise in sorted(rows, key=_tells_less):
        found[promise.case_id] = promise
    return found


def _tells_less(promise: Promise) -> tuple[bool, float, int]:
    """Sorts what is unfinished and due first to the end."""
    due = promise.due_at.timestamp()
    return (True, -due, promise.pk) if is_unfinished(promise) else (False, due, promise.pk)
