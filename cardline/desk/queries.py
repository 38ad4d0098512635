"""The desk's lists: what waits, what is mine, what is due; soonest first.

Each page of a list is two queries whatever its length and however many cases there are: the rows with all they show,
and the counts of the views, which stop at a hundred.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from cardline.cases.models import Case
from cardline.cases.visibility import queues_of
from cardline.contact.models import Contact
from cardline.desk import dues
from cardline.desk.ranges import counts, nearest
from cardline.issuer.profile import current_profile
from cardline.kit import clock
from cardline.kit.actors import Actor
from cardline.kit.reference import show_reference
from cardline.kit.visibility import visible
from cardline.promises.ladder import HEAD_OF_SERVICE, SUPERVISORS
from cardline.promises.models import Promise
from cardline.promises.queries import UNFINISHED

PAGE = 50
CASES_IN_ORDER = ("attention_at", "id")
WAITING_IN_ORDER = ("started_at", "id")
PROMISES_IN_ORDER = ("due_at", "id")


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
    reader = {"waiting": _waiting, "promises": _promises, "late": _late, "all": _all}.get(view, _mine)
    if reader is _late and not actor.is_supervisor:
        reader, view = _mine, "mine"
    rows, next_cursor = reader(actor, cursor, wanted, now, limit)
    return Inbox(view if view in views_for(actor) else "mine", rows, next_cursor, counts_for(actor))


def counts_for(actor: Actor) -> dict[str, int]:
    """How much each view has, without the filters, counted to a hundred."""
    lists: dict[str, QuerySet[Any]] = {
        "mine": _open_cases(actor).filter(owner=actor.agent_id),
        "waiting": _waiting_contacts(actor),
        "promises": _unfinished(actor).filter(owner=actor.agent_id),
    }
    if actor.is_supervisor:
        lists["late"] = _unfinished(actor).filter(state=Promise.State.MISSED, queue__in=high_places())
    lists["all"] = _open_cases(actor)
    return counts(lists)


Rows = tuple[list[InboxRow], str | None]


def _mine(actor: Actor, cursor: str | None, wanted: Mapping[str, Any], now: datetime, limit: int) -> Rows:
    stretch = _narrowed(_open_cases(actor).filter(owner=actor.agent_id), wanted, "queue", "need")
    return _cases(actor, [stretch], cursor, now, limit)


def _all(actor: Actor, cursor: str | None, wanted: Mapping[str, Any], now: datetime, limit: int) -> Rows:
    """A supervisor's stretch is the whole table; an agent's are their team's queues and what else is in their hands."""
    rows = _narrowed(_open_cases(actor), wanted, "queue", "need", "owner")
    if actor.is_supervisor or "queue" in wanted or "owner" in wanted:
        stretches = [rows]
    else:
        stretches = [
            *(rows.filter(queue=queue) for queue in queues_of(actor)),
            rows.filter(owner=actor.agent_id),
        ]
    return _cases(actor, stretches, cursor, now, limit)


def _cases(
    actor: Actor, stretches: list[QuerySet[Case]], cursor: str | None, now: datetime, limit: int
) -> Rows:
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
    page = nearest(rows, stretches, CASES_IN_ORDER, cursor, limit)
    return [_case_row(case, now) for case in page.items], page.next_cursor


def _waiting(actor: Actor, cursor: str | None, wanted: Mapping[str, Any], now: datetime, limit: int) -> Rows:
    rows = _narrowed(_waiting_contacts(actor), wanted, "queue", "need")
    queues = [wanted["queue"]] if "queue" in wanted else _queues_seen(actor)
    shown = (
        visible(Contact, actor)
        .select_related("case", "member")
        .annotate(promise_due_at=_soonest_promise(actor, "case"))
    )
    stretches = [rows.filter(queue=queue) for queue in queues]
    page = nearest(shown, stretches, WAITING_IN_ORDER, cursor, limit)
    return [_waiting_row(contact, now) for contact in page.items], page.next_cursor


def _promises(actor: Actor, cursor: str | None, wanted: Mapping[str, Any], now: datetime, limit: int) -> Rows:
    own = _of_cases(visible(Promise, actor).filter(owner=actor.agent_id), wanted)
    open_ones = own.filter(state=Promise.State.OPEN)
    late_ones = own.filter(state=Promise.State.MISSED, done_at=None)
    return _promise_rows(actor, [open_ones, *_at_high_places(late_ones)], cursor, now, limit)


def _late(actor: Actor, cursor: str | None, wanted: Mapping[str, Any], now: datetime, limit: int) -> Rows:
    missed = _of_cases(visible(Promise, actor).filter(state=Promise.State.MISSED, done_at=None), wanted)
    return _promise_rows(actor, _at_high_places(missed), cursor, now, limit)


def _promise_rows(
    actor: Actor, stretches: list[QuerySet[Promise]], cursor: str | None, now: datetime, limit: int
) -> Rows:
    rows = visible(Promise, actor).select_related("case__member", "owner")
    page = nearest(rows, stretches, PROMISES_IN_ORDER, cursor, limit)
    return [_promise_row(promise, now) for promise in page.items], page.next_cursor


# ------------------------------------------------------------------------------------------- what the lists are made of


def _open_cases(actor: Actor) -> QuerySet[Case]:
    return visible(Case, actor).filter(state=Case.State.OPEN)


def _waiting_contacts(actor: Actor) -> QuerySet[Contact]:
    return visible(Contact, actor).filter(state=Contact.State.WAITING)


def _unfinished(actor: Actor) -> QuerySet[Promise]:
    return visible(Promise, actor).filter(UNFINISHED)


def _soonest_promise(actor: Actor, case: str) -> Subquery:
    due = _unfinished(actor).filter(case=OuterRef(case)).order_by("due_at").values("due_at")
    return Subquery(due[:1])


def _queues_seen(actor: Actor) -> list[str]:
    return list(current_profile().queues) if actor.is_supervisor else queues_of(actor)


def high_places() -> list[str]:
    """Where missed promises lie: with each team's supervisors, or with the head of service."""
    return [*(f"{SUPERVISORS}{team}" for team in current_profile().teams), HEAD_OF_SERVICE]


def _at_high_places(rows: QuerySet[Promise]) -> list[QuerySet[Promise]]:
    return [rows.filter(queue=place) for place in high_places()]


def _narrowed(rows: QuerySet[Any], wanted: Mapping[str, Any], *columns: str) -> QuerySet[Any]:
    return rows.filter(**{column: wanted[column] for column in columns if column in wanted})


def _of_cases(rows: QuerySet[Promise], wanted: Mapping[str, Any]) -> QuerySet[Promise]:
    return rows.filter(
        **{f"case__{column}": wanted[column] for column in ("queue", "need") if column in wanted}
    )


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
    due = dues.of_promise(promise.due_at, now)
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
    return str(row.member.name) if row.member else _("Guest")


def _url(case: Case) -> str:
    return reverse("desk_case", args=[show_reference(case.ref)])
