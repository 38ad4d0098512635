"""The sections of the member pages. A section is listed here when its pages exist, and not before."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from cardline.issuer.core import Part
from cardline.kit.actors import Actor
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


def member_nav(
    here: str, signed_in: bool = False, *, program: bool = False, hidden: Collection[str] = ()
) -> list[NavItem]:
    """The sections in the order of the bar, `here` marked as the current one.

    A phone has room for four. Who is signed in finds every other page in the list on their first one
    (own_pages.py). program: they run a company's cards. hidden: keys of sections that would refuse them.
    """
    sections = _own(program=program, hidden=hidden) if signed_in else _of_a_visitor()
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


def hidden_from(actor: Actor) -> frozenset[str]:
    """What is not for somebody who acts for a member without being allowed to see what is theirs."""
    if actor.may_see:
        return frozenset()
    return frozenset(
        {"cards", "transactions"} if "pay" in actor.scopes else {"cards", "transactions", "payments"}
    )


def _own(*, program: bool, hidden: Collection[str]) -> list[Section]:
    """In the hand payments take the place of transactions, where this issuer has them, and help comes with room."""
    payments = address_of("payments", Part.PAYMENTS)
    sections = [
        ("account", _("Home"), "home", "/home", True),
        ("cards", _("Cards"), "card", "/cards", True),
        ("transactions", _("Transactions"), "list", "/transactions", not payments),
        ("payments", _("Payments"), "pay", payments, True),
        ("contacts", _("My contacts"), "chat", "/contacts", True),
        ("program", _("Company cards"), "card", reverse("program") if program else "", False),
        ("help", _("Get help"), "help", "/", bool(hidden)),
    ]
    return [section for section in sections if section[3] and section[0] not in hidden]
