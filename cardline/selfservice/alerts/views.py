"""A member's alerts: what happened, and what they want to hear of."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cardline.kit import clock
from cardline.kit.refusals import NotThere
from cardline.notify.commands import choose_alerts
from cardline.notify.queries import choices_of
from cardline.selfservice.alerts.forms import AlertsForm
from cardline.selfservice.alerts.page import alerts_page
from cardline.selfservice.silence import core_page
from cardline.ui.form_key import form_key


@require_http_methods(["GET", "POST"])
@core_page("alerts")
def alerts(request: HttpRequest) -> HttpResponse:
    """422 with everything that was typed where something of it cannot be."""
    if request.method != "POST":
        return _show(request)
    choices = choices_of(request.actor)  # type: ignore[attr-defined]
    if not choices.accounts:
        raise NotThere()
    form = AlertsForm(choices, request.POST)
    if not form.is_valid():
        return _show(request, form)
    key = form_key(request)
    choose_alerts(
        by=request.actor,  # type: ignore[attr-defined]
        key=key,
        now=clock.now(),
        wish=key or clock.machine_now().isoformat(),
        rules=form.rules(),
        by_mail=form.by_mail(),
        quiet=form.quiet(),
    )
    messages.success(request, _("Saved. It counts from now on."))
    return HttpResponseRedirect(reverse("alerts"))


def _show(request: HttpRequest, form: AlertsForm | None = None) -> HttpResponse:
    page = alerts_page(
        request.actor,  # type: ignore[attr-defined]
        request.GET.get("after", ""),
        clock.now(),
        get_language() or "en",
        form,
    )
    context = {"here": "alerts", "page": page}
    return render(request, "selfservice/alerts/alerts.html", context, status=422 if form else 200)
