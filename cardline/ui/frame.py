"""The sections of the member pages. A section is listed here when its pages exist, and not before."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext


@dataclass(frozen=True, slots=True)
class NavItem:
    """A section. label is short enough for a quarter of a phone's width."""

    key: str
    label: str
    icon: str
    url: str
    current: bool


def member_nav(here: str, signed_in: bool = False) -> list[NavItem]:
    """The sections in the order of the bar, `here` marked as the current one.

    A phone has room for the first four. Who is signed in has every case under "My contacts", and needs no reference to
    track one: their cards and transactions stand in that place, and "Get help" leads to every way to contact us.
    """
    by_reference = [("track", gettext("Track a case"), "search", "/track")]
    own = [
        ("cards", gettext("Cards"), "card", "/cards"),
        ("transactions", gettext("Transactions"), "pay", "/transactions"),
    ]
    sections = [
        ("help", gettext("Get help"), "help", "/"),
        ("contacts", gettext("My contacts"), "chat", "/contacts"),
        *(own if signed_in else by_reference),
        ("contact", gettext("Contact us"), "phone", "/contact"),
    ]
    return [NavItem(key, label, icon, url, current=key == here) for key, label, icon, url in sections]
