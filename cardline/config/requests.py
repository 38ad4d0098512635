"""What happens around every page: an id for the request, refusals as answers, the language, what all templates know."""

from __future__ import annotations

import errno
import logging
import secrets
import sys
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import SimpleLazyObject, empty
from django.utils.translation import gettext as _

from cardline.config.uploads import TOO_LARGE
from cardline.contact.asks.queries import is_in_touch
from cardline.files.refusals import FileTooLarge
from cardline.identity.ways import ways_offered
from cardline.issuer import last_known
from cardline.issuer.profile import current_profile
from cardline.kit import clock
from cardline.kit.actors import Actor, Kind
from cardline.kit.logs import request_id
from cardline.kit.refusals import LevelTooLow, NotThere, Refusal, Unavailable
from cardline.members.programs.queries import administers_one
from cardline.selfservice.confirm.middleware import confirm_first

log = logging.getLogger("cardline.web")

GetResponse = Callable[[HttpRequest], HttpResponse]
_NOT_COME_BACK_TO = ("/", "/sign-in")
_NEVER_SHOWN_AGAIN = ("csrfmiddlewaretoken", "key", "password", "code", "routing", "number", "number_again")

# Only a document can ask for a camera. On scripts, styles and fonts the header would weigh as much as some of them.
_NO_DOCUMENT = ("text/css", "text/javascript", "font/")


class RequestMiddleware:
    """Gives each request an id, carried by its log lines, its error page and the X-Request-Id header."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        made = secrets.token_hex(6)
        request.id = made  # type: ignore[attr-defined]
        token = request_id.set(made)
        last_known.begin_page()
        try:
            response = self.get_response(request)
        finally:
            request_id.reset(token)
        response.headers["X-Request-Id"] = made
        # Anything a page says about somebody must not stay in a shared cache (SR-41); static files say so themselves.
        response.headers.setdefault("Cache-Control", "no-store")
        if not response.headers.get("Content-Type", "").startswith(_NO_DOCUMENT):
            response.headers.setdefault(
                "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
            )
        return response


class RefusalMiddleware:
    """Turns a refusal of a command, or a database out of reach, into a page or JSON, in this one place (STYLE 9)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """What no view need look at: a form larger than was read (config/pages.py), and a zero byte in the address,
        which none of ours has and PostgreSQL does not take; the API answers for itself.
        """
        match = request.resolver_match
        if getattr(request, "scope", {}).get(TOO_LARGE):
            return refused(request, FileTooLarge())
        if "\x00" in request.path_info and match is not None and match.url_name != "api":
            return refused(request, NotThere())
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, LevelTooLow) and not wants_json(request):
            confirm = confirm_first(request, error, _referring_page(request))
            if confirm is not None:
                return confirm
        if isinstance(error, Refusal):
            return refused(request, error)
        if isinstance(error, OperationalError | InterfaceError):
            log.error("database.unreachable", exc_info=error)
            return refused(request, Unavailable())
        return None


def wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The answer to a refusal. What the person typed stands on the page again, so that nothing typed is lost."""
    response: HttpResponse
    if wants_json(request):
        response = JsonResponse(
            {
                "status": refusal.status,
                "code": refusal.code,
                "detail": str(refusal),
                "request_id": getattr(request, "id", ""),
            },
            status=refusal.status,
        )
    else:
        typed = {
            name: value
            for name, value in request.POST.items()
            if isinstance(value, str) and value.strip() and name not in _NEVER_SHOWN_AGAIN
        }
        page = render_to_string(
            "refused.html",
            {
                "refusal": refusal,
                "typed": typed,
                "request_id": getattr(request, "id", ""),
                "acts": _who_acts(request),
                "back": request.get_full_path() if request.method == "GET" else _referring_page(request),
                **page_context(request),
            },
            request=None,
        )
        response = HttpResponse(page, status=refusal.status)
    if refusal.retry_after is not None:
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def _who_acts(request: HttpRequest) -> Actor | None:
    """Who acts for another, so that a refusal says so, too (config/acting.py found it out). Asks no database itself."""
    actor = getattr(request, "actor", None)
    if isinstance(actor, SimpleLazyObject) and actor._wrapped is empty:
        return None
    return actor if isinstance(actor, Actor) and actor.acting_for else None


def _referring_page(request: HttpRequest) -> str:
    """The page a form stood on, with what it was asked for; never another site's address."""
    parts = urlsplit(request.headers.get("Referer", ""))
    is_ours = parts.netloc == request.get_host() and parts.path.startswith("/")
    if not is_ours or parts.path.startswith("//"):
        return "/"
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    log.warning("csrf.refused", extra={"reason": reason})
    refusal = Refusal(
        _("This page had been open too long. Go back, reload it and send it again; nothing was changed.")
    )
    refusal.status, refusal.code = 403, "stale_form"
    return refused(request, refusal)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refused(request, NotThere())


