"""/acting: somebody says for whom they act from now on, on this device, or that they speak for themselves again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from cardline.identity.queries import ACTING_ENDED_KEY, ACTING_SESSION_KEY
from cardline.kit import clock
from cardline.kit.actors import Actor, Kind
from cardline.kit.refusals import NotThere
from cardline.members.authorities.commands import begin_acting, stop_acting
from cardline.selfservice.acting.page import acting_page
from cardline.ui.form_key import form_key
from cardline.ui.signed_in import SignInNeeded, own_page


@require_http_methods(["GET", "POST"])
def acting(request: HttpRequest) -> HttpResponse:
    return _choose(request) if request.method == "POST" else _show(request)


@own_page
def _show(request: HttpRequest) -> HttpResponse:
    page = acting_page(_member(request), clock.now(), get_language() or "en")
    return render(request, "selfservice/acting/acting.html", {"here": "profile", "page": page})


def _choose(request: HttpRequest) -> HttpResponse:
    """The session keeps for whom; each request asks again whether it is so. Forms of pages that stood open before are
    worth nothing afterwards: what was written for one is never sent for another.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.kind != Kind.MEMBER:
        raise SignInNeeded()
    number, _colon, kind = request.POST.get("for", "").partition(":")
    word = ""
    if number.isdecimal() and len(number) <= 18:
        word = begin_acting(
            by=actor, key=form_key(request), now=clock.now(), member_id=int(number), kind=kind
        )
    elif number or kind:
        raise NotThere()
    else:
        stop_acting(by=actor, key=form_key(request), now=clock.now())
    request.session.pop(ACTING_ENDED_KEY, None)
    request.session[ACTING_SESSION_KEY] = word
    rotate_token(request)
    return HttpResponseRedirect(reverse("account_home"))


def _member(request: HttpRequest) -> Actor:
    """Raises NotThere for a guest, who acts for nobody."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.kind != Kind.MEMBER:
        raise NotThere()
    return actor
