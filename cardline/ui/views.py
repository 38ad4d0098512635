"""How pages look: the issuer's sheet, and the theme a person chose."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from cardline.ui import look
from cardline.ui.theme import COOKIE, THEMES

A_YEAR = 365 * 24 * 3600


@require_GET
def look_sheet(request: HttpRequest) -> HttpResponse:
    """The issuer's colours and the typeface. Its address changes with its content, so it is kept for good."""
    response = HttpResponse(look.sheet(), content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Remember light or dark for a year and go back to the page the person was on."""
    back = request.POST.get("next", "/")
    response = HttpResponseRedirect(
        back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else "/"
    )
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        response.set_cookie(
            COOKIE,
            theme,
            max_age=A_YEAR,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response
