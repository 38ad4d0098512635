"""Reading a case of which nothing is open any more: first the reason, in words, then fifteen minutes (SR-25)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from cardline.audit.commands import give_reason
from cardline.audit.rules import LONGEST_REASON
from cardline.cases.models import Case
from cardline.cases.queries import case_by_reference
from cardline.desk.access import actor_of
from cardline.desk.views.addresses import its_case, takes_forms
from cardline.desk.views.frame import case_url, frame
from cardline.kit import clock
from cardline.kit.redact import Clean, clean
from cardline.kit.reference import show_reference
from cardline.kit.refusals import Malformed
from cardline.ui.form_key import form_key


def ask_why(request: HttpRequest, case: Case, typed: Clean | str = "", wrong: str = "") -> HttpResponse:
    """The page that asks. It says of the case no more than the reference they came with."""
    if "HX-Request" in request.headers:  # a screen that stood open: the whole page is this one now
        return HttpResponse(headers={"HX-Refresh": "true"})
    ref = show_reference(case.ref)
    context = {
        **frame(request, clock.now()),
        "reference": ref,
        "here": case_url(ref),
        "typed_reason": typed,
        "wrong": wrong,
        "longest": LONGEST_REASON,
    }
    return render(request, "desk/reason.html", context, status=422 if wrong else 200)


@takes_forms(its_case())
def reason(request: HttpRequest, ref: str) -> HttpResponse:
    """Give the reason, and go on to the case."""
    actor = actor_of(request)
    case = case_by_reference(actor, ref)
    if case.member_id is not None:
        said = clean(request.POST.get("reason", ""))
        try:
            give_reason(
                by=actor, key=form_key(request), now=clock.now(), member_id=case.member_id, reason=said
            )
        except Malformed as refusal:
            return ask_why(request, case, said, str(refusal))
    return HttpResponseRedirect(case_url(show_reference(case.ref)))
