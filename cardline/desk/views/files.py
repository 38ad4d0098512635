"""Files of a case: what came another way is added; looks are recorded (SR-25); supervisors decide on held ones."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from cardline.cases.queries import case_by_reference
from cardline.desk.access import actor_of, staff_only, supervisors_only
from cardline.desk.held_file import HeldFilePage, held_file_page
from cardline.desk.looking import ReasonNeeded
from cardline.desk.views.addresses import its_case, takes_forms
from cardline.desk.views.frame import back, case_url, frame
from cardline.desk.views.looking import ask_why
from cardline.files.commands import UPLOADS_BY_ADDRESS
from cardline.files.held import NothingSaid, check_again, delete_held_file, release_file
from cardline.files.incoming import takes_files
from cardline.files.queries import file_named
from cardline.files.taking import take_file
from cardline.files.views import hand_over
from cardline.kit import clock
from cardline.kit.limits import count
from cardline.kit.redact import Clean, clean
from cardline.kit.reference import show_reference
from cardline.kit.refusals import NotPermitted, NotThere
from cardline.ui.form_key import form_key


@takes_files
@takes_forms(its_case())
def add(request: HttpRequest, ref: str) -> HttpResponse:
    """What came for a case another way, by post for one, is added to it; back to the page it was added on."""
    actor = actor_of(request)
    case = case_by_reference(actor, ref)
    count(UPLOADS_BY_ADDRESS, str(request.META.get("REMOTE_ADDR", "")))
    take_file(actor, case.pk, request.FILES.get("file"), key=form_key(request), now=clock.now())
    return back(request, f"{case_url(show_reference(case.ref))}#files-here")


@require_GET
@staff_only
def file(request: HttpRequest, token: str) -> HttpResponse:
    return hand_over(request, actor_of(request), token)


@require_GET
@supervisors_only
def held(request: HttpRequest, token: str) -> HttpResponse:
    """Why it was held back, and what can be done; the case's page where that is over."""
    try:
        page = held_file_page(actor_of(request), token, clock.now())
    except ReasonNeeded as closed:
        return ask_why(request, closed.case)
    return _show(request, page) if page else HttpResponseRedirect(_its_case(request, token))


def _its_page(request: HttpRequest, token: str) -> str:
    if not actor_of(request).is_supervisor:
        raise NotPermitted()
    file_named(actor_of(request), token)
    return reverse("desk_held_file", args=[token])


@takes_forms(_its_page)
def release(request: HttpRequest, token: str) -> HttpResponse:
    return _decide(request, release_file, token, "desk_file_release")


@takes_forms(_its_page)
def check(request: HttpRequest, token: str) -> HttpResponse:
    return _decide(request, check_again, token, "desk_file_check")


@takes_forms(_its_page)
def deletion(request: HttpRequest, token: str) -> HttpResponse:
    return _decide(request, delete_held_file, token, "desk_file_deletion")


def _decide(request: HttpRequest, command: Any, token: str, choice: str) -> HttpResponse:
    """Back to the case; what cannot be taken comes back with what was typed."""
    actor = actor_of(request)
    if not actor.is_supervisor:
        raise NotPermitted()
    said = clean(request.POST.get("why", "").strip())
    file_id = file_named(actor, token).pk
    try:
        command(by=actor, key=form_key(request), now=clock.now(), file_id=file_id, why=said)
    except NothingSaid as nothing:
        page = held_file_page(actor, token, clock.now())
        if page is not None:
            return _show(request, page, choice, said, str(nothing))
    return HttpResponseRedirect(_its_case(request, token))


def _its_case(request: HttpRequest, token: str) -> str:
    case = file_named(actor_of(request), token).case
    if case is None:
        raise NotThere()
    return f"{case_url(show_reference(case.ref))}#files-here"


def _show(
    request: HttpRequest, page: HeldFilePage, choice: str = "", typed: Clean | str = "", wrong: str = ""
) -> HttpResponse:
    context = {
        **frame(request, clock.now()),
        "here": reverse("desk_held_file", args=[page.file.token]),
        "page": page,
        "chosen": choice,
        "typed": typed,
        "wrong": wrong,
    }
    return render(request, "desk/held_file.html", context, status=422 if wrong else 200)
