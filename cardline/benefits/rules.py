"""Which edition of a product an account has, and what of it counts today. Pure; days are those of the issuer's zone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cardline.issuer.profile import Benefit, Edition, Product

CHANGE_TOLD = timedelta(days=90)
ENDED_SHOWN = timedelta(days=365)  # what was covered before the end can still be claimed for a while
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Ended:
    """A benefit that is over. last_day: the last one on which it counted."""

    benefit: Benefit
    last_day: date


@dataclass(frozen=True, slots=True)
class Included:
    """What an account includes: today, from a later day on, and not any more."""

    now: tuple[Benefit, ...]
    later: tuple[Benefit, ...]
    ended: tuple[Ended, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.now or self.later or self.ended)


def edition_of(product: Product, *, opened_on: date, named: str, today: date) -> Edition | None:
    """The edition an account has. named: as the card core says, "" where it says none.

    None where the profile does not know it: another edition's benefits would be a promise nobody made.
    """
    if named:
        return next((edition for edition in product.editions if edition.id == named), None)
    return next((one for one in reversed(product.editions) if _reaches(one, opened_on, today)), None)


def editions_possible(product: Product, today: date) -> tuple[Edition, ...]:
    """The editions that some account of this product may have: all since the last one that reached everybody."""
    reached_all = [
        place for place, edition in enumerate(product.editions) if _reaches(edition, date.min, today)
    ]
    sold = [edition for edition in product.editions if edition.opened_from <= today]
    return tuple(sold[max(reached_all, default=0) :])


def edition_sold(product: Product, today: date) -> Edition | None:
    """What somebody gets who opens an account today."""
    return edition_of(product, opened_on=today, named="", today=today)


def edition_before(product: Product, edition: Edition, opened_on: date) -> Edition | None:
    """What this account had before an edition reached it; None where it has it since it was opened."""
    if edition.for_all_from is None or opened_on >= edition.opened_from:
        return None
    return edition_of(product, opened_on=opened_on, named="", today=edition.for_all_from - A_DAY)


def changed_lately(edition: Edition, before: Edition | None, today: date) -> date | None:
    """The day an account's edition changed, where that is news still."""
    if before is None or edition.for_all_from is None:
        return None
    return (
        edition.for_all_from if edition.for_all_from <= today <= edition.for_all_from + CHANGE_TOLD else None
    )


def included(
    benefits: Mapping[str, Benefit], edition: Edition, before: Edition | None, today: date
) -> Included:
    """What an edition gives, with what the one before gave and it does not."""
    taken_away: list[Ended] = []
    if before is not None and edition.for_all_from is not None:
        last_day = edition.for_all_from - A_DAY
        gone = [benefits[one] for one in before.benefits if one not in edition.benefits]
        taken_away = [Ended(one, min(last_day, one.valid_until or last_day)) for one in gone]
    return _by_day([benefits[one] for one in edition.benefits], taken_away, today)


def in_all(benefits: Mapping[str, Benefit], editions: Sequence[Edition], today: date) -> Included:
    """What every one of these editions gives: all that can be said where it is not known which one it is."""
    shared = [one for one in editions[0].benefits if all(one in edition.benefits for edition in editions)]
    return _by_day([benefits[one] for one in shared], [], today)


def counts_on(benefit: Benefit, day: date) -> bool:
    return (benefit.valid_from or date.min) <= day <= (benefit.valid_until or date.max)


def _reaches(edition: Edition, opened_on: date, today: date) -> bool:
    """Whether an account opened on that day has at least this edition today."""
    is_for_all = edition.for_all_from is not None and edition.for_all_from <= today
    return edition.opened_from <= opened_on or is_for_all


def _by_day(listed: Sequence[Benefit], taken_away: Sequence[Ended], today: date) -> Included:
    over = [Ended(one, one.valid_until) for one in listed if one.valid_until and one.valid_until < today]
    return Included(
        now=tuple(one for one in listed if counts_on(one, today)),
        later=tuple(one for one in listed if one.valid_from and one.valid_from > today),
        ended=tuple(one for one in (*over, *taken_away) if today - one.last_day <= ENDED_SHOWN),
    )
