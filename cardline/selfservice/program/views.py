"""A program's cards: the list, one of them, and what its administrator does with it, speaking for the company."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cardline.cards.programs.commands import (
    end_for_leaver,
    freeze_employees_card,
    replace_employees_card,
    replace_to_company,
    set_limit,
    unfreeze_employees_card,
)
from cardline.cards.programs.queries import employee_cards, highest_limit, program_of_card
from cardline.issuer.profile import current_profile
from cardline.kit import clock, limits
from cardline.kit.actors import Actor
from cardline.kit.money import Money, format_money
from cardline.kit.reference import show_reference
from cardline.kit.refusals import Malformed
from cardline.members.programs.queries import acting_for
from cardline.selfservice.program.file import program_file
from cardline.selfservice.program.forms import LimitForm, ProgramFilters
from cardline.selfservice.program.page import (
    employee_card_page,
    limit_question,
    matching,
    others_card,
    program_page,
    question,
    reasons_for,
    receipt,
)
from cardline.selfservice.silence import core_page
from cardline.ui.form_key import form_key

HERE = {"here": "program"}
_core_page = core_page("program")


@require_GET
@_core_page
def program(request: HttpRequest) -> HttpResponse:
    """The list as the address asks for it; 422 where it asks for what cannot be."""
    page = program_page(_actor(request), request.GET, clock.now(), _language())
    status = 422 if page.filters.errors else 200
    return render(request, "selfservice/program/program.html", {**HERE, "page": page}, status=status)


@require_GET
@_core_page
def file(request: HttpRequest) -> HttpResponse:
    """The same list for a spreadsheet."""
    actor, now = _actor(request), clock.now()
    cards = matching(employee_cards(actor, now), ProgramFilters(request.GET))
    limits.count(limits.DOWNLOADS, actor.key)
    name, content = program_file(cards, now.astimezone(current_profile().zone).date())
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_GET
@_core_page
def card(request: HttpRequest, employee_card: str) -> HttpResponse:
    page = employee_card_page(_actor(request), employee_card, clock.now(), _language())
    return render(request, "selfservice/program/card.html", {**HERE, "page": page})


@require_POST
@_core_page
def freeze(request: HttpRequest, employee_card: str) -> HttpResponse:
    by = _for_company(request, employee_card)
    freeze_employees_card(by=by, key=form_key(request), now=clock.now(), card=employee_card)
    return _to_card(employee_card)


@require_POST
@_core_page
def unfreeze(request: HttpRequest, employee_card: str) -> HttpResponse:
    by = _for_company(request, employee_card)
    unfreeze_employees_card(by=by, key=form_key(request), now=clock.now(), card=employee_card)
    return _to_card(employee_card)


@require_http_methods(["GET", "POST"])
@_core_page
def limit(request: HttpRequest, employee_card: str) -> HttpResponse:
    """GET: both sums, to look at once more. POST: it is changed."""
    return (
        _set_limit(request, employee_card) if request.method == "POST" else _ask_limit(request, employee_card)
    )


@require_http_methods(["GET", "POST"])
@_core_page
def replacement(request: HttpRequest, employee_card: str) -> HttpResponse:
    """GET: asked once more, with where it is to go. POST: a new card is on its way."""
    return _replace(request, employee_card) if request.method == "POST" else _ask_why(request, employee_card)


@require_http_methods(["GET", "POST"])
@_core_page
def leaver(request: HttpRequest, employee_card: str) -> HttpResponse:
    """GET: what ending it does. POST: it is ended, and the receipt is shown."""
    if request.method == "POST":
        by = _for_company(request, employee_card)
        done = end_for_leaver(by=by, key=form_key(request), now=clock.now(), card=employee_card)
        return HttpResponseRedirect(reverse("program_left", args=[done["departure"]]))
    found = others_card(_actor(request), employee_card, clock.now())
    return render(request, "selfservice/program/leaver.html", {**HERE, "page": question(found)})


@require_GET
@_core_page
def left(request: HttpRequest, departure: int) -> HttpResponse:
    page = receipt(_actor(request), departure, clock.now(), _language())
    return render(request, "selfservice/program/left.html", {**HERE, "page": page})


def _ask_limit(request: HttpRequest, token: str) -> HttpResponse:
    actor, now, language = _actor(request), clock.now(), _language()
    found = others_card(actor, token, now)
    form = LimitForm(request.GET, highest_limit(found.program, found.card), language)
    if found.spending is None or not form.is_valid():
        page = employee_card_page(actor, token, now, language, sent=request.GET)
        return render(request, "selfservice/program/card.html", {**HERE, "page": page}, status=422)
    page_of = limit_question(found, form.cleaned_data["limit"], language)
    return render(request, "selfservice/program/limit.html", {**HERE, "page": page_of})


def _set_limit(request: HttpRequest, token: str) -> HttpResponse:
    typed = request.POST.get("minor", "")
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 15):
        raise Malformed(field="minor")
    by = _for_company(request, token)
    done = set_limit(by=by, key=form_key(request), now=clock.now(), card=token, limit_minor=int(typed))
    if done["changed"]:
        said = {
            "after": format_money(Money(done["after"], current_profile().currency), _language()),
            "ref": show_reference(done["ref"]),
        }
        messages.success(request, _("The limit is %(after)s a cycle now. Reference %(ref)s.") % said)
    return _to_card(token)


def _ask_why(request: HttpRequest, token: str) -> HttpResponse:
    found, why = others_card(_actor(request), token, clock.now()), request.GET.get("why", "")
    if why not in reasons_for(found):
        return _to_card(token)
    return render(request, "selfservice/program/replacement.html", {**HERE, "page": question(found, why)})


def _replace(request: HttpRequest, token: str) -> HttpResponse:
    act = replace_to_company if request.POST.get("to") == "company" else replace_employees_card
    by, why = _for_company(request, token), request.POST.get("why", "")
    done = act(by=by, key=form_key(request), now=clock.now(), card=token, why=why)
    if done["ref"]:
        said = (
            _("The new card waits until we are sure of the address. Reference %(ref)s.")
            if done.get("held")
            else _("A new card is on its way. Reference %(ref)s.")
        )
        messages.success(request, said % {"ref": show_reference(done["ref"])})
    return _to_card(done["card"])


def _for_company(request: HttpRequest, token: str) -> Actor:
    """Whoever sits there, speaking for the company whose card it is. Raises NotThere."""
    actor = _actor(request)
    return acting_for(actor, program_of_card(actor, token, clock.now()))


def _to_card(token: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("program_card", args=[token]))


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _language() -> str:
    return get_language() or "en"
