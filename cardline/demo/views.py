"""/demo: the cast with one-press sign-in, and a way to let time pass."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cardline.demo.outbox import newest_sent
from cardline.demo.page import DemoPage, person_of
from cardline.demo.people import actor_of
from cardline.demo.texts import newest_texts
from cardline.demo.time import parse_span, pass_time
from cardline.kit import clock
from cardline.kit.actors import SYSTEM
from cardline.kit.refusals import Refusal
from cardline.members.models import Member
from cardline.staff.commands import set_presence
from cardline.staff.models import Agent, Presence

BACKEND = "cardline.identity.backend.SignInBackend"

View = Callable[[HttpRequest], HttpResponse]


def demo_only(view: View) -> View:
    """Outside demo mode the page is not there."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not settings.CARDLINE_DEMO:
            raise Http404
        return view(request)

    return guarded


@demo_only
@require_GET
def demo(request: HttpRequest) -> HttpResponse:
    return _show(request)


@demo_only
@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """Become one of the cast. person: "member:3" or "agent:1". next: the page somebody wanted to sign in for."""
    person = person_of(request.POST.get("person", ""))
    wanted = _own_page(request.POST.get("next", ""))
    if isinstance(person, Member) and person.locked_at is not None:
        logout(request)
        messages.info(
            request,
            _("You are looking as %(name)s would: a guest, because the sign-in is locked.")
            % {"name": person.given_name},
        )
        return redirect("/")
    if request.user.is_authenticated:
        logout(request)  # as the other person would: nothing of theirs stays, and the signing out is recorded
    # The staff sign-in asks for a second factor; it takes this instead, in demo mode only. It asks while signing in.
    request.session["demo_signin"] = True
    login(request, person.user, backend=BACKEND)
    if isinstance(person, Agent):
        set_presence(by=actor_of(person), now=clock.now(), state=Presence.State.AVAILABLE)
        return redirect("/desk")
    return redirect(wanted or "account_home")


@demo_only
@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    """What the product sent here by every door, newest first."""
    return render(request, "demo/outbox.html", {"sent": newest_sent(), "here": ""})


@demo_only
@require_POST
def let_time_pass(request: HttpRequest) -> HttpResponse:
    """span: "+1d", "+3h", "+45m". The page answers with the new time, or with what is wrong about the span."""
    typed = request.POST.get("span", "")
    try:
        span = parse_span(typed if typed.startswith("+") else f"+{typed.strip()}")
        key = request.POST.get("key", "")[:48]
        total = pass_time(
            by=SYSTEM,
            key=f"demo-time:{key}" if key else None,
            now=clock.now(),
            seconds=int(span.total_seconds()),
        )
    except Refusal as refusal:
        return _show(request, typed=typed, wrong=str(refusal), status=refusal.status)
    clock.set_offset(timedelta(seconds=total))
    return redirect("demo")


def _show(request: HttpRequest, *, typed: str = "", wrong: str = "", status: int = 200) -> HttpResponse:
    page = DemoPage.of(request.actor, get_language() or "en")  # type: ignore[attr-defined]
    wanted = _own_page(request.GET.get("next", ""))
    about = {
        "page": page,
        "typed": typed,
        "wrong": wrong,
        "next": wanted,
        "texts": newest_texts(),
        "here": "",
    }
    return render(request, "demo/demo.html", about, status=status)


def _own_page(address: str) -> str:
    """An address on this site, or "": a sign-in must not lead anywhere else."""
    return address if url_has_allowed_host_and_scheme(address, allowed_hosts=None) else ""
