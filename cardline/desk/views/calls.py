"""Saying that one calls a member, and that the call is over."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from cardline.cases.queries import case_by_reference
from cardline.desk.access import actor_of
from cardline.desk.commands import call_member
from cardline.desk.views.addresses import its_case, takes_forms
from cardline.desk.views.frame import back, case_url
from cardline.kit import clock
from cardline.kit.reference import show_reference
from cardline.trust.commands import end_call
from cardline.ui.form_key import form_key


@takes_forms(its_case())
def begin(request: HttpRequest, ref: str) -> HttpResponse:
    actor = actor_of(request)
    case = case_by_reference(actor, ref)
    call_member(by=actor, key=form_key(request), now=clock.now(), case_id=case.pk)
    return back(request, case_url(show_reference(case.ref)))


@takes_forms(its_case())
def end(request: HttpRequest, ref: str) -> HttpResponse:
    """The call is over, though it may have ended by itself a moment before."""
    actor = actor_of(request)
    case = case_by_reference(actor, ref)
    end_call(by=actor, key=form_key(request), now=clock.now())
    return back(request, case_url(show_reference(case.ref)))
