"""The list of conversations, and finding one by its reference."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from cardline.cases.queries import case_by_reference
from cardline.desk.access import actor_of, staff_only
from cardline.desk.views.frame import case_url, frame, list_context
from cardline.kit import clock
from cardline.kit.reference import BadReference, explain, parse_reference, show_reference
from cardline.staff.commands import sign_of_life


@require_GET
@staff_only
def desk(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/desk.html", frame(request, clock.now()))


@require_GET
@staff_only
def items(request: HttpRequest) -> HttpResponse:
    """The list alone, which open screens fetch when something in it changed."""
    sign_of_life(actor_of(request))
    context = list_context(request, clock.now())
    return render(request, "desk/_items_fresh.html", {**context, "open_ref": request.GET.get("open", "")})


@require_GET
@staff_only
def find(request: HttpRequest) -> HttpResponse:
    """A reference as somebody typed or heard it, to its case. Raises NotThere."""
    typed = request.GET.get("ref", "")
    try:
        parse_reference(typed)
    except BadReference as problem:
        said = explain(problem.kind, get_language() or "en")
        context = {**frame(request, clock.now()), "found_nothing": said, "typed": typed[:40]}
        return render(request, "desk/desk.html", context, status=422)
    case = case_by_reference(actor_of(request), typed)
    return HttpResponseRedirect(case_url(show_reference(case.ref)))
