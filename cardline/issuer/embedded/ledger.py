"""Double entry: every posting's lines add up to nothing in each unit, and each posting happens once.

Books: "receivable:<account id>" (what its holders owe us), "merchants", "bank" (payments on their way in), "fees",
"interest", "goodwill", "provisional" (credits while disputes are looked into), "points:<account id>" (what we owe in
points, as a credit) and "points_issued". A debit is positive: a purchase debits the receivable and credits merchants.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Sum

from cardline.issuer.embedded.models import Book, Line, Posting
from cardline.kit.commands import executing

POINTS = "PTS"


class Unbalanced(Exception):
    """A posting that does not add up was asked for: a mistake of ours, and nothing was booked."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One side of a posting. amount_minor: a debit is positive. unit: a currency, or PTS."""

    book: str
    amount_minor: int
    unit: str


def receivable(account_id: int) -> str:
    return f"receivable:{account_id}"


def points_of(account_id: int) -> str:
    return f"points:{account_id}"


def move(debit: str, credit: str, amount_minor: int, unit: str) -> list[Entry]:
    """The two sides of a simple posting of a positive amount."""
    return [Entry(debit, amount_minor, unit), Entry(credit, -amount_minor, unit)]


def post(kind: str, entries: Iterable[Entry], *, at: datetime, key: str) -> Posting:
    """Book it, inside a command. Raises Unbalanced, and IntegrityError for a key that was booked before."""
    executing()
    lines = [entry for entry in entries if entry.amount_minor]
    sums: dict[str, int] = defaultdict(int)
    for entry in lines:
        sums[entry.unit] += entry.amount_minor
    if not lines or any(sums.values()):
        raise Unbalanced(f"{kind}: {dict(sums)}")
    posting = Posting.objects.create(key=key, kind=kind, at=at)
    # In one order always, so that two postings on PostgreSQL never wait for each other's books.
    for entry in sorted(lines, key=lambda entry: (entry.book, entry.unit)):
        book, _ = Book.objects.get_or_create(name=entry.book, unit=entry.unit)
        Book.objects.filter(pk=book.pk).update(balance_minor=F("balance_minor") + entry.amount_minor)
        Line.objects.create(posting=posting, book=book, amount_minor=entry.amount_minor)
    return posting


def balance(book: str, unit: str) -> int:
    """What stands in a book; 0 for one that was never used."""
    return Book.objects.filter(name=book, unit=unit).values_list("balance_minor", flat=True).first() or 0


def wrong_books() -> list[str]:
    """Books whose balance is not the sum of their lines. Empty when all is well."""
    rows = Book.objects.annotate(counted=Sum("lines__amount_minor", default=0)).exclude(
        counted=F("balance_minor")
    )
    return [f"{book.name} {book.unit}" for book in rows]


def wrong_postings() -> list[int]:
    """Postings whose lines do not add up to nothing in some unit. Empty when all is well."""
    rows = Line.objects.values("posting", "book__unit").annotate(total=Sum("amount_minor")).exclude(total=0)
    return sorted({row["posting"] for row in rows})
