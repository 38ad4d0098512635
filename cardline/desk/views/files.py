"""A member's file, opened by a colleague who may open its case. Each look is recorded (SR-25)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from cardline.desk.access import actor_of, staff_only
from cardline.files.views import hand_over


@require_GET
@staff_only
def file(request: HttpRequest, token: str) -> HttpResponse:
    return hand_over(request, actor_of(request), token)
