"""The page with the ways to sign in (selfservice/signing_in), and signing out."""

from __future__ import annotations

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from cardline.identity.commands import record_sign_out
from cardline.kit import clock
from cardline.kit.actors import SYSTEM
from cardline.selfservice.signing_in.waiting import page_after


@require_GET
def sign_in(request: HttpRequest) -> HttpResponse:
    """Says how to sign in. next: the page of ours to come back to; else their own first page."""
    return render(request, "sign_in.html", {"next": page_after(request.GET.get("next", ""))})


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
