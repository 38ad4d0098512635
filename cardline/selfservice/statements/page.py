"""One statement as a page: where it stands today, and every line of its cycle with the way to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse

from cardline.cards.statements import BilledAccount, due_of, lines_of, statements_of
from cardline.issuer.core import Due, Statement, Transaction
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor
from cardline.selfservice.statements.parts import Summary, found, posted_on, summary
from cardline.selfservice.statements.words import Standing, name_of, standing_of
from cardline.selfservice.transaction_words import BY_CARD, is_disputed, kind_name
from cardline.selfservice.transactions_page import TransactionRow, row_of

LINES_SHOWN = 300


@dataclass(frozen=True, slots=True)
class StatementPage:
    """lines: the oldest first. rest: the address of those that follow, "" after the last. is_rest: others come before.

    anything_disputed: among the lines shown.
    """

    summary: Summary
    standing: Standing
    lines: tuple[TransactionRow, ...]
    rest: str
    is_rest: bool
    anything_disputed: bool


def statement_page(actor: Actor, token: str, after: str, now: datetime, language: str) -> StatementPage:
    """after: where its lines go on. Raises NotThere, and CoreUnknown."""
    statement, billed = found(actor, token)
    lines, rest = lines_of(actor, token, after=after, most=LINES_SHOWN)
    today = now.astimezone(current_profile().zone).date()
    return StatementPage(
        summary=summary(statement, billed, language),
        standing=standing_of(statement, _due_if_newest(actor, statement), today, language),
        lines=tuple(_row(line, billed, language) for line in lines),
        rest=f"{reverse('statement', args=[token])}?{urlencode({'after': rest})}" if rest else "",
        is_rest=bool(after),
        anything_disputed=any(map(is_disputed, lines)),
    )


def _row(line: Transaction, billed: BilledAccount, language: str) -> TransactionRow:
    """As in the list of transactions, but by the day of its posting, and named by what it is where nobody charged."""
    row = row_of(line, language, several_cards=billed.several_cards, day=posted_on(line, language))
    tags = row.tags if line.kind in BY_CARD else tuple(tag for tag in row.tags if tag != kind_name(line.kind))
    return replace(row, merchant=name_of(line), tags=tags)


def _due_if_newest(actor: Actor, statement: Statement) -> Due | None:
    """What is due is said of an account's newest statement alone; what was left of the others stands on it."""
    newest = statements_of(actor, statement.account, most=1).items
    return due_of(actor, statement.account) if newest and newest[0].token == statement.token else None
