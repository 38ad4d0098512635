"""Who comes to the desk: the door itself is the colleagues' own (staff/gate.py)."""

from __future__ import annotations

from functools import wraps
from typing import ParamSpec

from django.http import HttpRequest, HttpResponse

from cardline.kit.refusals import NotPermitted
from cardline.notify.letters.access import may_print
from cardline.staff.gate import View, actor_of, staff_only

__all__ = ["actor_of", "printers_only", "staff_only", "supervisors_only"]

P = ParamSpec("P")


def supervisors_only(view: View[P]) -> View[P]:
    """For the floor. An agent is told whom to ask."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not actor_of(request).is_supervisor:
            raise NotPermitted()
        return view(request, *args, **kwargs)

    return staff_only(guarded)


def printers_only(view: View[P]) -> View[P]:
    """For whoever prints and posts letters."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not may_print(actor_of(request)):
            raise NotPermitted()
        return view(request, *args, **kwargs)

    return staff_only(guarded)
