"""Where a need is settled on these pages, beside everything the plan says about reaching a person."""

from __future__ import annotations

from django.urls import reverse
from django.utils.functional import Promise as Later
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cardline.applications.queries import are_taken_here
from cardline.flows.registry import flows_about
from cardline.issuer.core import Part, current_core
from cardline.issuer.profile import current_profile
from cardline.ui.shapes import Link

_LABELS: dict[str, tuple[Later | str, str]] = {
    "cards": (_("See your cards"), "card"),
    "transactions": (_("See your transactions"), "list"),
    "payments": (_("Pay here, now"), "pay"),
    "autopay": (_("Set up or stop autopay"), "calendar"),
    "statements": (_("See your statements"), "file"),
    "account_home": (_("See your balance"), "pay"),
    "rewards": (_("See your points"), "reward"),
    "rewards_redeem": (_("Use your points"), "reward"),
    "benefits": (_("See what your card includes"), "benefit"),
    "apply": (_("Apply here, now"), "file"),
    "application": (_("See where it stands"), "search"),
}

# By need: the name of the page's address.
_DOORS = {
    "card_access.activate": "cards",
    "card_access.delivery": "cards",
    "card_access.replace_damaged": "cards",
    "card_access.expiring": "cards",
    "dispute.pending_or_reversed": "transactions",
    "rewards.balance": "rewards",
    "rewards.redeem": "rewards_redeem",
    "payment.make": "payments",
    "payment.due_minimum": "payments",
    "payment.failed": "payments",
    "payment.cancel": "payments",
    "payment.not_showing": "payments",
    "payment.autopay": "autopay",
    "payment.statement": "statements",
    "payment.balance": "account_home",
    "benefit.insurance_lounge": "benefits",
    "benefit.limits_terms": "benefits",
    "benefit.foreign_use": "benefits",
    "apply.new_card": "apply",
    "apply.eligibility": "apply",
    "apply.status": "application",
}

_PARTS = {
    "payments": Part.PAYMENTS,
    "autopay": Part.PAYMENTS,
    "statements": Part.STATEMENTS,
    "account_home": Part.PAYMENTS,
    "rewards": Part.REWARDS,
    "rewards_redeem": Part.REWARDS,
}


def door_of(need_id: str) -> Link | None:
    """The page of ours for a need; None where only a person can help, or this installation has no such page."""
    page = _DOORS.get(need_id)
    if page is None:
        return _guided(need_id)
    if not _is_there(page):
        return None
    label, icon = _LABELS[page]
    return Link(str(label), reverse(page), icon)


def _guided(need_id: str) -> Link | None:
    """The conversation that settles it step by step, where one is written."""
    flow = next(iter(flows_about(need_id)), None)
    return Link(gettext(flow.title), reverse("flow", args=[flow.slug]), "wrap") if flow else None


def _is_there(page: str) -> bool:
    if page in ("apply", "application"):
        return are_taken_here()
    if page == "benefits":
        return bool(current_profile().benefits)
    part = _PARTS.get(page)
    return part is None or part in current_core().offers
