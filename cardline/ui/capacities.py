"""As what somebody acts for another, and how whatever they do is signed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext, pgettext_lazy

CAPACITIES: dict[str, LazyText] = {
    "joint_owner": pgettext_lazy("acts as", "joint owner"),
    "additional_card_member": pgettext_lazy("acts as", "additional card member"),
    "account_manager_limited": pgettext_lazy("acts as", "limited account manager"),
    "account_manager_full": pgettext_lazy("acts as", "account manager"),
    "power_of_attorney": pgettext_lazy("acts as", "power of attorney"),
    "executor": pgettext_lazy("acts as", "executor"),
    "guardian": pgettext_lazy("acts as", "guardian"),
    "program_administrator": pgettext_lazy("acts as", "program administrator"),
    "attorney": pgettext_lazy("acts as", "attorney"),
}


def capacity_name(capacity: str) -> str:
    """In the middle of a sentence: "You are acting for Owen Blake, as executor." """
    return str(CAPACITIES.get(capacity, capacity))


def signed(name: str, data: Mapping[str, Any]) -> str:
    """Who did it: "Ruth Adeyemi (executor, for Owen Blake)" for an entry by somebody who acted for another.

    data: the entry's, as cases/timeline.py keeps it; without a capacity in it the name stands alone.
    """
    if not data.get("as"):
        return name
    said = {"person": name, "capacity": capacity_name(str(data["as"])), "member": data.get("for", "")}
    return gettext("%(person)s (%(capacity)s, for %(member)s)") % said
