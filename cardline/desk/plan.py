"""What the member told the plan before this contact, so that nobody asks for it again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from cardline.contact.models import Contact
from cardline.issuer.profile import Profile, Text, current_profile
from cardline.needs.catalogue import UnknownNeed, details, need
from cardline.ui.shapes import ReadyRow


@dataclass(frozen=True, slots=True)
class Told:
    """facts: short words about where they are and what they hold. ready: what they had at hand, ticked or not.

    said: what brought them here, in their own words; "" when they picked a topic.
    """

    need: str
    facts: tuple[str, ...]
    ready: tuple[ReadyRow, ...]
    said: str = ""


def told_in(contact: Contact) -> Told:
    """The plan of a contact in the reader's language. It was written by pages and by systems of the issuer's: whatever
    in it is not known here is left out.
    """
    language, profile = get_language() or "en", current_profile()
    plan = _plan(contact)
    return Told(
        need_name(contact.need, language),
        _facts(plan, profile, language),
        _ready(plan.get("ready"), language),
        said if isinstance(said := plan.get("said"), str) else "",
    )


def need_name(need_id: str, language: str) -> str:
    """What a need is called; its family's name where the catalogue does not know it."""
    try:
        return need(need_id).name.in_language(language)
    except UnknownNeed:
        return current_profile().need_family(need_id).label.in_(language)


def charge_meant(contact: Contact) -> str:
    """The card core's id of the charge they chose before the contact; "" for none."""
    charge = _plan(contact).get("charge")
    if isinstance(charge, dict):  # as the plan page writes it; a system of the issuer's tells the id alone
        charge = charge.get("token")
    return charge if isinstance(charge, str) else ""


def _plan(contact: Contact) -> dict[str, Any]:
    plan = json.loads(contact.plan)
    return plan if isinstance(plan, dict) else {}


def _facts(plan: Mapping[str, Any], profile: Profile, language: str) -> tuple[str, ...]:
    facts = []
    card_type = plan.get("card_type")
    if isinstance(card_type, str) and card_type in profile.card_types:
        facts.append(_words(profile.card_type(card_type).label, language))
    country = plan.get("country") or plan.get("from")
    if isinstance(country, str) and country:
        facts.append(_words(profile.region_of(country).label, language))
    return tuple(facts)


def _ready(written: object, language: str) -> tuple[ReadyRow, ...]:
    """From [{"id": "card", "held": true}, …], or from the ids of what was ticked."""
    rows = []
    for item in written if isinstance(written, list) else []:
        id_, held = (item.get("id"), bool(item.get("held"))) if isinstance(item, dict) else (item, True)
        if isinstance(id_, str) and (known := details().get(id_)):
            rows.append(ReadyRow(known.label.in_language(language), held=held))
    return tuple(rows)


def _words(text: Text, language: str) -> str:
    return text.in_(language)
