"""What a member has with us: every case, its promises, and each as something to keep."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cardline.cases.queries import case_by_reference, cases_visible_to
from cardline.contact.queries import current_case_of
from cardline.issuer.profile import current_profile
from cardline.kit import clock
from cardline.kit.dates import say_moment
from cardline.kit.ics import promise_event
from cardline.kit.pagination import BadCursor
from cardline.kit.reference import BadReference, explain, parse_reference, show_reference
from cardline.kit.refusals import NotThere
from cardline.selfservice.case_page import case_page
from cardline.selfservice.queries import promise_by_number, records_of
from cardline.selfservice.talking import talking_with
from cardline.ui.entries import uncapital
from cardline.ui.signed_in import own_page


@require_GET
@own_page
def my_contacts(request: HttpRequest) -> HttpResponse:
    """Every case with its contacts, newest first. ref: a reference that was typed to open one."""
    now, language, typed = clock.now(), get_language() or "en", request.GET.get("ref", "")
    wrong = ""
    if typed:
        try:
            return HttpResponseRedirect(reverse("case", args=[show_reference(parse_reference(typed))]))
        except BadReference as problem:
            wrong = explain(problem.kind, language)
    try:
        records = records_of(request.actor, now, language, request.GET.get("after"))  # type: ignore[attr-defined]
    except BadCursor as unknown:
        raise NotThere() from unknown
    context = {
        "here": "contacts",
        "records": records,
        "typed": typed[:40],
        "wrong": wrong,
        "talking": talking_with(request.actor),  # type: ignore[attr-defined]
        "shown_at": say_moment(now, current_profile().zone, language, now),
    }
    return render(request, "selfservice/my_contacts.html", context, status=422 if wrong else 200)


@require_GET
@own_page
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """One case: the receipt. Where its one contact was attached to another case, that one answers."""
    actor = request.actor  # type: ignore[attr-defined]
    found = case_by_reference(actor, reference)
    if found.contacts and (current := current_case_of(actor, found.pk)) != found.pk:
        found = cases_visible_to(actor).get(pk=current)
    if reference != show_reference(found.ref):
        return HttpResponseRedirect(reverse("case", args=[show_reference(found.ref)]))
    page = case_page(actor, found, clock.now(), get_language() or "en")
    return render(request, "selfservice/case.html", {"here": "contacts", "page": page})


@require_GET
@own_page
def promise_ics(request: HttpRequest, reference: str, n: int) -> HttpResponse:
    """A promise as a calendar file, with an alarm as long before as the profile says."""
    promise = promise_by_number(request.actor, reference, n)  # type: ignore[attr-defined]
    profile, language = current_profile(), get_language() or "en"
    ref = show_reference(promise.home_case.ref)
    said = {"issuer": profile.short_name.in_(language), "what": uncapital(promise.text), "ref": ref}
    file = promise_event(
        uid=f"{promise.home_case.ref}-{n}@cardline",
        summary=_("%(issuer)s will %(what)s") % said,
        description=_("Reference %(ref)s. If we are late, a supervisor takes over and tells you.") % said,
        due_at=promise.due_at,
        zone=ZoneInfo(promise.due_zone),
        url=request.build_absolute_uri(reverse("case", args=[show_reference(promise.case.ref)])),
        now=clock.now(),
        alarm=profile.promises.remind_before or timedelta(hours=24),
    )
    response = HttpResponse(file, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{ref}-{n}.ics"'
    return response
