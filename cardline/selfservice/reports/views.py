"""A member's report of a card that is gone, and their one press where a stranger had it frozen: it was not me."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from cardline.cards.strangers.commands import say_false_alarm
from cardline.kit import clock
from cardline.selfservice.reports.page import report_page
from cardline.selfservice.silence import core_page
from cardline.ui.form_key import form_key
from cardline.ui.signed_in import own_page

HERE = "cards"
LARGEST = 2**63 - 1  # that a database holds as a number


@require_GET
@own_page
def report(request: HttpRequest, report_id: int) -> HttpResponse:
    page = report_page(request.actor, min(report_id, LARGEST), clock.now(), get_language() or "en")  # type: ignore[attr-defined]
    return render(request, "selfservice/reports/report.html", {"here": HERE, "page": page})


@require_POST
@core_page(HERE)
def not_me(request: HttpRequest, report_id: int) -> HttpResponse:
    """The card is given back into use, and what the stranger said counts as false."""
    say_false_alarm(
        by=request.actor,  # type: ignore[attr-defined]
        key=form_key(request),
        now=clock.now(),
        report_id=min(report_id, LARGEST),
    )
    return HttpResponseRedirect(reverse("lost_report", args=[report_id]))
