"""Double entry: every posting's lines add up to nothing in each unit, and each posting happens once.

Books of one account, with its id behind a colon: "receivable:7" (what its holders owe us) and "points:7" (what we owe
in points, as a credit). Books of the house: "merchants", "bank" (payments on their way in), "fees", "interest",
"goodwill", "provisional" (credits while disputes are looked into) and "points_issued". A debit is positive: a purchase
debits the receivable and credits merchants.

An account's books carry their balance. Those of the house do not: they take part in nearly every posting, and a
balance in one row would make all commands on PostgreSQL wait for each other; what stands in them is counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import F, Sum
from django.db.transaction import mark_for_rollback_on_error

from cardline.issuer.embedded.models import Account, Book, Line, Posting
from cardline.kit import sql
from cardline.kit.commands import executing

POINTS = "PTS"

# Statements of our own, because a purchase, its points and its balance are a dozen of them (docs/performance.md).
_MOVE = (
    "INSERT INTO embedded_core_book (name, unit, balance_minor) VALUES (%s, %s, %s) ON CONFLICT (name, unit)"
    " DO UPDATE SET balance_minor = embedded_core_book.balance_minor + excluded.balance_minor RETURNING id"
)
_FIND = "SELECT id FROM embedded_core_book WHERE name = %s AND unit = %s"
_OPEN = "INSERT INTO embedded_core_book (name, unit, balance_minor) VALUES (%s, %s, 0) ON CONFLICT DO NOTHING"
_POST = "INSERT INTO embedded_core_posting (key, kind, at) VALUES (%s, %s, %s) RETURNING id"
_LINE = "INSERT INTO embedded_core_line (posting_id, book_id, amount_minor) VALUES (%s, %s, %s)"


class Unbalanced(Exception):
    """A posting that does not add up was asked for: a mistake of ours, and nothing was booked."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One side of a posting. amount_minor: a debit is positive. unit: a currency, or PTS."""

    book: str
    amount_minor: int
    unit: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A posting that is to be booked. key: what makes it happen once."""

    kind: str
    entries: Sequence[Entry]
    at: datetime
    key: str


def receivable(account_id: int) -> str:
    return f"receivable:{account_id}"


def points_of(account_id: int) -> str:
    return f"points:{account_id}"


def move(debit: str, credit: str, amount_minor: int, unit: str) -> list[Entry]:
    """The two sides of a simple posting; a negative amount moves the other way."""
    return [Entry(debit, amount_minor, unit), Entry(credit, -amount_minor, unit)]


def post(kind: str, entries: Iterable[Entry], *, at: datetime, key: str) -> Posting:
    """Book it, inside a command. Raises Unbalanced, and IntegrityError for a key that was booked before."""
    return post_all([Draft(kind, list(entries), at, key)])[0]


def post_all(drafts: Sequence[Draft]) -> list[Posting]:
    """Book them all, in their order, or none of them. Raises what `post` raises."""
    executing()
    lines = [_balanced(draft) for draft in drafts]
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for entry in (entry for entries in lines for entry in entries):
        sums[entry.book, entry.unit] += entry.amount_minor
    lock_accounts(_account_of(book) for book, _ in sums if _is_of_account(book))
    # Whoever catches an error in here without a savepoint would save half a posting: the command is refused then.
    with mark_for_rollback_on_error(DEFAULT_DB_ALIAS):
        books = {book: _moved(*book, amount) for book, amount in sorted(sums.items())}
        if len(drafts) > 1 and connection.vendor == "postgresql":
            return _written_together(drafts, lines, books)
        return [_written(draft, entries, books) for draft, entries in zip(drafts, lines, strict=True)]


def lock_accounts(account_ids: Iterable[int]) -> None:
    """One command after another on the same account, until this one commits.

    Whoever reads a balance to decide by it takes this lock first. It also keeps two commands that touch an account's
    books in different order from waiting for each other for ever. SQLite has one writer and needs none of it.
    """
    if connection.features.has_select_for_update:
        wanted = Account.objects.filter(pk__in=set(account_ids)).order_by("pk")
        list(wanted.select_for_update(no_key=True).values_list("pk"))


def balance(book: str, unit: str) -> int:
    """What stands in a book; 0 for one that was never used. A book of the house is counted line by line."""
    found = Book.objects.filter(name=book, unit=unit)
    if _is_of_account(book):
        return found.values_list("balance_minor", flat=True).first() or 0
    return found.aggregate(counted=Sum("lines__amount_minor", default=0))["counted"]


def wrong_books() -> list[str]:
    """Books of accounts whose balance is not the sum of their lines. Empty when all is well."""
    rows = Book.objects.filter(name__contains=":").annotate(counted=Sum("lines__amount_minor", default=0))
    return [f"{book.name} {book.unit}" for book in rows.exclude(counted=F("balance_minor"))]


def wrong_postings() -> list[int]:
    """Postings whose lines do not add up to nothing in some unit. Empty when all is well."""
    rows = Line.objects.values("posting", "book__unit").annotate(total=Sum("amount_minor")).exclude(total=0)
    return sorted({row["posting"] for row in rows})


def _balanced(draft: Draft) -> list[Entry]:
    """Its lines, without those that move nothing."""
    lines = [entry for entry in draft.entries if entry.amount_minor]
    sums: dict[str, int] = defaultdict(int)
    for entry in lines:
        sums[entry.unit] += entry.amount_minor
    if not lines or any(sums.values()):
        raise Unbalanced(f"{draft.kind}: {dict(sums)}")
    return lines


def _moved(name: str, unit: str, amount_minor: int) -> int:
    """The row of a book that moves by so much, opened where this is its first time."""
    if _is_of_account(name):
        return _number(sql.row(_MOVE, [name, unit, amount_minor]))
    found = sql.row(_FIND, [name, unit])
    if found is None:
        # Somebody else may open the same book meanwhile: theirs is as good as ours.
        sql.run(_OPEN, [name, unit])
        found = sql.row(_FIND, [name, unit])
    return _number(found)


def _written(draft: Draft, lines: Sequence[Entry], books: Mapping[tuple[str, str], int]) -> Posting:
    number = _number(sql.row(_POST, [draft.key, draft.kind, sql.moment(draft.at)]))
    for entry in lines:
        sql.run(_LINE, [number, books[entry.book, entry.unit], entry.amount_minor])
    return Posting.from_db(
        DEFAULT_DB_ALIAS, ["id", "key", "kind", "at"], [number, draft.key, draft.kind, draft.at]
    )


def _written_together(
    drafts: Sequence[Draft], lines: Sequence[Sequence[Entry]], books: Mapping[tuple[str, str], int]
) -> list[Posting]:
    """The same where each statement is a journey to the server and back: two for all of them."""
    postings = Posting.objects.bulk_create(
        Posting(key=draft.key, kind=draft.kind, at=draft.at) for draft in drafts
    )
    Line.objects.bulk_create(
        Line(posting=posting, book_id=books[entry.book, entry.unit], amount_minor=entry.amount_minor)
        for posting, entries in zip(postings, lines, strict=True)
        for entry in entries
    )
    return postings


def _number(found: tuple[Any, ...] | None) -> int:
    assert found is not None
    return int(found[0])


def _is_of_account(book: str) -> bool:
    return ":" in book


def _account_of(book: str) -> int:
    return int(book.partition(":")[2])
