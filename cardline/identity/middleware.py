"""request.actor: who is asking, worked out at most once a request and afresh at every one (SR-24)."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.contrib.auth import SESSION_KEY
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from cardline.identity.commands import mark_seen
from cardline.identity.queries import actor_of_request
from cardline.identity.rules import SEEN_EVERY
from cardline.kit import clock
from cardline.kit.actors import Actor, Kind
from cardline.kit.now_and_then import NowAndThen
from cardline.kit.refusals import Refusal
from cardline.staff.middleware import by_hand

log = logging.getLogger("cardline.web")

GetResponse = Callable[[HttpRequest], HttpResponse]

seen_lately = NowAndThen(SEEN_EVERY)


class ActorMiddleware:
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: actor_of_request(request))  # type: ignore[attr-defined]
        return self.get_response(request)


class SeenMiddleware:
    """Writes down when a member last opened a page in a session: for their list of devices, and to end it (SR-37)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if SESSION_KEY in request.session and by_hand(request):
            keep_in_use(request.actor)  # type: ignore[attr-defined]
        return self.get_response(request)


def keep_in_use(actor: Actor) -> None:
    """Once in SEEN_EVERY. Nobody's page waits for this to succeed: without it the next one after SEEN_EVERY writes it,
    long before the session would end."""
    if actor.kind != Kind.MEMBER or not seen_lately.is_due(actor.session):
        return
    try:
        mark_seen(by=actor, now=clock.now())
    except (Refusal, DatabaseError):
        log.warning("session.seen_not_kept")
