"""The urgent band's one press: freeze, and undo."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from cardline.cards.commands import freeze_card, unfreeze_card
from cardline.kit import clock
from cardline.ui.form_key import form_key
from cardline.ui.signed_in import SignInNeeded


@require_POST
def freeze(request: HttpRequest, card: str) -> HttpResponse:
    """New purchases are refused from now on."""
    _only_members(request)
    freeze_card(by=request.actor, key=form_key(request), now=clock.now(), card=card)  # type: ignore[attr-defined]
    return HttpResponseRedirect(_back(request))


@require_POST
def unfreeze(request: HttpRequest, card: str) -> HttpResponse:
    _only_members(request)
    unfreeze_card(by=request.actor, key=form_key(request), now=clock.now(), card=card)  # type: ignore[attr-defined]
    return HttpResponseRedirect(_back(request))


def _only_members(request: HttpRequest) -> None:
    """A card is one's own or not there; who has signed in nowhere is asked to first, whichever card it is."""
    if not request.actor.member_id:  # type: ignore[attr-defined]
        raise SignInNeeded()


def _back(request: HttpRequest) -> str:
    """The page the band stood on, so that it stands there again with its other face; never another site's address."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    is_ours = came_from.netloc == request.get_host() and came_from.path.startswith("/")
    return urlunsplit(("", "", came_from.path, came_from.query, "")) if is_ours else "/"
