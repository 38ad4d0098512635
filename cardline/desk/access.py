"""The one door to the desk: colleagues pass, a signed-out visitor is asked to sign in, anybody else finds nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from cardline.kit.actors import Actor
from cardline.kit.refusals import NotPermitted, NotThere, Refusal

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


class SignInAgain(Refusal):
    """The answer to a request by script, which must not be sent to another page: what was typed stands on this one."""

    status = 401
    code = "signed_out"


def actor_of(request: HttpRequest) -> Actor:
    """Who is asking (identity/middleware.py)."""
    return cast(Actor, request.actor)  # type: ignore[attr-defined]


def staff_only(view: View[P]) -> View[P]:
    """For every page and form of the desk. Raises NotThere for a member or a locked account."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if actor_of(request).is_staff:
            return view(request, *args, **kwargs)
        if request.user.is_authenticated:
            raise NotThere()
        if _by_script(request):
            raise SignInAgain()
        return HttpResponseRedirect(f"{settings.LOGIN_URL}?next={quote(_back(request))}")

    return guarded


def supervisors_only(view: View[P]) -> View[P]:
    """For the floor. An agent is told whom to ask."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not actor_of(request).is_supervisor:
            raise NotPermitted()
        return view(request, *args, **kwargs)

    return staff_only(guarded)


def _by_script(request: HttpRequest) -> bool:
    return "HX-Request" in request.headers or request.headers.get("Accept", "").startswith("application/json")


def _back(request: HttpRequest) -> str:
    """Where to go on after signing in: the page itself; for a form, which has no page, the desk."""
    return request.get_full_path() if request.method == "GET" else "/desk"
