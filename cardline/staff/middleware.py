"""What keeps a colleague's session open: somebody doing something (SR-37)."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse

from cardline.staff.gate import actor_of
from cardline.staff.sessions import keep_open

BY_ITSELF = "X-By-Itself"  # js/news.js says so of what a page asks for without anybody's doing


class ActivityMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if SESSION_KEY in request.session and by_hand(request) and actor_of(request).is_staff:
            keep_open(actor_of(request))
        return self.get_response(request)


def by_hand(request: HttpRequest) -> bool:
    """Not what an open screen asks for by itself: fragments after news, and entries where sockets are blocked."""
    polls = request.method == "GET" and request.headers.get("Accept", "").startswith("application/json")
    return not polls and BY_ITSELF not in request.headers
