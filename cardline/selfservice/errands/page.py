"""What somebody does for a member whose account they may not see: what is open to them, and what we do with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from cardline.issuer.core import Part
from cardline.kit.actors import Actor
from cardline.members.authorities.table import Scope
from cardline.members.authorities.words import may
from cardline.selfservice.home_page import UrgentBand, urgent_band
from cardline.ui.own_pages import address_of
from cardline.ui.shapes import NeedRow


@dataclass(frozen=True, slots=True)
class ErrandsPage:
    """with_us: what their authority includes and no page of ours does without showing the account; "" for nothing."""

    urgent: UrgentBand
    ways: tuple[NeedRow, ...]
    with_us: str


def errands_page(actor: Actor, now: datetime, language: str) -> ErrandsPage:
    """The first page of whoever acts without sight. A silent core takes the cards away, never the page."""
    payments = address_of("payments", Part.PAYMENTS) if Scope.PAY in actor.scopes else ""
    ways = (
        NeedRow("pay", _("Pay the bill"), _("You say how much; what is owed is not shown."), payments),
        NeedRow(
            "chat", _("Write to us for them"), _("Or call: every way to a person is here."), reverse("contact_us")
        ),
        NeedRow("inbox", _("What you began for them"), _("Our answers are there, too."), reverse("my_contacts")),
    )  # fmt: skip
    return ErrandsPage(
        urgent=urgent_band(actor, now, language),
        ways=tuple(way for way in ways if way.url),
        with_us=may(actor.scopes - {Scope.PAY} if payments else actor.scopes),
    )
