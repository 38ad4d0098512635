"""The cards of a program for a spreadsheet: what the page shows, and nothing that calculates."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from cardline.cards.programs.queries import EmployeeCard
from cardline.kit.money import Money
from cardline.kit.safe_text import csv_cell, file_name
from cardline.selfservice.card_words import state_word
from cardline.selfservice.transactions_file import MARK


def program_file(cards: Iterable[EmployeeCard], today: date) -> tuple[str, str]:
    """(name, content): a line for each card, in the order of the page, under a line of headings."""
    written = io.StringIO(newline="")
    cells = csv.writer(written, quoting=csv.QUOTE_ALL)
    cells.writerow(_head())
    cells.writerows(_cells(card) for card in cards)
    return file_name(f"{_('company-cards')}-{today.isoformat()}.csv"), MARK + written.getvalue()


def _head() -> tuple[str, ...]:
    return (
        _("Company"),
        _("Card member"),
        _("Card ending"),
        _("State"),
        _("Limit for a cycle"),
        _("Spent this cycle"),
        _("Currency"),
        _("Cycle from"),
        _("Cycle to"),
    )


def _cells(card: EmployeeCard) -> tuple[str, ...]:
    spending = card.spending
    return (
        csv_cell(card.program.company.name),
        csv_cell(card.name),
        card.card.last4,
        state_word(card.card.state),
        _amount(spending.limit) if spending else "",
        _amount(spending.spent) if spending else "",
        spending.spent.currency if spending else "",
        spending.since.isoformat() if spending else "",
        spending.until.isoformat() if spending else "",
    )


def _amount(amount: Money | None) -> str:
    return "" if amount is None else f"{amount.amount:f}"
