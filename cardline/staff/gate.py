"""The one door to everything that is for colleagues only.

Who stands inside is decided by `request.actor` alone, a colleague's while their session lasts (staff/sessions.py). Here
is what everybody else is told.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from cardline.kit.actors import Actor, Kind, Role
from cardline.kit.refusals import NotPermitted, NotThere, Refusal
from cardline.staff.factors import has_second_factor
from cardline.staff.models import Agent

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


class SignInAgain(Refusal):
    """The answer to a script, which must not be sent to another page: what was typed stands on this one."""

    status = 401
    code = "signed_out"
    sentence = _("You are signed out. Sign in again; what you typed is kept.")


def actor_of(request: HttpRequest) -> Actor:
    """Who is asking (identity/middleware.py)."""
    return cast(Actor, request.actor)  # type: ignore[attr-defined]


def staff_only(view: View[P]) -> View[P]:
    """For every page and form of colleagues. Raises NotThere for anybody signed in who is none."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        return view(request, *args, **kwargs) if actor_of(request).is_staff else _turn_away(request)

    return guarded


def administrators_only(view: View[P]) -> View[P]:
    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if actor_of(request).role != Role.ADMINISTRATOR:
            raise NotPermitted(str(_("Only administrators change roles. Ask one of them.")))
        return view(request, *args, **kwargs)

    return staff_only(guarded)


def enrolling(view: View[P]) -> View[P]:
    """For the pages that set up a second factor: open to a colleague who knew the password and has none yet."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        inside = actor_of(request).is_staff or _has_to_enrol(request, _colleague(request))
        return view(request, *args, **kwargs) if inside else _turn_away(request)

    return guarded


def _turn_away(request: HttpRequest) -> HttpResponse:
    """To the sign-in page, or first to the page that sets up a second factor. Raises NotThere, SignInAgain."""
    agent = _colleague(request)
    if request.user.is_authenticated and agent is None:
        raise NotThere()
    if _has_to_enrol(request, agent):
        return redirect("staff_enrol")
    address = f"{settings.LOGIN_URL}?next={quote(_back(request))}"
    if agent is not None:
        logout(request)  # the session outlived their time in it, or they no longer work here
        address += "&ended=1"
    if "HX-Request" in request.headers or request.headers.get("Accept", "").startswith("application/json"):
        raise SignInAgain()
    return HttpResponseRedirect(address)


def _colleague(request: HttpRequest) -> Agent | None:
    """Whose password was given in this session, whether or not they are inside."""
    if not request.user.is_authenticated or actor_of(request).kind == Kind.MEMBER:
        return None
    return Agent.objects.filter(user=request.user.pk).first()


def _has_to_enrol(request: HttpRequest, agent: Agent | None) -> bool:
    return agent is not None and agent.active and not has_second_factor(agent.user_id)


def _back(request: HttpRequest) -> str:
    """Where to go on after signing in: the page itself, or the one a form stands on; else the desk."""
    if request.method == "GET":
        return request.get_full_path()
    page = urlsplit(request.headers.get("Referer", ""))
    if page.netloc != request.get_host() or not page.path.startswith("/"):
        return settings.LOGIN_REDIRECT_URL
    return f"{page.path}?{page.query}" if page.query else page.path
