"""Light or dark: what a person chose, kept in a cookie so that the first paint is right without script."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

THEMES = ("light", "dark")
COOKIE = f"{'__Host-' if settings.SESSION_COOKIE_SECURE else ''}cardline_theme"


def theme_of(request: HttpRequest | None) -> str:
    """ "light", "dark", or "" to follow the device (the desk's own choice is dark)."""
    chosen = request.COOKIES.get(COOKIE, "") if request else ""
    return chosen if chosen in THEMES else ""
