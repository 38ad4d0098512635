"""The idempotency key that every form that writes carries (component `form_key`)."""

from __future__ import annotations

from django.http import HttpRequest

SHORTEST, LONGEST = 8, 64


def form_key(request: HttpRequest) -> str | None:
    """The key of a posted form; None where there is none of a shape we give out, and then nothing is remembered."""
    key = request.POST.get("key", "")
    fits = SHORTEST <= len(key) <= LONGEST and key.isascii() and key.isprintable()
    return key if fits else None
