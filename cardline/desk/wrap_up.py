"""The wrap-up: need, outcome and next step for us, three lines for both sides. It cannot be skipped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, gettext

from cardline.contact.models import Contact
from cardline.issuer.profile import NotInProfile, current_profile
from cardline.needs.catalogue import groups
from cardline.promises.models import Promise
from cardline.ui.promise import say_by
from cardline.ui.shapes import ThreeLines

Choices = list[tuple[str, str]]
FIELDS = ("need", "outcome", "next_step", "did", "you")


@dataclass(slots=True)
class WrapUp:
    """What was typed. error: what is missing or wrong, "" when nothing is. is_suggested: nobody typed the next step."""

    need: str = ""
    outcome: str = ""
    next_step: str = ""
    did: str = ""
    you: str = ""
    error: str = ""
    is_suggested: bool = False


def wrap_up_of(contact: Contact, promises: Sequence[Promise]) -> WrapUp:
    """As it stands in a contact; before the first time with the need it came with, and the promise made in it, soonest
    first, as the next step.
    """
    wrap = WrapUp(contact.need, contact.outcome, contact.next_step, contact.did, contact.you)
    ahead = _ahead(contact, promises)
    if not wrap.next_step and ahead:
        soonest = min(ahead, key=lambda promise: promise.due_at)
        wrap.next_step = gettext("Keep the promise: %(what)s") % {"what": soonest.text}
        wrap.is_suggested = True
    return wrap


def typed(posted: Mapping[str, str]) -> WrapUp:
    need, outcome, next_step, did, you = (posted.get(name, "").strip() for name in FIELDS)
    return WrapUp(need, outcome, next_step, did, you)


def need_choices() -> list[tuple[str, Choices]]:
    """Every need by group, in the reader's language."""
    language = get_language() or "en"
    return [
        (
            group.name.in_language(language),
            [(need.id, need.name.in_language(language)) for need in group.needs],
        )
        for group in groups()
    ]


def outcome_choices(need: str) -> Choices:
    """How a contact about a need can end; nothing for a need nobody knows."""
    language = get_language() or "en"
    try:
        return [(outcome.id, outcome.label.in_(language)) for outcome in current_profile().outcomes_for(need)]
    except NotInProfile:
        return []


def three_lines(contact: Contact, promises: Sequence[Promise], now: datetime) -> ThreeLines:
    """What both sides see. What we will do are the contact's promises that are still to be kept."""
    return ThreeLines(contact.did, will_do(contact, promises, now), contact.you)


def will_do(contact: Contact, promises: Sequence[Promise], now: datetime) -> tuple[str, ...]:
    """One line for each promise of the contact that is still to be kept, with its date."""
    language = get_language() or "en"
    ahead = _ahead(contact, promises)
    return tuple(f"{p.text}, {say_by(p.due_at, ZoneInfo(p.due_zone), language, now)}" for p in ahead)


def _ahead(contact: Contact, promises: Sequence[Promise]) -> list[Promise]:
    """The contact's promises that are still to be kept."""
    return [
        p
        for p in promises
        if p.contact_id == contact.pk and p.done_at is None and p.state in ("open", "missed")
    ]
