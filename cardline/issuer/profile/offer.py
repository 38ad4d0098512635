"""What an issuer offers: cards, what each includes in which edition, and what somebody agrees to who applies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cardline.issuer.profile.reach import SOURCES
from cardline.issuer.profile.reading import Table
from cardline.issuer.profile.text import EMPTY, Text
from cardline.issuer.profile.who import PRODUCTS

LEAST_AGE = 18


@dataclass(frozen=True, slots=True)
class Benefit:
    """Something a card includes, and how it is used.

    how:         steps, in order
    channel:     where it is claimed, "" where nothing has to be claimed; phone_line: the number for it, "" for the
                 line of the card
    within:      by when it has to be claimed; papers: what to have for that
    valid_from:  first day, None for always; valid_until: last day, None for as long as the edition lasts
    version:     of the benefit's own terms, as people quote it
    """

    id: str
    name: Text
    line: Text
    covers: tuple[Text, ...]
    not_covered: tuple[Text, ...]
    how: tuple[Text, ...]
    channel: str
    phone_line: str
    within: Text
    papers: tuple[Text, ...]
    valid_from: date | None
    valid_until: date | None
    version: str
    source: str


@dataclass(frozen=True, slots=True)
class Edition:
    """A product as it is sold from a day on, with what it includes.

    opened_from:  accounts opened on that day or later have it
    for_all_from: from this day on the accounts opened before have it, too; None where they keep what they had
    changes:      what it changes for those, in a sentence
    benefits:     ids, in the order pages show them
    """

    id: str
    opened_from: date
    for_all_from: date | None
    changes: Text
    benefits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Product:
    """A card or account the issuer sells. name: as the card core calls it. editions: oldest first.

    facts: what to know before one applies. is_open: whether anybody may apply for it here.
    """

    id: str
    name: str
    kind: str
    line: Text
    facts: tuple[Text, ...]
    is_open: bool
    editions: tuple[Edition, ...]


@dataclass(frozen=True, slots=True)
class Consent:
    """A line that somebody ticks who applies; each is needed."""

    id: str
    text: Text


@dataclass(frozen=True, slots=True)
class Offer:
    """What is said wherever cards and their benefits are listed. least_age: in whole years, to apply."""

    note: Text
    least_age: int


def read_offer(table: Table) -> Offer:
    """The optional [offer] table."""
    offer = Offer(note=table.text("note", EMPTY), least_age=table.integer("least_age", LEAST_AGE))
    if not 0 < offer.least_age < 100:
        table.problem(
            "least_age", f"{offer.least_age} is no age to apply from.", "Use whole years, such as 18."
        )
    table.finish()
    return offer


def read_consent(table: Table) -> Consent:
    """One [[consents]] entry."""
    consent = Consent(id=table.string("id"), text=table.text("text"))
    table.finish()
    return consent


def read_product(table: Table) -> Product:
    """One [[products]] entry."""
    product = Product(
        id=table.string("id"),
        name=table.string("name"),
        kind=table.choice("kind", PRODUCTS),
        line=table.text("line"),
        facts=table.texts("facts"),
        is_open=table.boolean("is_open", True),
        editions=_read_editions(table),
    )
    table.finish()
    return product


def _read_editions(table: Table) -> tuple[Edition, ...]:
    entries = table.tables("editions", required=True)
    editions = [_read_edition(entry) for entry in entries]
    for entry, before, edition in zip(entries[1:], editions, editions[1:], strict=False):
        if edition.opened_from <= before.opened_from:
            entry.problem(
                "opened_from", "This edition does not begin after the one before.", "Write the oldest first."
            )
    if len({edition.id for edition in editions}) < len(editions):
        table.problem("editions", "Two editions have the same id.", "Give each its own.")
    return tuple(editions)


def _read_edition(table: Table) -> Edition:
    edition = Edition(
        id=table.string("id"),
        opened_from=table.day("opened_from") or date.min,
        for_all_from=table.day("for_all_from"),
        changes=table.text("changes", EMPTY),
        benefits=table.references("benefits", "benefit"),
    )
    if edition.for_all_from and edition.for_all_from < edition.opened_from:
        remedy = "Use the same day as opened_from or a later one."
        table.problem("for_all_from", "It reaches everybody before it is sold.", remedy)
    if edition.for_all_from and not edition.changes:
        remedy = "Add changes: what is different for those who had an earlier edition."
        table.problem("for_all_from", "Nobody is told what changes for them.", remedy)
    table.finish()
    return edition


def read_benefit(table: Table) -> Benefit:
    """One [[benefits]] entry."""
    benefit = Benefit(
        id=table.string("id"),
        name=table.text("name"),
        line=table.text("line"),
        covers=table.texts("covers"),
        not_covered=table.texts("not_covered"),
        how=table.texts("how"),
        channel=table.reference("channel", "channel", ""),
        phone_line=table.reference("phone_line", "phone line", ""),
        within=table.text("within", EMPTY),
        papers=table.texts("papers"),
        valid_from=table.day("valid_from"),
        valid_until=table.day("valid_until"),
        version=table.string("version"),
        source=table.choice("from", SOURCES, "product"),
    )
    if not benefit.how:
        table.problem("how", "Nobody is told how to use it.", "Write one or more steps.")
    if benefit.valid_from and benefit.valid_until and benefit.valid_until < benefit.valid_from:
        table.problem("valid_until", "It ends before it begins.", "Correct one of the two days.")
    table.finish()
    return benefit
