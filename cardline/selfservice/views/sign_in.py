"""Signing in through the issuer's own site: there, and back with an answer."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from cardline.identity.arrivals import NotLetIn, user_arriving
from cardline.identity.entering import enter
from cardline.identity.provider import NotSignedIn, Provider, begin, finish
from cardline.identity.rules import Way
from cardline.identity.ways import ways_offered
from cardline.issuer.profile.sign_in import PROVIDER
from cardline.kit import clock
from cardline.kit.limits import Limit, count
from cardline.selfservice.calls import line_for_questions
from cardline.selfservice.signing_in.waiting import page_after

SIGN_INS = Limit("sign_ins", 20, 600)
_NEXT = "sign_in_next"


@require_GET
def to_issuer(request: HttpRequest) -> HttpResponse:
    """Off to the issuer's sign-in page. next: the page of ours to come back to. again: as somebody else, perhaps."""
    provider = _provider()
    count(SIGN_INS, str(request.META.get("REMOTE_ADDR", "")))
    request.session[_NEXT] = request.GET.get("next", "")
    try:
        back = request.build_absolute_uri(reverse("sign_in_back"))
        return begin(provider, request, back, again="again" in request.GET)
    except NotSignedIn as no:
        return _failed(request, no)


@require_GET
def from_issuer(request: HttpRequest) -> HttpResponse:
    """Back with the issuer's answer, which is asked about once."""
    provider = _provider()
    count(SIGN_INS, str(request.META.get("REMOTE_ADDR", "")))
    wanted = request.session.get(_NEXT, "")
    try:
        number = finish(provider, request)
    except NotSignedIn as no:
        return _failed(request, no)
    try:
        user = user_arriving(number, clock.now())
    except NotLetIn as no:
        return _page(request, "locked" if no.is_locked else "unknown", status=403)
    enter(request, user.pk, Way.PROVIDER)
    return HttpResponseRedirect(page_after(wanted))


def _provider() -> Provider:
    provider: Provider | None = settings.CARDLINE_OIDC
    if provider is None or PROVIDER not in ways_offered():
        raise Http404
    return provider


def _failed(request: HttpRequest, no: NotSignedIn) -> HttpResponse:
    """Their own "no", an answer that is not good, and an old page of theirs look alike: begin anew."""
    return _page(request, "away" if no.is_away else "failed", status=503 if no.is_away else 400)


def _page(request: HttpRequest, why: str, status: int) -> HttpResponse:
    wanted = request.session.get(_NEXT, "")
    context = {"why": why, "next": wanted, "call": line_for_questions(request.actor)}  # type: ignore[attr-defined]
    return render(request, "sign_in_failed.html", context, status=status)
