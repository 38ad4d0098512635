"""Transactions as a file for a spreadsheet: comma-separated, UTF-8 with its mark, and nothing that calculates."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from cardline.cards.queries import transactions_of
from cardline.issuer.core import MOST, Transaction, TransactionState, Which
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor
from cardline.kit.safe_text import csv_cell, file_name
from cardline.selfservice.transaction_words import BY_CARD, day_there, how_paid, kind_name

MOST_ROWS = 10_000
MARK = "\ufeff"  # tells a spreadsheet that the letters are UTF-8


def transactions_file(actor: Actor, which: Which) -> tuple[str, str]:
    """(name, content): everything asked for, newest first, at most 10,000 lines.

    Made whole before anything of it is sent: a core that falls silent half way must not leave half a file that looks
    like all of it. Raises NotThere, and CoreUnknown.
    """
    charges = list(_all(actor, which))
    return _name(charges, current_profile().zone), as_file(charges)


def as_file(charges: Iterable[Transaction]) -> str:
    """A line for each, in the order in which they come, under a line of headings."""
    zone = current_profile().zone
    written = io.StringIO(newline="")
    cells = csv.writer(written, quoting=csv.QUOTE_ALL)
    cells.writerow(_head())
    cells.writerows(_cells(charge, zone) for charge in charges)
    return MARK + written.getvalue()


def _all(actor: Actor, which: Which) -> Iterator[Transaction]:
    after, left = "", MOST_ROWS
    while left:
        page = transactions_of(actor, which, after=after, most=min(left, MOST))
        yield from page.items
        left -= len(page.items)
        after = page.next
        if not after:
            return


def _head() -> tuple[str, ...]:
    return (
        _("Date"),
        _("Posted"),
        _("Merchant"),
        _("Place"),
        _("Kind"),
        _("State"),
        _("How it was paid"),
        _("Card ending"),
        _("Card member"),
        _("Amount"),
        _("Currency"),
    )


def _cells(charge: Transaction, zone: ZoneInfo) -> tuple[str, ...]:
    by_card = charge.kind in BY_CARD
    return (
        day_there(charge.at, zone),
        day_there(charge.posted_at, zone) if charge.posted_at else "",
        csv_cell(charge.merchant),
        csv_cell(charge.place),
        kind_name(charge.kind),
        _("Pending") if charge.state == TransactionState.PENDING else _("Posted"),
        how_paid(charge),
        charge.last4 if by_card else "",
        csv_cell(charge.holder) if by_card else "",
        f"{charge.amount.amount:f}",  # ours, and a number: a minus in front of it is one
        charge.amount.currency,
    )


def _name(charges: list[Transaction], zone: ZoneInfo) -> str:
    """With the first and the last day in it: transactions-2026-09-24-2026-11-23.csv."""
    days = [day_there(charges[-1].at, zone), day_there(charges[0].at, zone)] if charges else []
    return file_name("-".join([_("transactions"), *days]) + ".csv")
