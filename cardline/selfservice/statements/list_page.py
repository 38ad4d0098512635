"""A member's statements as a list: by account, the newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from cardline.cards.statements import BilledAccount, billed_to, due_of, statements_of
from cardline.issuer.core import Due, Statement
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor
from cardline.kit.dates import say_full_date
from cardline.kit.money import format_money
from cardline.kit.refusals import NotThere
from cardline.selfservice.statements.words import Standing, account_name, standing_of

A_YEAR = 12  # statements of one account on a page


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A statement in the list; the whole row leads to it."""

    url: str
    closed: str
    line: str
    balance: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class AccountStatements:
    """coming: when the first one is made, or the next one. older, newest: addresses, "" with nothing behind them."""

    name: str
    rows: tuple[StatementRow, ...]
    coming: str
    older: str
    newest: str


@dataclass(frozen=True, slots=True)
class StatementsPage:
    """is_additional: their card stands on the account of somebody else, who has its statements."""

    accounts: tuple[AccountStatements, ...]
    is_additional: bool
    to_pay: bool


def statements_page(actor: Actor, account: str, after: str, now: datetime, language: str) -> StatementsPage:
    """account: only that one, "" for all. after: where its page goes on. Raises NotThere, and CoreUnknown."""
    billed = billed_to(actor)
    wanted = [one for one in billed.accounts if account in ("", one.account.token)]
    if account and not wanted:
        raise NotThere()
    accounts = tuple(_account(actor, one, after if account else "", now, language) for one in wanted)
    return StatementsPage(
        accounts=accounts,
        is_additional=billed.has_cards and not billed.accounts,
        to_pay=any(row.standing.to_pay for one in accounts for row in one.rows),
    )


def _account(
    actor: Actor, billed: BilledAccount, after: str, now: datetime, language: str
) -> AccountStatements:
    token = billed.account.token
    found, due = statements_of(actor, token, after=after, most=A_YEAR), due_of(actor, token)
    newest = found.items[0] if found.items and not after else None
    today = now.astimezone(current_profile().zone).date()
    return AccountStatements(
        name=account_name(billed),
        rows=tuple(_row(one, due if one is newest else None, today, language) for one in found.items),
        coming="" if after else _coming(due.closes_on, is_first=newest is None, language=language),
        older=_address(token, found.next) if found.next else "",
        newest=_address(token) if after else "",
    )


def _row(statement: Statement, due: Due | None, today: date, language: str) -> StatementRow:
    said = {
        "due": say_full_date(statement.due_on, language),
        "minimum": format_money(statement.minimum_due, language),
    }
    owes = statement.closing.amount_minor > 0
    return StatementRow(
        url=reverse("statement", args=[statement.token]),
        closed=say_full_date(statement.closed_on, language),
        line=_("Due %(due)s, minimum %(minimum)s") % said if owes else "",
        balance=format_money(statement.closing, language),
        standing=standing_of(statement, due, today, language),
    )


def _coming(closes_on: date | None, *, is_first: bool, language: str) -> str:
    """A cycle in which nothing moved has no statement, so that none is promised for a day."""
    if closes_on is None:
        return _("Your first statement has not been made yet.") if is_first else ""
    said = {"day": say_full_date(closes_on, language)}
    if is_first:
        return _("Your first statement has not been made yet. The first cycle ends on %(day)s.") % said
    return _("The running cycle ends on %(day)s; its statement is here the day after.") % said


def _address(account: str, after: str = "") -> str:
    asked = {"account": account, **({"after": after} if after else {})}
    return f"{reverse('statements')}?{urlencode(asked)}"
