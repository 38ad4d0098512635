"""What can be done in a chat at once, without waiting for a person: a guided conversation inside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from cardline.contact.models import Contact
from cardline.flows.page import StepPage, step_page
from cardline.flows.queries import open_run_of_contact, standing_of
from cardline.flows.registry import Flow, flows
from cardline.issuer.core import CoreUnknown
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor
from cardline.kit.reference import contact_reference
from cardline.kit.words import Reader, Words, say

MOST_OFFERS = 3


@dataclass(frozen=True, slots=True)
class Offer:
    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Guided:
    """step: where the one under way stands; token: its name. offers: what can be begun while none is."""

    step: StepPage | None
    token: str
    offers: tuple[Offer, ...]


def guided_in(actor: Actor, contact: Contact, now: datetime, language: str) -> Guided | None:
    """None once the contact has ended."""
    if contact.state == Contact.State.ENDED:
        return None
    run = open_run_of_contact(actor, contact.pk)
    if run is None:
        return Guided(None, "", _offers(actor, contact, now, language))
    url = reverse("chat_step", args=[contact_reference(contact.home_case.ref, contact.number)])
    try:
        standing = standing_of(actor, run, now)
    except CoreUnknown:  # the person who comes sees it; the page says nothing it does not know
        return Guided(None, "", ())
    return Guided(step_page(standing, url, language, now), run.token, ())


def _offers(actor: Actor, contact: Contact, now: datetime, language: str) -> tuple[Offer, ...]:
    """Flows about the contact's need, then its family's, that this person may begin; none once somebody answers."""
    if contact.state != Contact.State.WAITING:
        return ()
    family = contact.need.partition(".")[0]
    alike = [one for one in flows.values() if one.need.partition(".")[0] == family and _may_begin(actor, one)]
    reader = Reader(language, current_profile().zone, now)
    first = sorted(alike, key=lambda one: one.need != contact.need)
    return tuple(Offer(one.name, say(Words(one.title), reader)) for one in first[:MOST_OFFERS])


def _may_begin(actor: Actor, flow: Flow) -> bool:
    return not flow.level or bool(actor.member_id)
