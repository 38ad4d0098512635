"""The desk's lists: what waits, what is mine, what is due; soonest first.

Each page of a list is two queries whatever its length and however many cases there are: the rows with all they show,
and the counts of the views, which stop at a hundred.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from cardline.cases.models import Case
from cardline.contact.models import Contact
from cardline.desk import dues, stretches
from cardline.desk.ranges import counts, nearest
from cardline.kit import clock
from cardline.kit.actors import Actor
from cardline.kit.reference import show_reference
from cardline.kit.visibility import visible
from cardline.promises.models import Promise
from cardline.promises.queries import UNFINISHED

PAGE = 50
CASES_IN_ORDER = ("attention_at", "id")
WAITING_IN_ORDER = ("started_at", "id")
PROMISES_IN_ORDER = ("act_by_at", "id")


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A line of the list, with the names components/conversation_row.html wants. ref: as stored."""

    icon: str
    name: str
    subject: str
    due: str
    url: str
    tone: str
    ref: str
    key: str


@dataclass(frozen=True, slots=True)
class Inbox:
    """A page of one view. counts: by view, 100 for a hundred or more. next_cursor: None on the last page."""

    view: str
    rows: list[InboxRow]
    next_cursor: str | None
    counts: dict[str, int]


def views_for(actor: Actor) -> tuple[str, ...]:
    """The views of the list in their order."""
    late = ("late",) if actor.is_supervisor else ()
    return ("mine", "waiting", "promises", *late, "all")


def inbox(
    actor: Actor,
    view: str,
    cursor: str | None = None,
    filters: Mapping[str, Any] | None = None,
    *,
    now: datetime | None = None,
    limit: int = PAGE,
) -> Inbox:
    """A page of a view, soonest first, and how many each view has.

    view: mine (open cases in one's hands), waiting (contacts nobody has taken), promises (one's own, unfinished), late
    (missed and not done, of all teams), all (open cases one may see). filters: queue and need by id, owner by agent
    number, None or empty for any. An unknown view is answered as "mine". Raises BadCursor.
    """
    now = now or clock.now()
    wanted = {name: value for name, value in (filters or {}).items() if value}
    shown = view if view in views_for(actor) else "mine"
    rows, next_cursor = _READERS[shown](actor, LISTS[shown](actor, wanted), cursor, now, limit)
    return Inbox(shown, rows, next_cursor, counts_for(actor))


def counts_for(actor: Actor) -> dict[str, int]:
    """How much each view has, without the filters, counted to a hundred."""
    return counts({view: LISTS[view](actor) for view in views_for(actor)})


Rows = tuple[list[InboxRow], str | None]


def _cases(actor: Actor, found: list[QuerySet[Case]], cursor: str | None, now: datetime, limit: int) -> Rows:
    talking = visible(Contact, actor).filter(case=OuterRef("pk")).exclude(state=Contact.State.ENDED)
    newest = talking.order_by("-started_at", "-id")
    rows = (
        visible(Case, actor)
        .select_related("member", "owner")
        .annotate(
            channel=Subquery(newest.values("channel")[:1]),
            contact_state=Subquery(newest.values("state")[:1]),
            member_spoke_at=Subquery(newest.values("last_member_at")[:1]),
            staff_spoke_at=Subquery(newest.values("last_staff_at")[:1]),
            waits_since=Subquery(newest.values("started_at")[:1]),
            promise_due_at=_soonest_promise(actor, "pk"),
        )
    )
    page = nearest(rows, found, CASES_IN_ORDER, cursor, limit)
    return [_case_row(case, now) for case in page.items], page.next_cursor


def _waiting(
    actor: Actor, found: list[QuerySet[Contact]], cursor: str | None, now: datetime, limit: int
) -> Rows:
    rows = visible(Contact, actor).select_related("case", "member")
    rows = rows.annotate(promise_due_at=_soonest_promise(actor, "case"))
    page = nearest(rows, found, WAITING_IN_ORDER, cursor, limit)
    return [_waiting_row(contact, now) for contact in page.items], page.next_cursor


def _promises(
    actor: Actor, found: list[QuerySet[Promise]], cursor: str | None, now: datetime, limit: int
) -> Rows:
    rows = visible(Promise, actor).select_related("case__member", "owner")
    page = nearest(rows, found, PROMISES_IN_ORDER, cursor, limit)
    return [_promise_row(promise, now) for promise in page.items], page.next_cursor


def _soonest_promise(actor: Actor, case: str) -> Subquery:
    due = visible(Promise, actor).filter(UNFINISHED, case=OuterRef(case)).order_by("due_at").values("due_at")
    return Subquery(due[:1])


LISTS: dict[str, Callable[..., list[Any]]] = {
    "mine": stretches.my_cases,
    "waiting": stretches.waiting_contacts,
    "promises": stretches.my_promises,
    "late": stretches.late_promises,
    "all": stretches.all_cases,
}
_READERS: dict[str, Callable[..., Rows]] = {
    "mine": _cases,
    "waiting": _waiting,
    "promises": _promises,
    "late": _promises,
    "all": _cases,
}


# ------------------------------------------------------------------------------------------------------ one row


def _case_row(case: Any, now: datetime) -> InboxRow:
    due = dues.of_case(case, now)
    icon = dues.CHANNEL_ICONS.get(case.channel or "", "promise" if case.promise_due_at else "inbox")
    return InboxRow(
        icon, _name(case), case.subject, due.words, _url(case), due.tone, case.ref, f"case-{case.pk}"
    )


def _waiting_row(contact: Any, now: datetime) -> InboxRow:
    due = dues.of_waiting(contact, now)
    icon = dues.CHANNEL_ICONS.get(contact.channel, "chat")
    case = contact.case
    key = f"contact-{contact.pk}"
    return InboxRow(icon, _name(contact), case.subject, due.words, _url(case), due.tone, case.ref, key)


def _promise_row(promise: Promise, now: datetime) -> InboxRow:
    due = dues.of_promise(promise.due_at, now, promise.act_by_at)
    case = promise.case
    return InboxRow(
        "promise",
        _name(case),
        promise.text,
        due.words,
        _url(case),
        due.tone,
        case.ref,
        f"promise-{promise.pk}",
    )


def _name(row: Any) -> str:
    return str(row.member.name_for_staff) if row.member else _("Guest")


def _url(case: Case) -> str:
    return reverse("desk_case", args=[show_reference(case.ref)])
