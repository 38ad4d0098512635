"""Which transactions somebody asked for, as conditions on their rows."""

from __future__ import annotations

import re

from django.db.models import Q

from cardline.issuer import core


def asked_for(which: core.Which) -> Q:
    """The conditions of a search, but for whose movements it is about."""
    wanted = _says(which.text) & _amounts_to(which.smallest, which.largest)
    if which.since is not None:
        wanted &= Q(at__gte=which.since)
    if which.until is not None:
        wanted &= Q(at__lt=which.until)
    if which.state is not None:
        wanted &= Q(state=which.state)
    if which.kinds:
        wanted &= Q(kind__in=which.kinds)
    return wanted


def _says(text: str) -> Q:
    """Text in the merchant's name or place, without regard to case."""
    if not text.isprintable():
        return Q(pk__in=())  # no name has such characters, and PostgreSQL refuses some of them
    if not text:
        return Q()
    # LIKE on SQLite takes É and é for two letters; its regular expressions are Python's, which know better.
    lookup, wanted = ("icontains", text) if text.isascii() else ("iregex", re.escape(text))
    return Q((f"merchant__{lookup}", wanted)) | Q((f"place__{lookup}", wanted))


def _amounts_to(smallest: int | None, largest: int | None) -> Q:
    """By the amount without its sign, in minor units."""
    wanted = Q()
    if smallest is not None:
        wanted &= Q(amount_minor__gte=smallest) | Q(amount_minor__lte=-smallest)
    if largest is not None:
        wanted &= Q(amount_minor__lte=largest, amount_minor__gte=-largest)
    return wanted
