"""Promises: whose they are, and what becomes of each."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from cardline.cases.visibility import queues_of
from cardline.desk.access import actor_of, staff_only
from cardline.desk.promise_forms import read_due
from cardline.desk.promise_rows import rows_of
from cardline.desk.queries import high_places
from cardline.desk.ranges import counts, nearest, shown_count
from cardline.desk.views.frame import back, frame
from cardline.kit import clock
from cardline.kit.actors import Actor
from cardline.kit.pagination import BadCursor, Page
from cardline.kit.redact import clean
from cardline.kit.refusals import Malformed
from cardline.kit.visibility import visible
from cardline.promises.commands import do_promise, release_promise, replace_promise, take_promise
from cardline.promises.models import Promise
from cardline.ui.form_key import form_key

PAGE = 50
IN_ORDER = ("due_at", "id")
WHOSE = {"mine": gettext_lazy("Mine"), "team": gettext_lazy("My team"), "late": gettext_lazy("Late")}


@require_GET
@staff_only
def promises(request: HttpRequest) -> HttpResponse:
    """What is still to be kept: one's own, one's team's, and the late ones; soonest due first."""
    actor, now = actor_of(request), clock.now()
    whose = request.GET.get("whose", "mine")
    whose = whose if whose in WHOSE else "mine"
    lists = {name: stretches(actor, name) for name in WHOSE}
    page = _page(actor, lists[whose], request.GET.get("after") or None)
    numbers = {name: sum(counts(dict(enumerate(lists[name]))).values()) for name in WHOSE}  # type: ignore[arg-type]
    context = {
        **frame(request, now),
        "whose": whose,
        "lists": [(name, label, shown_count(min(numbers[name], 100))) for name, label in WHOSE.items()],
        "rows": rows_of(actor, page.items, now),
        "next_cursor": page.next_cursor,
        "here": f"{reverse('desk_promises')}?whose={whose}",
    }
    return render(request, "desk/promises.html", context)


def stretches(actor: Actor, whose: str) -> list[QuerySet[Promise]]:
    """Each list as stretches of an index. mine: what I own; team: what my queues own, nobody in person; late: missed
    and not done, with the supervisors or above. An agent sees the late ones of the cases they see.
    """
    seen = visible(Promise, actor)
    missed = seen.filter(state=Promise.State.MISSED, done_at=None)
    high = [missed.filter(queue=place) for place in high_places()]
    if whose == "late":
        return high
    if whose == "team":
        waiting = seen.filter(state=Promise.State.OPEN, done_at=None, owner=None)
        return [waiting.filter(queue=queue) for queue in queues_of(actor)]
    return [
        seen.filter(state=Promise.State.OPEN, owner=actor.agent_id),
        *(late.filter(owner=actor.agent_id) for late in high),
    ]


def _page(actor: Actor, found: list[QuerySet[Promise]], cursor: str | None) -> Page[Promise]:
    rows = visible(Promise, actor).select_related("owner", "case__member")
    try:
        return nearest(rows, found, IN_ORDER, cursor, PAGE)
    except BadCursor:
        return nearest(rows, found, IN_ORDER, None, PAGE)


@require_POST
@staff_only
def fulfilment(request: HttpRequest, promise_id: int) -> HttpResponse:
    """It is done; evidence says how anybody can check that."""
    return _done(
        request,
        do_promise,
        promise_id=promise_id,
        evidence=clean(request.POST.get("evidence", "")),
    )


@require_POST
@staff_only
def ownership(request: HttpRequest, promise_id: int) -> HttpResponse:
    return _done(request, take_promise, promise_id=promise_id)


@require_POST
@staff_only
def replacement(request: HttpRequest, promise_id: int) -> HttpResponse:
    """The member agreed to another date, in their words."""
    due_at = read_due(request.POST.get("due", ""))
    if due_at is None:
        raise Malformed(_("Choose a day and a time."), field="due")
    wish = clean(request.POST.get("wish", ""))
    return _done(request, replace_promise, promise_id=promise_id, due_at=due_at, wish=wish)


@require_POST
@staff_only
def release(request: HttpRequest, promise_id: int) -> HttpResponse:
    """The member agreed to drop it, in their words."""
    return _done(request, release_promise, promise_id=promise_id, wish=clean(request.POST.get("wish", "")))


def _done(request: HttpRequest, command: Any, **arguments: Any) -> HttpResponse:
    command(by=actor_of(request), key=form_key(request), now=clock.now(), **arguments)
    return back(request, reverse("desk_promises"))
