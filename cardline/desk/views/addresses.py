"""Addresses that only take forms. Whoever opens one, by a reload after a refusal or by a copied link, gets its page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse

from cardline.cases.queries import case_by_reference
from cardline.contact.queries import contact_for
from cardline.desk.access import actor_of, staff_only
from cardline.desk.views.frame import case_url
from cardline.kit.reference import show_reference
from cardline.kit.refusals import NotThere
from cardline.kit.row_numbers import BIGGEST
from cardline.staff.gate import View

P = ParamSpec("P")
Page = Callable[..., str]
MemberView = Callable[[HttpRequest, int], HttpResponse]


def takes_forms(page: Page) -> Callable[[View[P]], View[P]]:
    """For colleagues. POST does what the view does; GET goes to the page that `page` names, if they may see it."""

    def around(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method == "POST":
                return view(request, *args, **kwargs)
            if request.method == "GET":
                return HttpResponseRedirect(page(request, *args, **kwargs))
            return HttpResponseNotAllowed(["GET", "POST"])

        return staff_only(guarded)

    return around


def takes_its_form(show: Callable[[HttpRequest, int], HttpResponse]) -> Callable[[MemberView], MemberView]:
    """For a page about a member that is the address of its form, too. GET shows it; POST does what the view does."""

    def around(view: MemberView) -> MemberView:
        @wraps(view)
        def guarded(request: HttpRequest, member_id: int) -> HttpResponse:
            check_numbers(member_id)
            if request.method == "POST":
                return view(request, member_id)
            if request.method == "GET":
                return show(request, member_id)
            return HttpResponseNotAllowed(["GET", "POST"])

        return staff_only(guarded)

    return around


def check_numbers(*numbers: int) -> None:
    """Nothing has a number that no database could hold. Raises NotThere."""
    if any(number > BIGGEST for number in numbers):
        raise NotThere()


def its_case(mode: str = "") -> Page:
    """The case named by `ref`, or that the contact belongs to, as it was shown; mode: the way of writing to open."""

    def page(request: HttpRequest, ref: str = "", contact_id: int = 0, **_others: Any) -> str:
        actor = actor_of(request)
        case = case_by_reference(actor, ref) if ref else contact_for(actor, contact_id).case
        asked = {**request.GET.dict(), **({"mode": mode} if mode else {})}
        return case_url(show_reference(case.ref), f"?{urlencode(asked)}" if asked else "")

    return page


def page_called(name: str) -> Page:
    """A page that stands for itself, by the name of its address."""
    return lambda request, *args, **kwargs: reverse(name)
