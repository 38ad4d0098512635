"""An authority ended while somebody acted on it: their session speaks for themselves again, and says so once."""

from __future__ import annotations

from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token

from cardline.config.requests import refused
from cardline.identity.queries import ACTING_ENDED_KEY, ACTING_SESSION_KEY
from cardline.kit.actors import Actor
from cardline.members.authorities.door import CapacityMissing
from cardline.members.models import Member

ALWAYS = ("/sign-out", "/language", "/theme")  # nothing of anybody's is done there


class ActingMiddleware:
    """What was sent from a page that was for another is refused, once, and never done for oneself instead.

    Pages know by `request.acting_ended` for whom somebody acted until their authority ended, "" once they have read it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if getattr(request, "is_database_silent", False):
            return self.get_response(request)  # which says so
        ended = _that_ended(request)
        request.acting_ended = ended.member if ended else _still_to_be_read(request)  # type: ignore[attr-defined]
        if ended is None:
            return self.get_response(request)
        request.session.pop(ACTING_SESSION_KEY)
        request.session[ACTING_ENDED_KEY] = ended.member
        rotate_token(request)
        is_sent = request.method not in ("GET", "HEAD", "OPTIONS") and request.path not in ALWAYS
        return refused(request, ended) if is_sent else self.get_response(request)


def _still_to_be_read(request: HttpRequest) -> str:
    try:
        return str(request.session.get(ACTING_ENDED_KEY, ""))
    except (OperationalError, InterfaceError):
        return ""


def _that_ended(request: HttpRequest) -> CapacityMissing | None:
    """None also while the database cannot say: the view will."""
    try:
        acting = str(request.session.get(ACTING_SESSION_KEY, ""))
        actor: Actor = request.actor  # type: ignore[attr-defined]
        if not acting or actor.acting_for:
            return None
        number, _colon, capacity = acting.partition(":")
        return CapacityMissing(capacity, Member.objects.get(pk=int(number)).name, None)
    except (OperationalError, InterfaceError):
        return None
