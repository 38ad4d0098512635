"""Every page of a signed-in member's own, listed where the core has the part that it shows."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from cardline.issuer.core import Part, current_core


@dataclass(frozen=True, slots=True)
class OwnPage:
    label: str
    icon: str
    url: str


def address_of(name: str, part: Part | None = None) -> str:
    """Where a page is, by the name of its address; "" where the core lacks the part it shows."""
    return "" if part is not None and part not in current_core().offers else reverse(name)


def own_pages() -> tuple[OwnPage, ...]:
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


def _there(*listed: tuple[str, str, str, Part | None]) -> tuple[OwnPage, ...]:
    found = (OwnPage(label, icon, address_of(name, part)) for name, label, icon, part in listed)
    return tuple(page for page in found if page.url)
