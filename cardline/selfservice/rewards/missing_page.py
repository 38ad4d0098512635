"""Points that somebody misses: of which charge, what became of them, and the way to a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse

from cardline.cards.queries import cards_of, transaction_of, transactions_of
from cardline.issuer.core import Kind, Transaction, Which
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor
from cardline.kit.dates import say_date
from cardline.kit.money import format_money
from cardline.kit.reference import show_reference
from cardline.rewards.queries import (
    MISSING_NEED,
    accounts_with_points,
    case_about_points_of,
    points_of_charge,
    purse_of,
)
from cardline.rewards.rules import Earning, earning_of
from cardline.selfservice.rewards.page import NotYours, PointsLine, chosen, not_yours, points_line
from cardline.selfservice.rewards.words import earning_words
from cardline.selfservice.transaction_words import line_of, tags_of

CHARGES_OFFERED = 25


@dataclass(frozen=True, slots=True)
class ChargeRow:
    """The same names as in the list of transactions; the row leads to what became of its points."""

    merchant: str
    line: str
    day: str
    amount: str
    url: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WhichChargePage:
    """older, newest: addresses, "" for none. ask: where a person is told without naming a charge."""

    rows: tuple[ChargeRow, ...]
    older: str
    newest: str
    ask: str


@dataclass(frozen=True, slots=True)
class WrittenDown:
    ref: str
    subject: str


@dataclass(frozen=True, slots=True)
class ChargePointsPage:
    """explained: what became of its points. lines: as they stand in the history. ask: where a person is told, with the
    charge named. is_missing: telling is what to do now. case: where they told us before.
    """

    charge: ChargeRow
    charge_url: str
    explained: str
    lines: tuple[PointsLine, ...]
    is_missing: bool
    ask: str
    case: WrittenDown | None


def which_charge_page(actor: Actor, after: str, now: datetime, language: str) -> WhichChargePage | NotYours:
    """Raises NotThere, and CoreUnknown."""
    if not accounts_with_points(actor):
        return not_yours(actor)
    purchases = transactions_of(actor, Which(kinds=(Kind.PURCHASE,)), after=after, most=CHARGES_OFFERED)
    several = len(cards_of(actor)) > 1
    here = reverse("rewards_missing")
    return WhichChargePage(
        rows=tuple(_row(charge, now, language, several_cards=several) for charge in purchases.items),
        older=f"{here}?{urlencode({'after': purchases.next})}" if purchases.next else "",
        newest=here if after else "",
        ask=reverse("plan", args=[MISSING_NEED]),
    )


def charge_points_page(actor: Actor, token: str, now: datetime, language: str) -> ChargePointsPage | NotYours:
    """Raises NotThere for a charge that is not theirs, and CoreUnknown."""
    accounts = accounts_with_points(actor)
    charge = transaction_of(actor, token)
    if not accounts:
        return not_yours(actor)
    lines = points_of_charge(actor, charge)
    purse = purse_of(actor, chosen(accounts, charge.account))
    earning = earning_of(charge, lines, in_programme=bool(purse.options))
    case = case_about_points_of(actor, token)
    return ChargePointsPage(
        charge=_row(charge, now, language, several_cards=len(cards_of(actor)) > 1),
        charge_url=reverse("transaction", args=[token]),
        explained=earning_words(earning, sum(line.points for line in lines), language),
        lines=tuple(points_line(line, now, language) for line in lines),
        is_missing=earning == Earning.NOTHING,
        ask=f"{reverse('plan', args=[MISSING_NEED])}?{urlencode({'txn': token})}",
        case=WrittenDown(show_reference(case.ref), case.subject) if case else None,
    )


def _row(charge: Transaction, now: datetime, language: str, *, several_cards: bool) -> ChargeRow:
    zone = current_profile().zone
    return ChargeRow(
        merchant=charge.merchant,
        line=line_of(charge, several_cards=several_cards),
        day=say_date(charge.at.astimezone(zone).date(), language, now),
        amount=format_money(charge.amount, language),
        url=f"{reverse('rewards_missing')}?{urlencode({'txn': charge.token})}",
        tags=tags_of(charge),
    )
