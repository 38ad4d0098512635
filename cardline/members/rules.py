"""Masked contact points: what is decided from values alone."""

from __future__ import annotations

from django.utils.translation import gettext

PHONE, EMAIL = "phone", "email"


def masked(kind: str, value: str) -> str:
    """A contact point, as much as confirms it: "•••• 0142", "m•••@example.org"; of an address, that there is one."""
    if kind == PHONE:
        digits = [character for character in value if character.isdigit()]
        return f"•••• {''.join(digits[-4:])}" if len(digits) > 6 else "••••"
    if kind == EMAIL:
        name, _at, domain = value.partition("@")
        return f"{name[:1]}•••@{domain}"
    return gettext("Postal address on file")
