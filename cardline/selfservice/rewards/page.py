"""A member's points: how many, what they are worth, what ends next, and where they came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.urls import reverse

from cardline.cards.queries import AccountSummary, cards_of
from cardline.issuer.core import RewardsEntry
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor
from cardline.kit.dates import say_date
from cardline.kit.refusals import NotThere
from cardline.rewards.queries import Purse, accounts_with_points, points_history, purse_of
from cardline.rewards.rules import most_of
from cardline.selfservice.card_words import card_name
from cardline.selfservice.rewards.words import (
    below_nothing,
    expiry_words,
    line_words,
    rate_words,
    reach_words,
    signed,
)
from cardline.ui.points import option_name, say_points
from cardline.ui.shapes import NeedRow

SOON = timedelta(days=60)  # points that end so soon are worth a notice
OPTION_ICONS = {"statement_credit": "pay", "gift_card": "reward"}


@dataclass(frozen=True, slots=True)
class AccountChoice:
    name: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class TooDear:
    """An option the points do not suffice for yet."""

    name: str
    line: str


@dataclass(frozen=True, slots=True)
class PointsLine:
    """url: the charge behind it, "" where there is none."""

    what: str
    day: str
    points: str
    url: str


@dataclass(frozen=True, slots=True)
class NotYours:
    """Why this member sees no points. is_additional: the account is somebody else's, and so are its points."""

    is_additional: bool


@dataclass(frozen=True, slots=True)
class RewardsPage:
    """account: the core's word for it. collects: whether it is in the programme. balance: "12,500 points".

    below, ends: a sentence each, "" for nothing to say; ends_soon: not to be overlooked. options: ways to use points,
    each leading on; too_dear: those that want more of them. older, newest: addresses, "" for none.
    """

    account: str
    accounts: tuple[AccountChoice, ...]
    collects: bool
    balance: str
    below: str
    ends: str
    ends_soon: bool
    options: tuple[NeedRow, ...]
    too_dear: tuple[TooDear, ...]
    rates: tuple[tuple[str, str], ...]
    lines: tuple[PointsLine, ...]
    older: str
    newest: str


def rewards_page(
    actor: Actor, account: str, after: str, now: datetime, language: str
) -> RewardsPage | NotYours:
    """account: one of theirs, "" for the oldest. Raises NotThere, and CoreUnknown."""
    accounts = accounts_with_points(actor)
    if not accounts:
        return not_yours(actor)
    purse = purse_of(actor, chosen(accounts, account))
    history = points_history(actor, purse.account, after=after)
    held = purse.rewards.points
    return RewardsPage(
        account=purse.account,
        accounts=account_choices("rewards", accounts, purse.account),
        collects=bool(purse.options or history.items or held),
        balance=say_points(held, language),
        below=below_nothing(held, language),
        ends=expiry_words(purse.rewards, now, language),
        ends_soon=_is_soon(purse.rewards.expires_on, now),
        options=option_rows(purse, language),
        too_dear=too_dear(purse, language),
        rates=tuple((option_name(option.id), rate_words(option, language)) for option in purse.options),
        lines=tuple(points_line(line, now, language) for line in history.items),
        older=_address("rewards", account=purse.account, after=history.next) if history.next else "",
        newest=_address("rewards", account=purse.account) if after else "",
    )


def not_yours(actor: Actor) -> NotYours:
    return NotYours(is_additional=bool(cards_of(actor)))


def chosen(accounts: Sequence[AccountSummary], wanted: str) -> AccountSummary:
    """The account an address names, the oldest where it names none. Raises NotThere."""
    if not wanted:
        return accounts[0]
    found = next((one for one in accounts if one.account.token == wanted), None)
    if found is None:
        raise NotThere()
    return found


def account_choices(page: str, accounts: Sequence[AccountSummary], current: str) -> tuple[AccountChoice, ...]:
    """Nothing to choose where there is one only."""
    if len(accounts) == 1:
        return ()
    return tuple(
        AccountChoice(
            name=" · ".join([one.account.product, *(card_name(card.last4) for card in one.cards[:1])]),
            url=_address(page, account=one.account.token),
            current=one.account.token == current,
        )
        for one in accounts
    )


def option_rows(purse: Purse, language: str) -> tuple[NeedRow, ...]:
    held = purse.rewards.points
    return tuple(
        NeedRow(
            OPTION_ICONS.get(option.id, "reward"),
            option_name(option.id),
            reach_words(option, held, language),
            _address("rewards_redeem", account=purse.account, option=option.id),
        )
        for option in purse.options
        if most_of(option, held)
    )


def too_dear(purse: Purse, language: str) -> tuple[TooDear, ...]:
    held = purse.rewards.points
    return tuple(
        TooDear(option_name(option.id), reach_words(option, held, language))
        for option in purse.options
        if not most_of(option, held)
    )


def points_line(line: RewardsEntry, now: datetime, language: str) -> PointsLine:
    zone = current_profile().zone
    return PointsLine(
        what=line_words(line),
        day=say_date(line.at.astimezone(zone).date(), language, now),
        points=signed(line.points, language),
        url=reverse("transaction", args=[line.transaction]) if line.transaction else "",
    )


def _is_soon(day: date | None, now: datetime) -> bool:
    return day is not None and day < (now + SOON).date()


def _address(name: str, **query: str) -> str:
    return f"{reverse(name)}?{urlencode(query)}"
