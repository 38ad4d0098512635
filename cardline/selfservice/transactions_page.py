"""The list of transactions: what was asked for, day by day, newest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from cardline.cards.queries import cards_of, transactions_of
from cardline.issuer.core import Page, Transaction
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor
from cardline.kit.dates import say_date
from cardline.kit.money import format_money
from cardline.selfservice.transaction_filters import Filters
from cardline.selfservice.transaction_words import line_of, tags_of

A_PAGE = 50


@dataclass(frozen=True, slots=True)
class TransactionRow:
    """A movement in a list; the whole row leads to its page."""

    merchant: str
    line: str
    amount: str
    url: str
    tags: tuple[str, ...]
    day: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    name: str
    rows: tuple[TransactionRow, ...]


@dataclass(frozen=True, slots=True)
class TransactionsPage:
    """older, newest, file: addresses that keep what was asked for; "" where there is nothing behind them.

    is_asked: something was searched or filtered for.
    """

    filters: Filters
    days: tuple[Day, ...]
    older: str
    newest: str
    file: str
    is_asked: bool


def filters_of(actor: Actor, asked: QueryDict) -> Filters:
    """The form as it was sent, with this person's cards to choose from. Raises NotThere."""
    return Filters(asked, cards_of(actor))


def transactions_page(actor: Actor, asked: QueryDict, now: datetime, language: str) -> TransactionsPage:
    """A page of 50. What cannot be read shows nothing but why. Raises NotThere."""
    filters, after = filters_of(actor, asked), asked.get("after", "")
    found: Page[Transaction] = Page(())
    if filters.is_valid():
        which = filters.which(current_profile().zone)
        found = transactions_of(actor, which, after=after, most=A_PAGE)
    kept = filters.kept
    return TransactionsPage(
        filters=filters,
        days=days_of(found.items, now, language, several_cards=filters.has_several_cards),
        older=_address("transactions", {**kept, "after": found.next}) if found.next else "",
        newest=_address("transactions", kept) if after else "",
        file=_address("transactions_file", kept) if found.items else "",
        is_asked=bool(kept),
    )


def days_of(
    charges: Iterable[Transaction], now: datetime, language: str, *, several_cards: bool
) -> tuple[Day, ...]:
    """By the issuer's calendar, in the order they came."""
    zone = current_profile().zone
    return tuple(
        Day(
            say_date(day, language, now),
            tuple(row_of(charge, language, several_cards=several_cards) for charge in charges_of_day),
        )
        for day, charges_of_day in groupby(charges, key=lambda charge: charge.at.astimezone(zone).date())
    )


def row_of(charge: Transaction, language: str, *, several_cards: bool, day: str = "") -> TransactionRow:
    return TransactionRow(
        merchant=charge.merchant,
        line=line_of(charge, several_cards=several_cards),
        amount=format_money(charge.amount, language),
        url=reverse("transaction", args=[charge.token]),
        tags=tags_of(charge),
        day=day,
    )


def _address(name: str, query: dict[str, str]) -> str:
    return reverse(name) + (f"?{urlencode(query)}" if query else "")
