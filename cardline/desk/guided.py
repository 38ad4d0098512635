"""Guided actions: the conversations members have by themselves, led by the colleague who speaks with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import get_language

from cardline.contact.models import Contact
from cardline.flows.page import StepPage, step_page
from cardline.flows.queries import open_run_of_contact, standing_of
from cardline.flows.registry import flows
from cardline.issuer.core import CoreUnknown
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor
from cardline.kit.words import Reader, Words, say


@dataclass(frozen=True, slots=True)
class Guided:
    """step: the question to read out, where one is under way. offers: (name, title) of what can be begun, those about
    this contact's need first. is_silent: the card core does not answer, so the step cannot be shown.
    """

    step: StepPage | None
    offers: tuple[tuple[str, str], ...]
    is_silent: bool = False


def guided_for(actor: Actor, contact: Contact, now: datetime) -> Guided:
    language = get_language() or "en"
    run = open_run_of_contact(actor, contact.pk)
    if run is None:
        return Guided(None, _offers(contact, Reader(language, current_profile().zone, now)))
    try:
        standing = standing_of(actor, run, now)
    except CoreUnknown:
        return Guided(None, (), is_silent=True)
    return Guided(step_page(standing, reverse("desk_step", args=[contact.pk]), language, now), ())


def _offers(contact: Contact, reader: Reader) -> tuple[tuple[str, str], ...]:
    family = contact.need.partition(".")[0]

    def nearest(name: str) -> tuple[bool, bool, str]:
        need = flows[name].need
        return need != contact.need, need.partition(".")[0] != family, name

    return tuple((name, say(Words(flows[name].title), reader)) for name in sorted(flows, key=nearest))
