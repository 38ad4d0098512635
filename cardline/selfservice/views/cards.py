"""A member's cards: the list, one of them, and what can be done with it; freeze and undo serve the urgent band, too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from urllib.parse import urlsplit, urlunsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cardline.cards.commands import (
    CoreSilent,
    activate_card,
    freeze_card,
    replace_card,
    replace_lost_card,
    unfreeze_card,
)
from cardline.issuer.core import CloseReason, CoreUnknown
from cardline.issuer.profile import current_profile
from cardline.kit import clock
from cardline.kit.dates import say_moment
from cardline.kit.refusals import Malformed
from cardline.selfservice.cards_page import call_of, card_page, cards_page, last_known, replacement_page
from cardline.ui.form_key import form_key
from cardline.ui.signed_in import SignInNeeded, own_page, wants_json

View = Callable[..., HttpResponse]
HERE = {"here": "cards"}
GONE = (CloseReason.LOST, CloseReason.STOLEN)


def _asked_when_silent(view: View) -> View:
    """Where the core has not answered, the truth: asked, not confirmed yet. Never that it failed.

    The page holds the same form with the same key, so that asking again is the same request.
    """

    @wraps(view)
    def told(request: HttpRequest, card: str) -> HttpResponse:
        if not request.actor.member_id:  # type: ignore[attr-defined]
            # A card is one's own or not there; who has signed in nowhere is asked to first, whichever card it is.
            raise SignInNeeded()
        try:
            return view(request, card)
        except CoreSilent as silence:
            if wants_json(request):
                raise
            return _asked(request, silence)

    return told


@require_GET
@own_page
def cards(request: HttpRequest) -> HttpResponse:
    """Every card they may see, their own first."""
    try:
        page = cards_page(request.actor, clock.now(), _language())  # type: ignore[attr-defined]
    except CoreUnknown:
        return _silent(request)
    return render(request, "selfservice/cards.html", {**HERE, "page": page})


@require_GET
@own_page
def card(request: HttpRequest, card: str) -> HttpResponse:
    try:
        page = card_page(request.actor, card, clock.now(), _language())  # type: ignore[attr-defined]
    except CoreUnknown:
        return _silent(request)
    return render(request, "selfservice/card.html", {**HERE, "page": page})


@require_POST
@_asked_when_silent
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
@_asked_when_silent
def unfreeze(request: HttpRequest, card: str) -> HttpResponse:
    unfreeze_card(by=request.actor, key=form_key(request), now=clock.now(), card=card)  # type: ignore[attr-defined]
    return HttpResponseRedirect(_back(request))


@require_POST
@_asked_when_silent
def activate(request: HttpRequest, card: str) -> HttpResponse:
    activate_card(by=request.actor, key=form_key(request), now=clock.now(), card=card)  # type: ignore[attr-defined]
    return HttpResponseRedirect(reverse("card", args=[card]))


@require_http_methods(["GET", "POST"])
def replacement(request: HttpRequest, card: str) -> HttpResponse:
    """A card that is gone is closed for good, so that this page asks once more before it is done."""
    return _replace(request, card) if request.method == "POST" else _ask_once_more(request, card)


@own_page
def _ask_once_more(request: HttpRequest, card: str) -> HttpResponse:
    why = request.GET.get("why", "")
    try:
        page = replacement_page(request.actor, card, why, clock.now(), _language())  # type: ignore[attr-defined]
    except CoreUnknown:
        return _silent(request)
    if page is None:
        return HttpResponseRedirect(reverse("card", args=[card]))
    return render(request, "selfservice/card_replacement.html", {**HERE, "page": page})


@_asked_when_silent
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


def _silent(request: HttpRequest) -> HttpResponse:
    """The core does not answer a question: what we know ourselves, with its time, and the number to call."""
    actor = request.actor  # type: ignore[attr-defined]
    known = last_known(actor, clock.now(), _language())
    return render(request, "selfservice/cards_silent.html", {**HERE, "known": known, "call": call_of(actor)})


def _asked(request: HttpRequest, silence: CoreSilent) -> HttpResponse:
    """The core does not answer a wish, which may have been done."""
    actor, now = request.actor, clock.now()  # type: ignore[attr-defined]
    context = {
        **HERE,
        "asked_at": say_moment(now, current_profile().zone, _language(), now),
        "again": {name: request.POST[name] for name in ("key", "until", "why") if name in request.POST},
        "known": last_known(actor, now, _language()),
        "call": call_of(actor),
        "back": _back(request),
    }
    response = render(request, "selfservice/card_asked.html", context, status=silence.status)
    response.headers["Retry-After"] = str(silence.retry_after)
    return response


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


def _back(request: HttpRequest) -> str:
    """The page the press stood on, so that it stands there again with its other face; never another site's address."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    is_ours = came_from.netloc == request.get_host() and came_from.path.startswith("/")
    # Asked again from the page that says "not confirmed yet", the press stood on an address that cannot be visited.
    is_a_press = came_from.path.rstrip("/").endswith(("/freeze", "/unfreeze", "/activation"))
    if is_ours and is_a_press and came_from.path.startswith("/cards/"):
        return reverse("cards")
    return urlunsplit(("", "", came_from.path, came_from.query, "")) if is_ours else "/"


def _language() -> str:
    return get_language() or "en"
