"""The pages about benefits: one's own by card, a product's, and one benefit with how to use it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse

from cardline.benefits.queries import Holding, Sold, benefit, benefits_of, sold_now, sold_product
from cardline.benefits.rules import Ended, Included
from cardline.issuer.core import CoreUnknown
from cardline.issuer.profile import Benefit, Product, current_profile
from cardline.kit.actors import Actor
from cardline.selfservice.benefits.words import (
    cards_words,
    changed_words,
    claim_facts,
    ended_words,
    terms_words,
    way_to_claim,
    when_words,
)
from cardline.selfservice.calls import line_for_questions
from cardline.selfservice.cards_page import Call
from cardline.ui.shapes import Fact, Link, NeedRow


@dataclass(frozen=True, slots=True)
class Rows:
    """Benefits as rows that lead to each one: what counts now, what begins later, what is over."""

    now: tuple[NeedRow, ...]
    later: tuple[NeedRow, ...]
    ended: tuple[NeedRow, ...]


@dataclass(frozen=True, slots=True)
class CardBenefits:
    """The benefits of one product somebody holds. rows: None where we cannot say.

    cards: which of theirs. changed: what changed and when, "" for nothing lately. is_whole: False where the account's
    holder may have more.
    """

    id: str
    name: str
    cards: str
    edition: str
    changed: str
    rows: Rows | None
    is_whole: bool


@dataclass(frozen=True, slots=True)
class BenefitsPage:
    """mine: None for somebody who holds no card that we know of. is_silent: their cards cannot be looked up now."""

    mine: tuple[CardBenefits, ...] | None
    is_silent: bool
    products: tuple[NeedRow, ...]
    note: str
    call: Call | None


@dataclass(frozen=True, slots=True)
class ProductPage:
    name: str
    line: str
    facts: tuple[str, ...]
    rows: Rows
    apply_url: str
    note: str


@dataclass(frozen=True, slots=True)
class BenefitPage:
    """when: since or until when it counts, "" for always. claim: where, by when, with which papers.

    cards: which of the reader's own cards include it. products: which ones are sold with it.
    """

    name: str
    line: str
    when: str
    covers: tuple[str, ...]
    not_covered: tuple[str, ...]
    how: tuple[str, ...]
    claim: tuple[Fact, ...]
    papers: tuple[str, ...]
    way: Link | None
    version: str
    cards: tuple[str, ...]
    products: tuple[Link, ...]
    note: str


def benefits_page(actor: Actor, now: datetime, language: str) -> BenefitsPage:
    """A core that is silent takes one's own cards away, never the list of what each card includes."""
    try:
        held = benefits_of(actor, now, language) if actor.member_id and actor.may_see else None
        is_silent = False
    except CoreUnknown:
        held, is_silent = None, True
    known = {holding.product.id for holding in held or () if holding.product}
    return BenefitsPage(
        mine=None if held is None else tuple(_card(one, n, now, language) for n, one in enumerate(held)),
        is_silent=is_silent,
        products=tuple(
            _product_row(sold.product, language) for sold in sold_now(now) if sold.product.id not in known
        ),
        note=current_profile().offer.note.in_(language),
        call=line_for_questions(actor),
    )


def product_page(product_id: str, now: datetime, language: str) -> ProductPage:
    """Raises NotThere."""
    sold = sold_product(product_id, now)
    product = sold.product
    return ProductPage(
        name=product.name,
        line=product.line.in_(language),
        facts=tuple(fact.in_(language) for fact in product.facts),
        rows=_rows(sold.gives, now, language),
        apply_url=reverse("apply_step", args=[product.id, "name"]) if product.is_open else "",
        note=current_profile().offer.note.in_(language),
    )


def benefit_page(actor: Actor, benefit_id: str, now: datetime, language: str) -> BenefitPage:
    """Raises NotThere."""
    found = benefit(benefit_id)
    held, call = _held(actor, now, language), _number_for(found, actor)
    return BenefitPage(
        name=found.name.in_(language),
        line=found.line.in_(language),
        when=_when(found, held, now, language),
        covers=tuple(line.in_(language) for line in found.covers),
        not_covered=tuple(line.in_(language) for line in found.not_covered),
        how=tuple(line.in_(language) for line in found.how),
        claim=claim_facts(found, call, language),
        papers=tuple(line.in_(language) for line in found.papers),
        way=way_to_claim(found, call),
        version=found.version,
        cards=tuple(f"{one.name}, {cards_words(one.last4s)}" for one in held if _counts(one.gives, found)),
        products=tuple(_product_link(sold) for sold in sold_now(now) if _counts(sold.gives, found)),
        note=current_profile().offer.note.in_(language),
    )


def _number_for(found: Benefit, actor: Actor) -> Call | None:
    """The number a benefit is claimed at: its own, else that of the reader's kind of card."""
    if found.channel != "phone":
        return None
    line = current_profile().lines.get(found.phone_line)
    return Call(line.display, f"tel:{line.e164}") if line and line.e164 else line_for_questions(actor)


def _held(actor: Actor, now: datetime, language: str) -> list[Holding]:
    """What the reader holds; nothing for a visitor, or while the core is silent."""
    try:
        return benefits_of(actor, now, language) if actor.member_id and actor.may_see else []
    except CoreUnknown:
        return []


def _card(holding: Holding, n: int, now: datetime, language: str) -> CardBenefits:
    changed = changed_words(holding.changed_on, holding.changes, now, language) if holding.changed_on else ""
    return CardBenefits(
        id=f"card-{n}",
        name=holding.name,
        cards=cards_words(holding.last4s),
        edition=holding.edition,
        changed=changed,
        rows=_rows(holding.gives, now, language) if holding.gives else None,
        is_whole=holding.is_whole,
    )


def _rows(gives: Included, now: datetime, language: str) -> Rows:
    return Rows(
        now=tuple(_row(one, when_words(one, now, language), language) for one in gives.now),
        later=tuple(_row(one, when_words(one, now, language), language) for one in gives.later),
        ended=tuple(_ended_row(one, gives, now, language) for one in gives.ended),
    )


def _ended_row(ended: Ended, gives: Included, now: datetime, language: str) -> NeedRow:
    """Where a benefit goes on under other terms, the ones that are over are named."""
    row = _row(ended.benefit, ended_words(ended, now, language), language)
    goes_on = any(one.name == ended.benefit.name for one in gives.now)
    return replace(row, title=terms_words(ended.benefit, language)) if goes_on else row


def _row(found: Benefit, when: str, language: str) -> NeedRow:
    line = f"{found.line.in_(language)} {when}".strip()
    return NeedRow("benefit", found.name.in_(language), line, reverse("benefit", args=[found.id]))


def _product_row(product: Product, language: str) -> NeedRow:
    url = f"{reverse('benefits')}?product={product.id}"
    return NeedRow("card", product.name, product.line.in_(language), url)


def _product_link(sold: Sold) -> Link:
    return Link(sold.product.name, f"{reverse('benefits')}?product={sold.product.id}")


def _counts(gives: Included | None, found: Benefit) -> bool:
    return gives is not None and found in gives.now


def _when(found: Benefit, held: list[Holding], now: datetime, language: str) -> str:
    """As it is for the reader's own card: an edition may have taken it away before its own last day."""
    if not any(_counts(one.gives, found) for one in held):
        for ended in (over for one in held if one.gives for over in one.gives.ended):
            if ended.benefit == found:
                return ended_words(ended, now, language)
    return when_words(found, now, language)
