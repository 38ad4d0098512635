"""Pages that ask the card core, and what they say while it does not answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from cardline.issuer.asking import CoreSilent
from cardline.issuer.core import CoreRefused, CoreUnknown
from cardline.issuer.profile import current_profile
from cardline.kit import clock
from cardline.kit.dates import say_moment
from cardline.kit.refusals import NotThere
from cardline.selfservice.cards_page import call_of
from cardline.ui.signed_in import SignInNeeded, own_page, wants_json

View = Callable[..., HttpResponse]


def _nothing(request: HttpRequest) -> tuple[str, ...]:
    return ()


def _this_page(request: HttpRequest) -> str:
    return request.path


def core_page(
    here: str,
    *,
    known: Callable[[HttpRequest], tuple[str, ...]] = _nothing,
    back: Callable[[HttpRequest], str] = _this_page,
    for_all: bool = False,
) -> Callable[[View], View]:
    """A page of one's own whose content the core holds. here: the section it belongs to. known: what we can say all
    the same, in sentences. back: the page a press stood on, where its own address is none that can be visited.
    for_all: who may see it is looked at elsewhere.

    While the core is silent: a page that says so, with the way to a person. A part this core does not have is no
    page (404). A press that was not answered: "asked, not confirmed yet", with the same form and the same key, so
    that asking again is the same wish.
    """

    def declare(view: View) -> View:
        @wraps(view)
        def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            try:
                return view(request, *args, **kwargs)
            except CoreUnknown:
                return _silent(request, here, known(request))
            except CoreSilent as silence:
                if wants_json(request):
                    raise
                return _asked(request, here, silence, known(request), back(request))
            except CoreRefused as no:
                if no.reason == "not_offered":
                    raise NotThere() from no
                raise

        if for_all:
            return answered
        looked_at = own_page(answered)

        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if request.method in ("GET", "HEAD"):
                return looked_at(request, *args, **kwargs)
            if not request.actor.member_id:  # type: ignore[attr-defined]
                raise SignInNeeded()
            return answered(request, *args, **kwargs)

        return guarded

    return declare


def _silent(request: HttpRequest, here: str, known: tuple[str, ...]) -> HttpResponse:
    context = {"here": here, "known": known, "call": call_of(request.actor)}  # type: ignore[attr-defined]
    return render(request, "selfservice/silent.html", context)


def _asked(
    request: HttpRequest, here: str, silence: CoreSilent, known: tuple[str, ...], back: str
) -> HttpResponse:
    now = clock.now()
    context = {
        "here": here,
        "asked_at": say_moment(now, current_profile().zone, get_language() or "en", now),
        "again": {name: value for name, value in request.POST.items() if name != "csrfmiddlewaretoken"},
        "call": call_of(request.actor),  # type: ignore[attr-defined]
        "known": known,
        "back": back,
    }
    response = render(request, "selfservice/asked.html", context, status=silence.status)
    response.headers["Retry-After"] = str(silence.retry_after)
    return response
