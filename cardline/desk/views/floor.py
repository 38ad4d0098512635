"""The wallboard, for supervisors."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cardline.desk.access import actor_of, supervisors_only
from cardline.desk.floor import floor_now
from cardline.kit import clock


@require_GET
@supervisors_only
def floor(request: HttpRequest) -> HttpResponse:
    return _board(request, "desk/floor.html")


@require_GET
@supervisors_only
def now(request: HttpRequest) -> HttpResponse:
    """The figures alone, which the open board fetches every five seconds."""
    return _board(request, "desk/_board.html")


def _board(request: HttpRequest, template: str) -> HttpResponse:
    at = clock.now()
    return render(
        request, template, {"board": floor_now(actor_of(request), at, clock.machine_now()), "now": at}
    )
