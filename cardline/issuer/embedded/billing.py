"""Statements and what is due; with payments, autopay and bank accounts the billing of the embedded core."""

from __future__ import annotations

from datetime import date

from cardline.clocks.calendars import CalendarEnds
from cardline.clocks.days import DAY
from cardline.issuer import core
from cardline.issuer.core import Kind
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.autopay import EmbeddedAutopay
from cardline.issuer.embedded.banking import EmbeddedBanking
from cardline.issuer.embedded.booking import balance_of
from cardline.issuer.embedded.cycle import next_closing
from cardline.issuer.embedded.lists import one_after_the_other
from cardline.issuer.embedded.movements import readable, transaction
from cardline.issuer.embedded.owed import Left, disputed_now, last_statement, left_of
from cardline.issuer.embedded.payments import EmbeddedPayments
from cardline.issuer.embedded.shared import account_held_by, day_of, page
from cardline.issuer.profile import current_profile
from cardline.kit import clock
from cardline.kit.money import Money

AT_THE_END = (Kind.FEE, Kind.INTEREST)


class EmbeddedBilling(EmbeddedBanking, EmbeddedPayments, EmbeddedAutopay):
    """See cardline.issuer.core.protocol.Billing for units and errors. Changes belong inside a command."""

    def statements(
        self, customer: str, account: str, *, after: str = "", most: int = 24
    ) -> core.Page[core.Statement]:
        found = _statements().filter(account=account_held_by(customer, account))
        return page(found, ("-closed_on", "-id"), after, most, _statement)

    def statement(self, customer: str, token: str) -> core.Statement:
        return _statement(_statement_of(customer, token))

    def statement_lines(
        self, customer: str, token: str, *, after: str = "", most: int = 50
    ) -> core.Page[core.Transaction]:
        billed = readable(rows.Transaction.objects.filter(statement=_statement_of(customer, token)))
        order = ("posted_at", "id")
        lists = (
            (billed.exclude(kind__in=AT_THE_END), order),
            (billed.filter(kind__in=AT_THE_END), order),
        )
        return one_after_the_other(lists, after, most, transaction)

    def due(self, customer: str, account: str) -> core.Due:
        row = account_held_by(customer, account)
        statement = last_statement(row)
        left = left_of(statement) if statement else Left(0, 0)
        return core.Due(
            account=row.token,
            statement=Money(left.statement, row.currency),
            minimum=Money(left.minimum, row.currency),
            balance=Money(balance_of(row), row.currency),
            disputed=Money(disputed_now(row), row.currency),
            on=statement.due_on if statement else None,
            closes_on=_closes_on(row, statement),
        )


def _closes_on(account: rows.Account, last: rows.Statement | None) -> date | None:
    """None beyond the last year of the issuer's calendar."""
    today = day_of(clock.now())
    closed = max(last.closed_on, today - DAY) if last else today - DAY
    try:
        return next_closing(account.closing_day, closed, current_profile().calendar)
    except CalendarEnds:
        return None


def _statement_of(customer: str, token: str) -> rows.Statement:
    found = _statements().filter(account__holders__customer__number=customer, token=token).first()
    if found is None:
        raise core.CoreNotFound(token)
    return found


def _statements() -> rows.models.QuerySet[rows.Statement]:
    return rows.Statement.objects.select_related("account")


def _statement(row: rows.Statement) -> core.Statement:
    currency = row.account.currency
    return core.Statement(
        token=row.token,
        account=row.account.token,
        opened_on=row.opened_on,
        closed_on=row.closed_on,
        due_on=row.due_on,
        opening=Money(row.opening_minor, currency),
        purchases=Money(row.purchases_minor, currency),
        fees=Money(row.fees_minor, currency),
        interest=Money(row.interest_minor, currency),
        payments=Money(row.payments_minor, currency),
        credits=Money(row.credits_minor, currency),
        closing=Money(row.closing_minor, currency),
        minimum_due=Money(row.minimum_minor, currency),
        paid_in_full=row.paid_in_full,
    )
