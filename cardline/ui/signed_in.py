"""Pages of one's own: for a signed-in member, or for a guest who comes back with their token.

Everybody else is asked to sign in, and keeps what they typed. Works from `request.actor` alone.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from cardline.kit.actors import Actor, Kind
from cardline.kit.refusals import NotThere, Refusal

View = Callable[..., HttpResponse]


class SignInNeeded(Refusal):
    """Nobody is signed in, or not any more. What was typed stands on the page that says so."""

    status = 401
    code = "sign_in_needed"
    sentence = _("Your session has ended. Sign in, and you continue where you were; what you typed is kept.")


def own_page(view: View) -> View:
    """Let in a member, or a guest with a token. Colleagues use the desk, where each look is recorded (SR-25).

    A guest who asks for what is not theirs is asked to sign in, whether it exists or not: perhaps it is theirs
    once we know them, and the two answers must be one (SR-22).
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        if actor.is_staff:
            raise NotThere()
        if actor.kind == Kind.GUEST and actor.id == "nobody":
            return ask_to_sign_in(request)
        try:
            return view(request, *args, **kwargs)
        except NotThere:
            if actor.kind == Kind.GUEST:
                return ask_to_sign_in(request)
            raise

    return guarded


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page, to come back from to the same page; 401 as JSON or with the kept text for what was sent.

    Raises SignInNeeded for all but a plain visit.
    """
    if request.method not in ("GET", "HEAD") or wants_json(request):
        raise SignInNeeded()
    return render(request, "sign_in.html", {"next": request.get_full_path(), "to_see": True}, status=401)


def wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")
