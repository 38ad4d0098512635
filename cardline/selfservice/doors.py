"""Where a need is settled on these pages, beside everything the plan says about reaching a person."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse
from django.utils.translation import gettext as _

from cardline.applications.queries import are_taken_here
from cardline.issuer.profile import current_profile
from cardline.ui.shapes import Link


def door_of(need_id: str) -> Link | None:
    """The page of ours for a need; None where only a person can help, or this issuer has no such page."""
    door = _DOORS.get(need_id)
    return door() if door else None


def _apply() -> Link | None:
    return Link(_("Apply here, now"), reverse("apply"), "file") if are_taken_here() else None


def _application() -> Link | None:
    return Link(_("See where it stands"), reverse("application"), "search") if are_taken_here() else None


def _benefits() -> Link | None:
    return Link(_("See what your card includes"), reverse("benefits"), "benefit") if _has_benefits() else None


def _has_benefits() -> bool:
    return bool(current_profile().benefits)


_DOORS: dict[str, Callable[[], Link | None]] = {
    "apply.new_card": _apply,
    "apply.eligibility": _apply,
    "apply.status": _application,
    "benefit.insurance_lounge": _benefits,
    "benefit.limits_terms": _benefits,
    "benefit.foreign_use": _benefits,
}
