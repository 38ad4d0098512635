"""The help centre: first page, every way to us, and from a few words to a plan."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from cardline.issuer.profile import current_profile
from cardline.kit import clock, limits
from cardline.kit.redact import clean
from cardline.kit.reference import BadReference, parse_reference, show_reference
from cardline.kit.refusals import NotThere
from cardline.needs.catalogue import needs
from cardline.needs.triage import Reading, triage
from cardline.selfservice.contact_page import contact_page
from cardline.selfservice.home_page import home_page, urgent_band
from cardline.selfservice.plan_page import Asked, choices_of, group_of_family, plan_page

LONGEST_WISH = 400  # characters of "say it in your own words" that go along; more is read by nobody here


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    page = home_page(request.actor, clock.now(), _language())  # type: ignore[attr-defined]
    return render(
        request, "selfservice/home.html", {"here": "help", "page": page, "hint": "hint" in request.GET}
    )


@require_GET
def contact_us(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    context = {
        "here": "contact",
        "page": contact_page(now, _language()),
        "urgent": urgent_band(request.actor, now, _language()),  # type: ignore[attr-defined]
    }
    return render(request, "selfservice/contact.html", context)


@require_GET
def get_help(request: HttpRequest) -> HttpResponse:
    """What somebody wrote, read: the plan where it is clear, one question where it is not, a case where it is one.

    What the redactor hides (a card number) leaves the address bar too, before anything is answered (SR-41).
    """
    asked = _asked(request)
    if not asked.said:
        return HttpResponseRedirect(f"{reverse('home')}?hint=words")
    if asked.said not in " ".join(request.GET.get("q", "").split()):
        return HttpResponseRedirect(reverse("get_help") + asked.query())
    try:
        return HttpResponseRedirect(reverse("case", args=[show_reference(parse_reference(asked.said))]))
    except BadReference:
        pass  # most wishes are no reference number
    limits.count(limits.TRIAGE, str(request.META.get("REMOTE_ADDR", "")))
    reading = triage(asked.said)
    if reading.confidence == 0:
        return HttpResponseRedirect(f"{reverse('home')}?hint=words")
    if not reading.sure:
        return _ask(request, asked, reading)
    return _show_plan(request, reading.need, asked, reading)


@require_GET
def plan(request: HttpRequest, need_id: str) -> HttpResponse:
    """The plan of a need; of a whole family ("dispute") the question which of its needs it is."""
    asked = _asked(request)
    if need_id in needs():
        return _show_plan(request, need_id, asked, None)
    group = group_of_family(need_id)
    if group is None:
        raise NotThere()
    context = {
        "here": "help",
        "title": group.name.in_language(_language()),
        "lead": group.line.in_language(_language()),
        "choices": choices_of(tuple(one.id for one in group.needs), asked, _language()),
        "urgent": urgent_band(request.actor, clock.now(), _language()),  # type: ignore[attr-defined]
        "asked": asked,
    }
    return render(request, "selfservice/choose.html", context)


def _show_plan(request: HttpRequest, need_id: str, asked: Asked, reading: Reading | None) -> HttpResponse:
    page = plan_page(request.actor, need_id, asked, clock.now(), _language(), reading)  # type: ignore[attr-defined]
    return render(request, "selfservice/plan.html", {"here": "help", "page": page, "plan": page.plan})


def _ask(request: HttpRequest, asked: Asked, reading: Reading) -> HttpResponse:
    """Not sure enough: the best three, and a way out."""
    context = {
        "here": "help",
        "title": "",
        "choices": choices_of(reading.choices, asked, _language()),
        "urgent": urgent_band(request.actor, clock.now(), _language()),  # type: ignore[attr-defined]
        "asked": asked,
    }
    return render(request, "selfservice/choose.html", context)


def _asked(request: HttpRequest) -> Asked:
    """What the address says, each part only where it means something here. Words pass the redactor first."""
    profile = current_profile()
    place, card_type = request.GET.get("from", ""), request.GET.get("card", "")
    return Asked(
        said=" ".join(clean(request.GET.get("q", "")).split())[:LONGEST_WISH],
        place=place if place in profile.regions or (len(place) == 2 and place.isalpha()) else "",
        card_type=card_type if card_type in profile.card_types else "",
        charge=request.GET.get("txn", "")[:64],
    )


def _language() -> str:
    return get_language() or "en"
