"""A browser becomes a member's: the one step all ways of signing in end with."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, login, logout
from django.http import HttpRequest

from cardline.identity.models import User
from cardline.identity.queries import session_hash
from cardline.identity.rules import Way
from cardline.staff.factors import came_by_demo


def enter(request: HttpRequest, user_id: int, way: Way) -> None:
    """Sign this member in here. Whoever was signed in before is not any more, and their signing out is recorded."""
    if request.user.is_authenticated:
        logout(request)
    request.way_in = way  # type: ignore[attr-defined]
    login(request, User.objects.get(pk=user_id), backend=settings.AUTHENTICATION_BACKENDS[0])


def stay(request: HttpRequest, user_id: int) -> None:
    """Their password changed, and Django ends every session begun with another one: all but this.

    The session keeps its key, which our rows know it by; Django's own way of staying would give it a new one.
    """
    request.session[HASH_SESSION_KEY] = User.objects.get(pk=user_id).get_session_auth_hash()


def way_of(request: HttpRequest) -> str:
    """How the sign-in that happens in this request happens; "" where nobody said."""
    if came_by_demo(request):
        return Way.DEMO
    return str(getattr(request, "way_in", ""))


def session_of(request: HttpRequest) -> str:
    """The hash of this browser's session, begun for a visitor who has none yet."""
    if not request.session.session_key:
        request.session.create()
    return session_hash(request.session.session_key)
