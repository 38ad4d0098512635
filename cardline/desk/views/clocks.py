"""The legal clocks of a case: all of them with their reasons, starting one, correcting a fact."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from cardline.cases.queries import case_by_reference
from cardline.desk.access import actor_of, staff_only
from cardline.desk.clocks import FACTS, ClockForm, clocks_page, read_form
from cardline.desk.looking import ReasonNeeded
from cardline.desk.views.addresses import takes_forms
from cardline.desk.views.frame import frame
from cardline.desk.views.looking import ask_why
from cardline.kit import clock
from cardline.kit.reference import show_reference
from cardline.kit.refusals import Malformed
from cardline.promises.legal.commands import recompute_clock, start_clocks
from cardline.promises.legal.queries import clock_of_case
from cardline.ui.form_key import form_key


@staff_only
def clocks(request: HttpRequest, ref: str) -> HttpResponse:
    """GET shows them; POST starts those of what happened. What cannot be taken comes back with what was typed."""
    if request.method == "GET":
        return _page(request, ref, ClockForm())
    if request.method != "POST":
        return HttpResponseNotAllowed(["GET", "POST"])
    actor, form = actor_of(request), read_form(request.POST)
    case = case_by_reference(actor, ref)
    try:
        start_clocks(
            by=actor, key=form_key(request), now=clock.now(), case_id=case.pk, event=form.event,
            started_at=_instant(form), params=form.params,
        )  # fmt: skip
    except Malformed as wrong:
        return _page(request, ref, _put(form, wrong))
    return HttpResponseRedirect(_address(case.ref))


def _its_page(request: HttpRequest, ref: str, clock_id: int) -> str:
    """The page of one of the clocks of a case. Raises NotThere."""
    case = case_by_reference(actor_of(request), ref)
    clock_of_case(actor_of(request), case.pk, clock_id)
    return f"{_address(case.ref)}#clock-{clock_id}"


@takes_forms(_its_page)
def correction(request: HttpRequest, ref: str, clock_id: int) -> HttpResponse:
    """A fact was another: the date is worked out again, and what stood before stays beside it."""
    actor, form = actor_of(request), read_form(request.POST, clock_id)
    case = case_by_reference(actor, ref)
    clock_of_case(actor, case.pk, clock_id)
    try:
        recompute_clock(
            by=actor, key=form_key(request), now=clock.now(), clock_id=clock_id, reason=form.why, rule=form.rule,
            started_at=_instant(form), params=form.params,
        )  # fmt: skip
    except Malformed as wrong:
        return _page(request, ref, _put(form, wrong))
    return HttpResponseRedirect(f"{_address(case.ref)}#clock-{clock_id}")


def _instant(form: ClockForm) -> datetime:
    """When it happened, on the issuer's clock. Raises Malformed."""
    if form.started_at is None:
        raise Malformed(_("Choose a day and a time."), field="started_at")
    return form.started_at


def _put(form: ClockForm, wrong: Malformed) -> ClockForm:
    form.wrong[wrong.field] = str(wrong)
    return form


def _page(request: HttpRequest, ref: str, form: ClockForm) -> HttpResponse:
    now = clock.now()
    try:
        page = clocks_page(actor_of(request), ref, now)
    except ReasonNeeded as closed:
        return ask_why(request, closed.case)
    context = {
        **frame(request, now),
        "page": page,
        "form": form,
        "facts": FACTS.items(),
        "here": reverse("desk_clocks", args=[page.reference]),
    }
    return render(request, "desk/clocks.html", context, status=422 if form.wrong else 200)


def _address(ref: str) -> str:
    return reverse("desk_clocks", args=[show_reference(ref)])
