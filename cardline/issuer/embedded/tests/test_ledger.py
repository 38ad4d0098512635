"""Double entry: what does not add up is not booked, and nothing is booked twice."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cardline.issuer.embedded.ledger import (
    POINTS,
    Draft,
    Entry,
    Unbalanced,
    balance,
    move,
    post,
    post_all,
    wrong_books,
    wrong_postings,
)
from cardline.issuer.embedded.models import Book, Line, Posting
from cardline.issuer.embedded.tests.world import inside
from cardline.kit.writer import SwallowedError

NOW = datetime(2026, 3, 3, 17, 0, tzinfo=UTC)
MINE = "receivable:7"

pytestmark = pytest.mark.django_db


def booked(*entries: Entry, key: str = "k") -> Posting:
    return inside(lambda: post("test", entries, at=NOW, key=key))


def test_a_posting_moves_both_books() -> None:
    booked(*move(MINE, "merchants", 4_820, "USD"))
    assert (balance(MINE, "USD"), balance("merchants", "USD")) == (4_820, -4_820)
    assert balance(MINE, "EUR") == balance("bank", "USD") == 0


def test_each_unit_has_to_add_up_for_itself() -> None:
    with pytest.raises(Unbalanced):
        booked(Entry(MINE, 500, "USD"), Entry("points:7", -500, POINTS))
    booked(*move("goodwill", MINE, 500, "USD"), *move("points:7", "points_issued", 1_000, POINTS))
    assert (balance(MINE, "USD"), balance("points:7", POINTS)) == (-500, 1_000)


@pytest.mark.parametrize(
    "entries",
    [[], [Entry(MINE, 0, "USD")], [Entry(MINE, 1, "USD")], [Entry(MINE, 5, "USD"), Entry("bank", -4, "USD")]],
)
def test_what_moves_nothing_or_does_not_add_up_is_refused(entries: list[Entry]) -> None:
    with pytest.raises(Unbalanced):
        booked(*entries)
    assert not Posting.objects.exists()


def test_a_key_books_once() -> None:
    booked(*move(MINE, "merchants", 100, "USD"))
    with pytest.raises(IntegrityError):
        booked(*move(MINE, "merchants", 100, "USD"))
    assert balance(MINE, "USD") == 100


def test_half_a_posting_is_never_saved() -> None:
    """Whoever catches the error of a key that was booked before loses the whole command."""
    booked(*move(MINE, "merchants", 100, "USD"))

    def careless() -> None:
        with suppress(IntegrityError):
            post("test", move(MINE, "bank", 50, "USD"), at=NOW, key="k")

    with pytest.raises(SwallowedError):
        inside(careless)
    assert (balance(MINE, "USD"), wrong_books(), wrong_postings()) == (100, [], [])


def test_one_wrong_posting_among_many_books_none() -> None:
    good = Draft("test", move(MINE, "merchants", 100, "USD"), NOW, "good")
    wrong = Draft("test", [Entry(MINE, 1, "USD")], NOW, "wrong")
    with pytest.raises(Unbalanced):
        inside(lambda: post_all([good, wrong]))
    assert not Posting.objects.exists()


def test_outside_a_command_nothing_is_booked() -> None:
    with pytest.raises(RuntimeError, match="outside a command"):
        post("test", move(MINE, "merchants", 1, "USD"), at=NOW, key="k")


def test_a_falsified_book_and_a_falsified_line_are_found() -> None:
    posting = booked(*move(MINE, "merchants", 100, "USD"))
    assert (wrong_books(), wrong_postings()) == ([], [])
    Book.objects.filter(name=MINE).update(balance_minor=99)
    assert wrong_books() == ["receivable:7 USD"]
    Line.objects.filter(posting=posting, amount_minor=100).update(amount_minor=99)
    assert (wrong_books(), wrong_postings()) == ([], [posting.pk])


BOOKS = st.sampled_from(["receivable:1", "receivable:2", "points:1", "merchants", "bank", "fees"])
MOVES = st.lists(
    st.tuples(BOOKS, BOOKS, st.integers(-(10**12), 10**12), st.sampled_from(["USD", "JPY", POINTS])),
    max_size=6,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(MOVES, max_size=8))
def test_whatever_is_posted_every_book_is_the_sum_of_its_lines(
    batch: list[list[tuple[str, str, int, str]]],
) -> None:
    """One by one and all together, booked or refused: the same balances, and nothing is lost or made."""
    for table in (Line, Posting, Book):
        table.objects.all().delete()
    drafts = [
        Draft("test", [entry for one in moves for entry in move(*one)], NOW, f"key {number}")
        for number, moves in enumerate(batch)
    ]
    drafts = [draft for draft in drafts if any(entry.amount_minor for entry in draft.entries)]
    expected: dict[tuple[str, str], int] = {}
    for entry in (entry for draft in drafts for entry in draft.entries):
        place = (entry.book, entry.unit)
        expected[place] = expected.get(place, 0) + entry.amount_minor
    half = len(drafts) // 2
    inside(lambda: post_all(drafts[:half]))
    for draft in drafts[half:]:
        inside(lambda draft=draft: post(draft.kind, draft.entries, at=NOW, key=draft.key))  # type: ignore[misc]
    assert {place: balance(*place) for place in expected} == expected
    assert (wrong_books(), wrong_postings()) == ([], [])
