"""Letters on the desk: Print today, one letter as a PDF, and the letters of a member."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from cardline.desk.access import actor_of, printers_only, staff_only
from cardline.desk.commands import note_view
from cardline.desk.letters import letter_to_open, member_letters, print_page
from cardline.desk.looking import ReasonNeeded
from cardline.desk.views.addresses import takes_forms
from cardline.desk.views.frame import frame
from cardline.desk.views.looking import ask_why
from cardline.kit import clock
from cardline.kit.redact import clean
from cardline.kit.refusals import Malformed, NotPermitted, NotThere
from cardline.notify.letters.access import may_print
from cardline.notify.letters.consents.commands import withdraw_paper_consent
from cardline.notify.letters.paper import pdf_of_letter
from cardline.notify.letters.printing.commands import (
    NotACertifiedNumber,
    note_address_right,
    note_come_back,
    post_letter,
    spoil_letter,
    undo_posting,
)
from cardline.ui.form_key import form_key

BIGGEST_NUMBER = 2**63 - 1


@require_GET
@printers_only
def print_today(request: HttpRequest) -> HttpResponse:
    return _show(request)


@require_GET
@staff_only
def pdf(request: HttpRequest, letter: str) -> HttpResponse:
    """One letter, as it was sent. A look at its member, written down before it leaves (SR-25)."""
    try:
        found = letter_to_open(actor_of(request), letter, clock.now())
    except ReasonNeeded as closed:
        return ask_why(request, closed.case)
    response = HttpResponse(pdf_of_letter(found), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{found.reference}-{found.kind}.pdf"'
    return response


def _its_page(request: HttpRequest, letter_id: int) -> str:
    if not may_print(actor_of(request)):
        raise NotPermitted()
    return reverse("desk_print")


@takes_forms(_its_page)
def posting(request: HttpRequest, letter_id: int) -> HttpResponse:
    """Printed and posted. Where it must not leave any more, the page says so instead."""
    typed = clean(request.POST.get("certified", "").strip())
    try:
        said = post_letter(**_asked(request, letter_id), certified=typed)
    except NotACertifiedNumber as wrong:
        return _show(request, letter_id, typed, str(wrong))
    return HttpResponseRedirect(f"{reverse('desk_print')}?said={said}")


@takes_forms(_its_page)
def spoiling(request: HttpRequest, letter_id: int) -> HttpResponse:
    spoil_letter(**_asked(request, letter_id))
    return HttpResponseRedirect(f"{reverse('desk_print')}?said=spoiled")


@takes_forms(_its_page)
def undoing(request: HttpRequest, letter_id: int) -> HttpResponse:
    undo_posting(**_asked(request, letter_id))
    return HttpResponseRedirect(f"{reverse('desk_print')}?said=undone")


@takes_forms(_its_page)
def come_back(request: HttpRequest, letter_id: int) -> HttpResponse:
    note_come_back(**_asked(request, letter_id))
    return HttpResponseRedirect(f"{reverse('desk_print')}?said=came_back")


@staff_only
def of_member(request: HttpRequest, member_id: int) -> HttpResponse:
    """A member's letters, their consents and a bad address; a POST says in `what` which of it ends."""
    if member_id > BIGGEST_NUMBER:
        raise NotThere()
    actor, now = actor_of(request), clock.now()
    page = member_letters(actor, member_id, now)
    here = reverse("desk_letters", args=[member_id])
    if request.method == "POST":
        _change(request, member_id)
        return HttpResponseRedirect(here)
    if request.method != "GET":
        return HttpResponseNotAllowed(["GET", "POST"])
    note_view(actor, page.case_id, None, now)
    context = {**frame(request, now), "here_is": "member", "here": here, "page": page}
    return render(request, "desk/letters.html", context)


def _change(request: HttpRequest, member_id: int) -> None:
    about: dict[str, Any] = {"by": actor_of(request), "key": form_key(request), "now": clock.now()}
    what = request.POST.get("what", "")
    if what == "paper":
        withdraw_paper_consent(**about, member_id=member_id, covers=request.POST.getlist("covers"))
    elif what == "right":
        note_address_right(**about, member_id=member_id)
    else:
        raise Malformed(field="what")


def _show(request: HttpRequest, wrong_id: int = 0, typed: str = "", wrong: str = "") -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    context = {
        **frame(request, now),
        "here_is": "print",
        "here": reverse("desk_print"),
        "page": print_page(actor, now),
        "said": request.GET.get("said", "") if request.method == "GET" else "",
        "wrong_id": wrong_id,
        "typed": typed,
        "wrong": wrong,
    }
    return render(request, "desk/print.html", context, status=422 if wrong else 200)


def _asked(request: HttpRequest, letter_id: int) -> dict[str, Any]:
    number = min(letter_id, BIGGEST_NUMBER)
    return {"by": actor_of(request), "key": form_key(request), "now": clock.now(), "letter_id": number}
