"""The places of a signed-in member, each listed only where it is there: its pages exist, and the core has that part."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from cardline.issuer.core import Part, current_core


@dataclass(frozen=True, slots=True)
class Place:
    label: str
    icon: str
    url: str


def address_of(name: str, part: Part | None = None) -> str:
    """Where a place is; "" where it has no pages, or stands for a part that the core does not have."""
    if part is not None and part not in current_core().offers:
        return ""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def account_places() -> tuple[Place, ...]:
    """Everything of one's own, in the order of how often it is looked for; the ways to a person at the end."""
    return _there(
        ("cards", _("Cards"), "card", None),
        ("transactions", _("Transactions"), "list", None),
        ("payments", _("Payments"), "pay", Part.PAYMENTS),
        ("autopay", _("Autopay"), "calendar", Part.PAYMENTS),
        ("statements", _("Statements"), "file", Part.STATEMENTS),
        ("rewards", _("Rewards"), "reward", Part.REWARDS),
        ("benefits", _("Benefits"), "benefit", None),
        ("alerts", _("Alerts"), "alerts", Part.ALERTS),
        ("profile", _("Profile"), "person", None),
        ("application", _("Your application"), "pencil", Part.APPLICATIONS),
        ("my_contacts", _("My contacts"), "chat", None),
        ("home", _("Get help"), "help", None),
        ("contact_us", _("Contact us"), "phone", None),
    )


def _there(*places: tuple[str, str, str, Part | None]) -> tuple[Place, ...]:
    found = (Place(label, icon, address_of(name, part)) for name, label, icon, part in places)
    return tuple(place for place in found if place.url)
