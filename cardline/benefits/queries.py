"""Questions about what cards include. What somebody holds starts from whom the actor may see; the rest is public."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from cardline.benefits.rules import (
    Included,
    changed_lately,
    edition_before,
    edition_of,
    edition_sold,
    editions_possible,
    in_all,
    included,
)
from cardline.cards.visibility import member_seen_by
from cardline.clocks.local import local_date
from cardline.issuer.core import Account, Card, CardState, current_core
from cardline.issuer.profile import Benefit, Edition, Product, current_profile
from cardline.kit.actors import Actor
from cardline.kit.refusals import NotThere


@dataclass(frozen=True, slots=True)
class Holding:
    """Cards with the same benefits: of one account, or one card on somebody else's.

    product: None where the profile says nothing of it; name: what the core calls it. edition: "" where it is not known
    which one the account has. gives: None where nothing can be said. changed_on: the day its edition changed, where
    that is news still; changes: what changed then. is_whole: False where the account's holder may have more.
    """

    product: Product | None
    name: str
    last4s: tuple[str, ...]
    edition: str
    gives: Included | None
    changed_on: date | None = None
    changes: str = ""
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Sold:
    """A product as it is sold today, and what it gives."""

    product: Product
    gives: Included


def benefits_of(actor: Actor, now: datetime, language: str, member_id: int | None = None) -> list[Holding]:
    """What the member's cards include, their own accounts first. A closed card includes nothing. member_id: for a
    colleague.

    Raises NotThere, CoreUnknown.
    """
    member = member_seen_by(actor, member_id)
    core, today = current_core(), _today(now)
    accounts = core.accounts(member.core_customer)
    cards = [card for card in core.cards(member.core_customer) if card.state != CardState.CLOSED]
    held = {account.token for account in accounts}
    own = [
        _of_account(account, on_it, today, language)
        for account in accounts
        if (on_it := [card for card in cards if card.account == account.token])
    ]
    return own + [_of_card(card, today) for card in cards if card.account not in held]


def sold_now(now: datetime) -> list[Sold]:
    """Every product somebody can have today, in the profile's order."""
    return [
        found for product in current_profile().products.values() if (found := _sold(product, _today(now)))
    ]


def sold_product(product_id: str, now: datetime) -> Sold:
    """One of them. Raises NotThere."""
    product = current_profile().products.get(product_id)
    found = _sold(product, _today(now)) if product else None
    if found is None:
        raise NotThere()
    return found


def benefit(benefit_id: str) -> Benefit:
    """A benefit as the issuer describes it: nothing of it is about anybody. Raises NotThere."""
    found = current_profile().benefits.get(benefit_id)
    if found is None:
        raise NotThere()
    return found


def _of_account(account: Account, cards: list[Card], today: date, language: str) -> Holding:
    product = current_profile().product_named(account.product)
    last4s = tuple(card.last4 for card in cards)
    opened_on = local_date(account.opened_at, current_profile().zone)
    edition = (
        edition_of(product, opened_on=opened_on, named=account.version, today=today) if product else None
    )
    if product is None or edition is None:
        return Holding(product, account.product, last4s, "", None)
    before = edition_before(product, edition, opened_on)
    changed_on = changed_lately(edition, before, today)
    return Holding(
        product=product,
        name=product.name,
        last4s=last4s,
        edition=edition.id,
        gives=included(current_profile().benefits, edition, before, today),
        changed_on=changed_on,
        changes=edition.changes.in_(language) if changed_on else "",
    )


def _of_card(card: Card, today: date) -> Holding:
    """A card on somebody else's account, whose opening day and edition only its holder sees."""
    product = current_profile().product_named(card.product)
    possible = editions_possible(product, today) if product else ()
    if product is None or not possible:
        return Holding(product, card.product, (card.last4,), "", None)
    return Holding(
        product=product,
        name=product.name,
        last4s=(card.last4,),
        edition=possible[0].id if len(possible) == 1 else "",
        gives=in_all(current_profile().benefits, possible, today),
        is_whole=_give_the_same(possible),
    )


def _give_the_same(editions: tuple[Edition, ...]) -> bool:
    return len({frozenset(edition.benefits) for edition in editions}) == 1


def _sold(product: Product, today: date) -> Sold | None:
    edition = edition_sold(product, today)
    return Sold(product, included(current_profile().benefits, edition, None, today)) if edition else None


def _today(now: datetime) -> date:
    return local_date(now, current_profile().zone)
