"""What every page of the desk needs: the list beside it, who is there, and where its forms come back to."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise as LazyText
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cardline.desk.access import actor_of
from cardline.desk.people import CHOICES, STATES, myself, people
from cardline.desk.queries import Inbox, inbox, views_for
from cardline.desk.ranges import shown_count
from cardline.desk.wrap_up import need_choices
from cardline.identity.exceptional.queries import exceptions_to_decide
from cardline.issuer.profile import current_profile
from cardline.kit import clock
from cardline.kit.actors import Actor
from cardline.kit.pagination import BadCursor
from cardline.needs.catalogue import needs
from cardline.notify.letters.access import may_print

VIEW_NAMES: dict[str, LazyText] = {
    "mine": _("Mine"),
    "waiting": _("Waiting"),
    "promises": _("Promises"),
    "late": _("Late"),
    "all": _("All"),
}
VIEW_LINES: dict[str, LazyText] = {
    "mine": _("soonest due first"),
    "waiting": _("longest wait first"),
    "promises": _("yours, soonest due first"),
    "late": _("missed and not done"),
    "all": _("soonest due first"),
}
NOTHING: dict[str, LazyText] = {
    "mine": _("Nothing is in your hands. Whoever waits is under Waiting."),
    "waiting": _("Nobody waits."),
    "promises": _("You have no open promises."),
    "late": _("No promise is late."),
    "all": _("No case is open."),
}
FILTERS = ("queue", "need", "owner")


def frame(request: HttpRequest, now: datetime) -> dict[str, Any]:
    """The context of the frame: list, views with their counts, people. Two queries for the list, one for the people."""
    actor = actor_of(request)
    colleagues = people(actor, clock.machine_now())
    return {
        **list_context(request, now),
        "people": colleagues,
        "me": myself(actor, colleagues),
        "states": states(),
        "may_print": may_print(actor),
        "exceptions_count": len(exceptions_to_decide(actor)) if actor.is_supervisor else 0,
    }


def list_context(request: HttpRequest, now: datetime) -> dict[str, Any]:
    """The list pane of this request's view, filters and page. A cursor of another list shows the first page."""
    actor = actor_of(request)
    view, filters = view_of(request), filters_of(request)
    try:
        found = inbox(actor, view, request.GET.get("older") or None, filters, now=now)
    except BadCursor:
        found = inbox(actor, view, None, filters, now=now)
    kept = {"view": found.view, **{name: str(value) for name, value in filters.items()}}
    return {
        "inbox": found,
        "view": found.view,
        "view_name": VIEW_NAMES[found.view],
        "view_line": VIEW_LINES[found.view],
        "nothing": NOTHING[found.view],
        "views": _views(actor, found),
        "kept": f"?{urlencode(kept)}",
        "older": f"?{urlencode({**kept, 'older': found.next_cursor})}" if found.next_cursor else "",
        "is_later_page": bool(request.GET.get("older")),
        "filters": filters,
        "filter_choices": _filter_choices(actor),
        "late_count": found.counts.get("late", 0),
        "waiting_number": found.counts["waiting"],
        "waiting_count": shown_count(found.counts["waiting"]),
        "promise_count": shown_count(found.counts["promises"]),
    }


def view_of(request: HttpRequest) -> str:
    view = request.GET.get("view", "mine")
    return view if view in views_for(actor_of(request)) else "mine"


def filters_of(request: HttpRequest) -> dict[str, Any]:
    """The filters that name something there is; others are not there."""
    wanted: dict[str, Any] = {}
    if request.GET.get("queue") in current_profile().queues:
        wanted["queue"] = request.GET["queue"]
    if request.GET.get("need") in needs():
        wanted["need"] = request.GET["need"]
    owner = request.GET.get("owner", "")
    if owner.isdecimal() and len(owner) < 10 and int(owner):
        wanted["owner"] = int(owner)
    return wanted


def back(request: HttpRequest, otherwise: str) -> HttpResponseRedirect:
    """To the page a form stood on, or to `otherwise`; never to another site."""
    to = request.POST.get("back", "")
    fits = to.startswith("/") and url_has_allowed_host_and_scheme(to, allowed_hosts=None)
    return HttpResponseRedirect(to if fits else otherwise)


def case_url(reference: str, kept: str = "") -> str:
    return reverse("desk_case", args=[reference]) + kept


def states() -> list[tuple[str, LazyText]]:
    return [(state, STATES[state]) for state in CHOICES]


def _views(actor: Actor, found: Inbox) -> list[dict[str, Any]]:
    return [
        {
            "id": view,
            "name": VIEW_NAMES[view],
            "count": shown_count(found.counts[view]),
            "is_late": view == "late" and found.counts[view] > 0,
        }
        for view in views_for(actor)
    ]


def _filter_choices(actor: Actor) -> dict[str, Any]:
    """What the list can be narrowed to: queues one sees, and needs by group."""
    profile, language = current_profile(), get_language() or "en"
    queues = [queue for queue in profile.queues.values() if actor.is_supervisor or queue.team == actor.team]
    return {
        "queue": [(queue.id, queue.label.in_(language)) for queue in queues],
        "need": need_choices(),
    }
