"""The pages of an application: what can be applied for, what is about to be sent, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from cardline.applications.queries import open_products
from cardline.clocks.local import end_of_day
from cardline.issuer.core import Application
from cardline.issuer.core import ApplicationState as State
from cardline.issuer.profile import Address, Product, current_profile
from cardline.kit.dates import say_full_date, say_fully, say_when
from cardline.kit.reference import show_reference
from cardline.selfservice.apply.draft import Draft
from cardline.selfservice.apply.words import (
    BROKEN_OFF,
    is_over,
    our_promise,
    say_birthday,
    standing_of,
    steps_of,
)
from cardline.ui.promise import PromiseLook, promise_look
from cardline.ui.shapes import Fact, Step

STATUS_NEED = "apply.status"


@dataclass(frozen=True, slots=True)
class ProductCard:
    """Something to apply for. url: to its first question; includes_url: to what it includes."""

    name: str
    line: str
    facts: tuple[str, ...]
    url: str
    includes_url: str


@dataclass(frozen=True, slots=True)
class Letters:
    """Where missing papers go. lines: as on the envelope; () where the issuer names none, which caveat explains."""

    lines: tuple[str, ...]
    caveat: str


@dataclass(frozen=True, slots=True)
class ApplicationPage:
    """Where an application stands. promise: what we do next and by when. letters: where papers go that are missing.

    has_day: whether there is a day to put into a calendar. can_start_anew: it ended before it was decided.
    """

    reference: str
    product: str
    since: str
    headline: str
    lines: tuple[str, ...]
    promise: PromiseLook | None
    steps: tuple[Step, ...]
    letters: Letters | None
    has_day: bool
    can_start_anew: bool


def choices(language: str) -> tuple[ProductCard, ...]:
    return tuple(_card(product, language) for product in open_products())


def review_facts(product: Product, draft: Draft, language: str) -> tuple[Fact, ...]:
    """What is about to be sent."""
    assert draft.day_of_birth is not None
    name = f"{draft.given_name} {draft.family_name}".strip()
    return (
        Fact(_("Card"), product.name),
        Fact(_("Name"), name),
        Fact(_("Born"), say_birthday(draft.day_of_birth, language)),
    )


def application_page(found: Application, now: datetime, language: str) -> ApplicationPage:
    standing, zone = standing_of(found, now, language), current_profile().zone
    promise = _promise(found, now)
    is_late = promise is not None and promise.state == "late"
    return ApplicationPage(
        reference=show_reference(found.reference),
        product=found.product,
        since=say_when(found.state_since, zone, language, now),
        headline=standing.headline,
        lines=() if is_late else standing.lines,
        promise=promise,
        steps=steps_of(found, now, language),
        letters=_letters(language) if found.state == State.INCOMPLETE else None,
        has_day=due_day(found, now) is not None,
        can_start_anew=found.state in BROKEN_OFF,
    )


def receipt_facts(found: Application, ref: str, language: str) -> tuple[Fact, ...]:
    """What the applicant keeps. ref: of the case it stands in, "" for none."""
    facts = [
        Fact(_("Card"), found.product),
        Fact(_("Sent"), say_fully(found.submitted_at, current_profile().zone, language)),
        Fact(_("What comes next"), _("We tell you our decision, or what is missing")),
    ]
    if found.next_on:
        facts.append(Fact(_("By"), say_full_date(found.next_on, language)))
    if ref:
        facts.append(Fact(_("In “My contacts”"), show_reference(ref)))
    return tuple(facts)


def due_day(found: Application, now: datetime) -> tuple[str, date] | None:
    """What to put into a calendar, and for which day; None where no day is ahead."""
    if found.next_on is None or is_over(found, now):
        return None
    words = {
        State.INCOMPLETE: _("Last day for the missing paper"),
        State.COUNTEROFFER: _("Last day to take the other offer"),
        State.CARD_ORDERED: _("The new card should have come"),
    }
    return words.get(found.state, our_promise(found.state)), found.next_on


def _promise(found: Application, now: datetime) -> PromiseLook | None:
    sentence, zone = our_promise(found.state), current_profile().zone
    if not sentence or found.next_on is None:
        return None
    due_at = end_of_day(found.next_on, zone)
    late = _("We missed that day. Call us, and a person looks into it.") if now > due_at else ""
    return promise_look(
        sentence=sentence, made_at=found.state_since, due_at=due_at, now=now, zone=zone, line=late
    )


def _letters(language: str) -> Letters | None:
    addresses: tuple[Address, ...] = current_profile().addresses_for(STATUS_NEED)
    return Letters(addresses[0].lines, addresses[0].caveat.in_(language)) if addresses else None


def _card(product: Product, language: str) -> ProductCard:
    return ProductCard(
        name=product.name,
        line=product.line.in_(language),
        facts=tuple(fact.in_(language) for fact in product.facts),
        url=reverse("apply_step", args=[product.id, "name"]),
        includes_url=f"{reverse('benefits')}?product={product.id}",
    )
