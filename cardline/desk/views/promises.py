"""Promises: whose they are, and what becomes of each."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from cardline.desk.access import actor_of, staff_only
from cardline.desk.promise_forms import read_due
from cardline.desk.promise_rows import rows_of
from cardline.desk.ranges import counts, nearest, shown_count
from cardline.desk.stretches import late_promises, my_promises, team_promises
from cardline.desk.views.addresses import page_called, takes_forms
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
IN_ORDER = ("act_by_at", "id")
LISTS = {"mine": my_promises, "team": team_promises, "late": late_promises}
WHOSE = {"mine": gettext_lazy("Mine"), "team": gettext_lazy("My team"), "late": gettext_lazy("Late")}


@require_GET
@staff_only
def promises(request: HttpRequest) -> HttpResponse:
    """What is still to be kept: one's own, one's team's, and the late ones; soonest due first."""
    actor, now = actor_of(request), clock.now()
    whose = request.GET.get("whose", "mine")
    whose = whose if whose in WHOSE else "mine"
    lists = {name: LISTS[name](actor) for name in WHOSE}
    page = _page(actor, lists[whose], request.GET.get("after") or None)
    numbers = counts(lists)
    context = {
        **frame(request, now),
        "here_is": "promises",
        "whose": whose,
        "lists": [(name, label, shown_count(numbers[name])) for name, label in WHOSE.items()],
        "rows": rows_of(actor, page.items, now),
        "next_cursor": page.next_cursor,
        "here": f"{reverse('desk_promises')}?whose={whose}",
    }
    return render(request, "desk/promises.html", context)


def _page(actor: Actor, found: list[QuerySet[Promise]], cursor: str | None) -> Page[Promise]:
    rows = visible(Promise, actor).select_related("owner", "case__member", "clock")
    try:
        return nearest(rows, found, IN_ORDER, cursor, PAGE)
    except BadCursor:
        return nearest(rows, found, IN_ORDER, None, PAGE)


@takes_forms(page_called("desk_promises"))
def fulfilment(request: HttpRequest, promise_id: int) -> HttpResponse:
    """It is done; evidence says how anybody can check that."""
    return _done(
        request,
        do_promise,
        promise_id=promise_id,
        evidence=clean(request.POST.get("evidence", "")),
    )


@takes_forms(page_called("desk_promises"))
def ownership(request: HttpRequest, promise_id: int) -> HttpResponse:
    return _done(request, take_promise, promise_id=promise_id)


@takes_forms(page_called("desk_promises"))
def replacement(request: HttpRequest, promise_id: int) -> HttpResponse:
    """The member agreed to another date, in their words."""
    due_at = read_due(request.POST.get("due", ""))
    if due_at is None:
        raise Malformed(_("Choose a day and a time."), field="due")
    wish = clean(request.POST.get("wish", ""))
    return _done(request, replace_promise, promise_id=promise_id, due_at=due_at, wish=wish)


@takes_forms(page_called("desk_promises"))
def release(request: HttpRequest, promise_id: int) -> HttpResponse:
    """The member agreed to drop it, in their words."""
    return _done(request, release_promise, promise_id=promise_id, wish=clean(request.POST.get("wish", "")))


def _done(request: HttpRequest, command: Any, **arguments: Any) -> HttpResponse:
    command(by=actor_of(request), key=form_key(request), now=clock.now(), **arguments)
    return back(request, reverse("desk_promises"))
