"""/floor/views: who looked at whose data, what was unusual, and what supervisors made of it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from cardline.audit.commands import keep_home, look_into, record_export, watch_member
from cardline.audit.queries import Which, is_watched
from cardline.cases.queries import case_by_reference
from cardline.desk.access import actor_of, supervisors_only
from cardline.desk.views.frame import frame
from cardline.desk.views_page import file_of, open_alarms, read_day, rows_of, settled_alarms
from cardline.kit import clock, limits
from cardline.kit.actors import Actor
from cardline.kit.pagination import BadCursor
from cardline.kit.redact import clean
from cardline.kit.refusals import NotThere, Refusal
from cardline.staff.queries import everybody
from cardline.ui.form_key import form_key


@require_GET
@supervisors_only
def views(request: HttpRequest) -> HttpResponse:
    return _page(request)


@require_GET
@supervisors_only
def file(request: HttpRequest) -> HttpResponse:
    """What the page's filters choose, as a file. That it left us is in the log."""
    actor = actor_of(request)
    which, found = _which(request, actor)
    if not found:
        raise NotThere()
    limits.count(limits.DOWNLOADS, actor.key)
    content, rows, members = file_of(actor, which)
    record_export(by=actor, now=clock.now(), rows=rows, members=members)
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="views.csv"'
    return answer


@require_POST
@supervisors_only
def settlement(request: HttpRequest, alarm_id: int) -> HttpResponse:
    """An alarm was looked into, and this is what was found."""
    note = clean(request.POST.get("note", ""))
    try:
        look_into(by=actor_of(request), key=form_key(request), now=clock.now(), alarm_id=alarm_id, note=note)
    except Refusal as refusal:
        if refusal.status != 422:
            raise
        return _page(request, wrong={"alarm": alarm_id, "words": str(refusal), "note": note})
    return HttpResponseRedirect(reverse("floor_views"))


@require_POST
@supervisors_only
def watched(request: HttpRequest) -> HttpResponse:
    """Watch who looks at the member of a case, or no longer."""
    actor, ref = actor_of(request), request.POST.get("ref", "")
    member_id = case_by_reference(actor, ref).member_id
    if member_id is None:
        raise NotThere()
    on = request.POST.get("on") == "1"
    watch_member(by=actor, key=form_key(request), now=clock.now(), member_id=member_id, on=on)
    return HttpResponseRedirect(f"{reverse('floor_views')}?{urlencode({'ref': ref})}")


@require_POST
@supervisors_only
def home(request: HttpRequest) -> HttpResponse:
    """Where a colleague lives, so that an alarm says when they look at a member who lives there too."""
    keep_home(
        by=actor_of(request),
        key=form_key(request),
        now=clock.now(),
        agent_id=_number(request.POST.get("agent", "")),
        address=clean(request.POST.get("address", "")),
    )
    return HttpResponseRedirect(f"{reverse('floor_views')}?kept=1#homes")


def _page(request: HttpRequest, wrong: dict[str, Any] | None = None) -> HttpResponse:
    actor = actor_of(request)
    which, found = _which(request, actor)
    asked = {name: request.GET[name] for name in ("agent", "ref", "day", "reason") if request.GET.get(name)}
    rows, next_cursor = _rows(actor, which, request.GET.get("older")) if found else ([], None)
    context = {
        **frame(request, clock.now()),
        "here_is": "views",
        "rows": rows,
        "older": f"?{urlencode({**asked, 'older': next_cursor})}" if next_cursor else "",
        "file": f"{reverse('floor_views_file')}?{urlencode(asked)}",
        "which": which,
        "asked": asked,
        "found": found,
        "agents": everybody(),
        "alarms": open_alarms(actor),
        "settled": settled_alarms(actor),
        "watched": is_watched(actor, which.member) if which.member else False,
        "wrong": wrong,
        "kept_home": request.GET.get("kept") == "1",
    }
    return render(request, "desk/views.html", context, status=422 if wrong else 200)


def _rows(actor: Actor, which: Which, cursor: str | None) -> tuple[list[Any], str | None]:
    """A cursor of another list shows the first page."""
    try:
        return rows_of(actor, which, cursor)
    except BadCursor:
        return rows_of(actor, which, None)


def _which(request: HttpRequest, actor: Actor) -> tuple[Which, bool]:
    """The filters, and whether there is somebody of that reference at all. ref: a case of the member's."""
    member, found = 0, True
    if typed := request.GET.get("ref", "").strip():
        with suppress(NotThere):
            member = case_by_reference(actor, typed).member_id or 0
        found = member > 0
    which = Which(
        agent=_number(request.GET.get("agent", "")),
        member=member,
        day=read_day(request.GET.get("day", "")),
        with_reason=request.GET.get("reason") == "1",
    )
    return which, found


def _number(written: str) -> int:
    return int(written) if written.isascii() and written.isdecimal() and len(written) <= 18 else 0
