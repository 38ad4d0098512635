"""Signing in, which is the issuer's own site's to do, and signing out, which is ours."""

from __future__ import annotations

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from cardline.identity.commands import record_sign_out
from cardline.kit import clock
from cardline.kit.actors import SYSTEM


@require_GET
def sign_in(request: HttpRequest) -> HttpResponse:
    """Says where to sign in. next: the page of ours to come back to; else their own first page."""
    back = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("account_home")
    return render(request, "sign_in.html", {"next": back})


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session, and with it what it proved. A guest's token goes too: on a shared computer nothing stays."""
    session = request.actor.session  # type: ignore[attr-defined]
    if session:
        record_sign_out(by=SYSTEM, now=clock.now(), session=session)
    logout(request)
    response = HttpResponseRedirect("/")
    # What the browser kept for times without a line goes too, whether or not its service worker heard of this.
    response.headers["Clear-Site-Data"] = '"storage"'
    return response
