"""What happens around other pages: a press that needs more than a sign-in leads to /confirm, and comes back from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from cardline.issuer.core import CoreUnknown
from cardline.kit.actors import Actor, Kind
from cardline.kit.refusals import LevelTooLow, Refusal
from cardline.selfservice.confirm.approvals import approval_of
from cardline.selfservice.confirm.kept import drop_form, keep_form, kept_form
from cardline.selfservice.confirm.shape import Approval

AGAIN = "confirmed"  # the field of the form on /confirm that says which kept form is to be sent again
SIGNED_IN, STRONG = 2, 3


def confirm_first(request: HttpRequest, refusal: LevelTooLow, page: str) -> HttpResponse | None:
    """Instead of the refusal: to the page that makes a signed-in member known surely enough. None: it cannot be.

    page: where the form stood.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    asked = refusal.asked
    if asked is None or actor.kind != Kind.MEMBER or request.method != "POST":
        return None
    if (refusal.reached, refusal.needed) != (SIGNED_IN, STRONG):
        return None
    try:
        approval: Approval | None = approval_of(actor, asked)
    except (Refusal, CoreUnknown):  # there is nothing to approve; the refusal stands
        return None
    if approval is None or not keep_form(request, actor, page, asked.action, approval):
        return None
    return HttpResponseRedirect(reverse("confirm"), status=303)


def _own_pages() -> tuple[str, ...]:
    """They take the word of what waits themselves."""
    return reverse("confirm"), reverse("confirm_passkey")


class AgainMiddleware:
    """Puts the kept form in the place of the one from /confirm, which the browser sent on here (307).

    After the check of the form's token, so that it stands behind the same one. Once: whoever sends that again finds
    nothing waiting.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if request.method != "POST" or AGAIN not in request.POST or request.path in _own_pages():
            return None
        kept = kept_form(request, request.actor)  # type: ignore[attr-defined]
        is_it = kept is not None and kept.is_confirmed and kept.id == request.POST[AGAIN]
        if kept is None or not is_it or kept.path != request.get_full_path():
            return HttpResponseRedirect(reverse("confirm"), status=303)
        drop_form(request)
        request.POST = kept.form  # type: ignore[assignment]
        request.META["HTTP_REFERER"] = request.build_absolute_uri(kept.page)
        request.__dict__.pop("headers", None)  # Django keeps them once somebody has asked
        return None
