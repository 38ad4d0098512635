"""A member's cards: the list, one of them, and what can be done with it; freeze and undo serve the urgent band, too."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit, urlunsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cardline.cards.commands import (
    activate_card,
    freeze_card,
    replace_card,
    replace_lost_card,
    unfreeze_card,
)
from cardline.issuer.core import CloseReason
from cardline.kit import clock
from cardline.kit.refusals import Malformed
from cardline.selfservice.cards_page import card_page, cards_page, last_known, replacement_page
from cardline.selfservice.silence import core_page
from cardline.ui.form_key import form_key

HERE = {"here": "cards"}
GONE = (CloseReason.LOST, CloseReason.STOLEN)


def _known(request: HttpRequest) -> tuple[str, ...]:
    return last_known(request.actor, clock.now(), _language())  # type: ignore[attr-defined]


def _back(request: HttpRequest) -> str:
    """The page the press stood on, so that it stands there again with its other face; never another site's address."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    is_ours = came_from.netloc == request.get_host() and came_from.path.startswith("/")
    # Asked again from the page that says "not confirmed yet", the press stood on an address that cannot be visited.
    is_a_press = came_from.path.rstrip("/").endswith(("/freeze", "/unfreeze", "/activation"))
    if is_ours and is_a_press and came_from.path.startswith("/cards/"):
        return reverse("cards")
    return urlunsplit(("", "", came_from.path, came_from.query, "")) if is_ours else "/"


_core_page = core_page("cards", known=_known, back=_back)


@require_GET
@_core_page
def cards(request: HttpRequest) -> HttpResponse:
    """Every card they may see, their own first."""
    page = cards_page(request.actor, clock.now(), _language())  # type: ignore[attr-defined]
    return render(request, "selfservice/cards.html", {**HERE, "page": page})


@require_GET
@_core_page
def card(request: HttpRequest, card: str) -> HttpResponse:
    page = card_page(request.actor, card, clock.now(), _language())  # type: ignore[attr-defined]
    return render(request, "selfservice/card.html", {**HERE, "page": page})


@require_POST
@_core_page
def freeze(request: HttpRequest, card: str) -> HttpResponse:
    """New purchases are refused from now on. until: the moment the form named, where they chose an end."""
    freeze_card(
        by=request.actor,  # type: ignore[attr-defined]
        key=form_key(request),
        now=clock.now(),
        card=card,
        until=_moment(request.POST.get("until", "")),
    )
    return HttpResponseRedirect(_back(request))


@require_POST
@_core_page
def unfreeze(request: HttpRequest, card: str) -> HttpResponse:
    unfreeze_card(by=request.actor, key=form_key(request), now=clock.now(), card=card)  # type: ignore[attr-defined]
    return HttpResponseRedirect(_back(request))


@require_POST
@_core_page
def activate(request: HttpRequest, card: str) -> HttpResponse:
    activate_card(by=request.actor, key=form_key(request), now=clock.now(), card=card)  # type: ignore[attr-defined]
    return HttpResponseRedirect(reverse("card", args=[card]))


@require_http_methods(["GET", "POST"])
@_core_page
def replacement(request: HttpRequest, card: str) -> HttpResponse:
    """A card that is gone is closed for good, so that this page asks once more before it is done."""
    return _replace(request, card) if request.method == "POST" else _ask_once_more(request, card)


def _ask_once_more(request: HttpRequest, card: str) -> HttpResponse:
    why = request.GET.get("why", "")
    page = replacement_page(request.actor, card, why, clock.now(), _language())  # type: ignore[attr-defined]
    if page is None:
        return HttpResponseRedirect(reverse("card", args=[card]))
    return render(request, "selfservice/card_replacement.html", {**HERE, "page": page})


def _replace(request: HttpRequest, card: str) -> HttpResponse:
    """On to the new card, which tells its way."""
    why, now, key = request.POST.get("why", ""), clock.now(), form_key(request)
    if why == CloseReason.DAMAGED:
        done = replace_card(by=request.actor, key=key, now=now, card=card)  # type: ignore[attr-defined]
    elif why in GONE:
        stolen = why == CloseReason.STOLEN
        done = replace_lost_card(by=request.actor, key=key, now=now, card=card, stolen=stolen)  # type: ignore[attr-defined]
    else:
        raise Malformed(_("Say whether the card is lost, stolen or damaged, and send it again."), field="why")
    return HttpResponseRedirect(reverse("card", args=[done["card"]]))


def _moment(written: str) -> datetime | None:
    """A moment as our own page wrote it. Raises Malformed for another one."""
    if not written:
        return None
    try:
        at = datetime.fromisoformat(written)
    except ValueError as wrong:
        raise Malformed(field="until") from wrong
    if at.tzinfo is None:
        raise Malformed(field="until")
    return at


def _language() -> str:
    return get_language() or "en"
