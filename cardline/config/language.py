"""Choosing a language: a cookie, so that it works before anybody signs in; a member's choice is kept with them."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from cardline.issuer.profile import current_profile
from cardline.kit import clock
from cardline.kit.actors import Kind
from cardline.members.commands import choose_language as choose_as_ones_own


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Remember the language for a year and go back to the page the person was on. A member's goes with them."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = "/"
    response = HttpResponseRedirect(back)
    language = request.POST.get("language", "")
    if language in current_profile().languages:
        actor = request.actor  # type: ignore[attr-defined]
        if actor.kind == Kind.MEMBER:
            choose_as_ones_own(by=actor, now=clock.now(), language=language)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=365 * 24 * 3600,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response
