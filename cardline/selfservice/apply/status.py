"""/apply/status: a reference and a day of birth. Both are posted, so that neither stands in an address (SR-41)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cardline.applications.queries import application_of
from cardline.clocks.local import end_of_day, local_date
from cardline.issuer.core import Application, CoreUnknown
from cardline.issuer.profile import current_profile
from cardline.kit import clock
from cardline.kit.ics import promise_event
from cardline.kit.limits import LOOK_UPS, LOOK_UPS_IN_ALL, count
from cardline.kit.reference import show_reference
from cardline.kit.refusals import NotThere
from cardline.selfservice.apply.forms import StatusForm
from cardline.selfservice.apply.page import application_page, due_day
from cardline.selfservice.apply.views import HERE, where_taken
from cardline.selfservice.calls import line_for_questions

NO_MATCH = gettext_lazy(
    "We can’t find an application with that reference and that day of birth. Check both, or call us."
)
SILENT = gettext_lazy("We can’t look it up right now. What you typed is still here. Try again in a minute.")


@require_http_methods(["GET", "HEAD", "POST"])
@where_taken
def application(request: HttpRequest) -> HttpResponse:
    """Where it stands, since when, and what comes next. A wrong check character is told; beyond that every miss answers
    alike (SR-34).
    """
    form, found, status = _form(request), None, 200
    if request.method == "POST":
        try:
            found = _look_up(request, form)
        except NotThere:
            form.add_error(None, str(NO_MATCH))
        except CoreUnknown:
            form.add_error(None, str(SILENT))
            status = 503
        if form.errors and status == 200:
            status = 422
    call = line_for_questions(request.actor)  # type: ignore[attr-defined]
    context: dict[str, Any] = {**HERE, "form": form, "call": call}
    if found is not None:
        context["page"] = application_page(found, clock.now(), _language())
        context["born"] = form.born
    return render(request, "selfservice/apply/status.html", context, status=status)


@require_POST
@where_taken
def calendar(request: HttpRequest) -> HttpResponse:
    """The next day as a calendar file with an alarm, for whoever knows both facts."""
    found = _look_up(request, _form(request))
    due = due_day(found, clock.now()) if found else None
    if found is None or due is None:
        raise NotThere()
    words, day = due
    profile, ref = current_profile(), show_reference(found.reference)
    file = promise_event(
        uid=f"{found.reference}-{found.state}@cardline",
        summary=f"{profile.short_name.in_(_language())}: {words}",
        description=_("Application %(ref)s, %(product)s.") % {"ref": ref, "product": found.product},
        due_at=end_of_day(day, profile.zone),
        zone=profile.zone,
        url=request.build_absolute_uri(reverse("application")),
        now=clock.now(),
        alarm=profile.promises.remind_before or timedelta(hours=24),
    )
    response = HttpResponse(file, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{ref}.ics"'
    return response


def _form(request: HttpRequest) -> StatusForm:
    today = local_date(clock.now(), current_profile().zone)
    return StatusForm(request.POST if request.method == "POST" else None, today=today)


def _look_up(request: HttpRequest, form: StatusForm) -> Application | None:
    """None for a form that is not filled in. Raises NotThere, CoreUnknown, TooMany."""
    if not form.is_valid() or form.born is None:
        return None
    reference = form.cleaned_data["reference"]
    count(LOOK_UPS_IN_ALL, "all")
    count(LOOK_UPS, str(request.META.get("REMOTE_ADDR", "")))
    # A day of birth is one of thirty thousand: the reference itself has its own limit.
    count(LOOK_UPS, f"ref:{reference}")
    return application_of(reference, form.born)


def _language() -> str:
    return get_language() or "en"
