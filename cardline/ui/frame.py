"""The sections of the member pages. A section is listed here when its pages exist, and not before."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from cardline.issuer.core import Part
from cardline.ui.own_pages import address_of

Section = tuple[str, str, str, str, bool]  # key, label, icon, address, on a phone


@dataclass(frozen=True, slots=True)
class NavItem:
    """A section. label is short enough for a quarter of a phone's width. on_phone: in the bar at the bottom, too."""

    key: str
    label: str
    icon: str
    url: str
    current: bool
    on_phone: bool = True


def member_nav(here: str, signed_in: bool = False) -> list[NavItem]:
    """The sections in the order of the bar, `here` marked as the current one.

    A phone has room for four. Who is signed in finds every other page in the list on their first one
    (own_pages.py).
    """
    sections = _own() if signed_in else _of_a_visitor()
    return [
        NavItem(key, label, icon, url, current=key == here, on_phone=on_phone)
        for key, label, icon, url, on_phone in sections
    ]


def _of_a_visitor() -> list[Section]:
    return [
        ("help", _("Get help"), "help", "/", True),
        ("contacts", _("My contacts"), "chat", "/contacts", True),
        ("track", _("Track a case"), "search", "/track", True),
        ("contact", _("Contact us"), "phone", "/contact", True),
    ]


def _own() -> list[Section]:
    """Payments take the place of transactions in the hand, where this issuer has them."""
    payments = address_of("payments", Part.PAYMENTS)
    sections = [
        ("account", _("Home"), "home", "/home", True),
        ("cards", _("Cards"), "card", "/cards", True),
        ("transactions", _("Transactions"), "list", "/transactions", not payments),
        ("payments", _("Payments"), "pay", payments, True),
        ("contacts", _("My contacts"), "chat", "/contacts", True),
        ("help", _("Get help"), "help", "/", False),
    ]
    return [section for section in sections if section[3]]