def server_error(request: HttpRequest) -> HttpResponse:
    # Django turns what another middleware raises into this page before anything of ours can see it; a database
    # out of reach while the session is read is not a fault of the program.
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError | InterfaceError) or _is_disk_full(error):
        return refused(request, Unavailable())
    refusal = Unavailable(_("Something broke on our side. Nothing you typed is lost; try again, or call us."))
    refusal.status = 500
    return refused(request, refusal)


def _is_disk_full(error: BaseException | None) -> bool:
    """While a form's file arrives, which is before any view."""
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)


class LanguageMiddleware:
    """The language: what was chosen (a cookie), else the browser's wish, among those the profile speaks."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        spoken = current_profile().languages
        language = chosen if chosen in spoken else _wished(request, spoken)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class OwnLanguageMiddleware:
    """The language a member chose as theirs goes before what this device says; it comes with who they are."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        own = _own_language(request)
        if own in ("", translation.get_language()) or own not in current_profile().languages:
            return self.get_response(request)
        with translation.override(own):
            request.LANGUAGE_CODE = own
            response = self.get_response(request)
        response.headers["Content-Language"] = own
        return response


def _own_language(request: HttpRequest) -> str:
    """ "" for a visitor, a colleague, somebody who never chose; and while the database cannot say (the view will)."""
    try:
        return request.actor.language if SESSION_KEY in request.session else ""  # type: ignore[attr-defined]
    except (OperationalError, InterfaceError):
        request.is_database_silent = True  # type: ignore[attr-defined]  # each further question waits seconds
        return ""


def _wished(request: HttpRequest, spoken: Any) -> str:
    wished = translation.get_language_from_request(request)
    short = wished.split("-")[0]
    return short if short in spoken else spoken[0]


def _sign_in_url(path: str) -> str:
    """To sign in and come back; from a page that only leads to others, on to one's own first page."""
    return "/sign-in" if path in _NOT_COME_BACK_TO else f"/sign-in?next={quote(path)}"


def _is_in_touch(request: HttpRequest) -> bool:
    """Whether the member whose page this is can be asked something just now: only such a page keeps a line open."""
    try:
        actor = getattr(request, "actor", None)
        return bool(actor and actor.kind == Kind.MEMBER and is_in_touch(actor))
    except (OperationalError, InterfaceError):
        return False


def _runs_program(request: HttpRequest) -> bool:
    """Whether the section of a company's cards is theirs. Asked only of somebody who was ever appointed."""
    try:
        actor = getattr(request, "actor", None)
        return bool(actor and actor.is_appointed and administers_one(actor, clock.now()))
    except (OperationalError, InterfaceError):
        return False


def page_context(request: HttpRequest) -> dict[str, Any]:
    """What every template knows."""
    return {
        "profile": current_profile(),
        "demo": settings.CARDLINE_DEMO,
        "sign_in_url": _sign_in_url(request.path),
        "ways_in": ways_offered,
        "sign_out_url": "/sign-out",
        "now": clock.now(),
        "language": translation.get_language() or "en",
        "core_as_of": last_known.known_as_of(),
        "actor": getattr(request, "actor", None),
        "in_touch": SimpleLazyObject(lambda: _is_in_touch(request)),
        "runs_program": SimpleLazyObject(lambda: _runs_program(request)),
        "acting_ended": getattr(request, "acting_ended", ""),  # config/acting.py
        "csp_nonce": getattr(request, "csp_nonce", ""),
    }
