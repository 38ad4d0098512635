"""What the page and the paper of a statement have in common."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from cardline.cards.statements import BilledAccount, billed_to, statement_of
from cardline.issuer.core import Statement, Transaction
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor
from cardline.kit.dates import say_full_date, say_month_day
from cardline.kit.money import format_money
from cardline.kit.refusals import NotThere
from cardline.selfservice.statements.words import (
    account_name,
    due_explained,
    interest_explained,
    minimum_explained,
    sums_of,
)
from cardline.ui.shapes import Fact


@dataclass(frozen=True, slots=True)
class Summary:
    """A statement without its lines. sums: in the order in which they add up to the balance.

    facts: when it is due, and how much. explained: due date, minimum and interest, a line each. file: the name under
    which it is kept, without its ending.
    """

    token: str
    title: str
    file: str
    account: str
    period: str
    sums: tuple[Fact, ...]
    balance: str
    facts: tuple[Fact, ...]
    explained: tuple[str, ...]


def found(actor: Actor, token: str) -> tuple[Statement, BilledAccount]:
    """Raises NotThere, and CoreUnknown."""
    statement = statement_of(actor, token)
    for billed in billed_to(actor).accounts:
        if billed.account.token == statement.account:
            return statement, billed
    raise NotThere()


def summary(statement: Statement, billed: BilledAccount, language: str) -> Summary:
    return Summary(
        token=statement.token,
        title=_("Statement of %(day)s") % {"day": say_full_date(statement.closed_on, language)},
        file=file_stem(statement),
        account=account_name(billed),
        period=_period(statement, language),
        sums=tuple(Fact(name, amount) for name, amount in sums_of(statement, language)),
        balance=format_money(statement.closing, language),
        facts=_facts(statement, language),
        explained=_explained(statement, language),
    )


def file_stem(statement: Statement) -> str:
    """With the closing day in it, so that files stand in order: statement-2026-11-20."""
    return "-".join([_("statement"), statement.closed_on.isoformat()])


def posted_on(line: Transaction, language: str) -> str:
    """The day by which a line belongs to its cycle, and by which lines are in order."""
    return say_month_day((line.posted_at or line.at).astimezone(current_profile().zone).date(), language)


def _period(statement: Statement, language: str) -> str:
    """The first day of a cycle is the one after the closing before it."""
    return _("%(first)s to %(last)s") % {
        "first": say_full_date(statement.opened_on + timedelta(days=1), language),
        "last": say_full_date(statement.closed_on, language),
    }


def _facts(statement: Statement, language: str) -> tuple[Fact, ...]:
    if statement.closing.amount_minor <= 0:
        return ()
    return (
        Fact(_("Due"), say_full_date(statement.due_on, language)),
        Fact(_("Balance"), format_money(statement.closing, language)),
        Fact(_("Minimum"), format_money(statement.minimum_due, language)),
    )


def _explained(statement: Statement, language: str) -> tuple[str, ...]:
    lines = (
        due_explained(statement, language),
        minimum_explained(statement, language),
        interest_explained(statement, language),
    )
    return tuple(filter(None, lines))
