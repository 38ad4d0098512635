"""Long lists: every row once, in one order, whatever happens while they are read."""

from __future__ import annotations

from collections.abc import Sequence

from cardline.issuer.conformance.looking import Seen, every_row, holds
from cardline.issuer.conformance.stand import Stand
from cardline.issuer.core import MOST, CoreRefused, Transaction, Which

_BOUGHT = 7
_NONSENSE = ("nonsense", "eyJhIjoxfQ", "WyItYXQiXQ", "%00", "x" * 2_000, "é")


def every_row_comes_once_and_the_newest_first(stand: Stand) -> Seen:
    core = stand.core
    _buy(stand)
    rows = every_row(lambda after: core.transactions(stand.customer, after=after, most=3))
    yield holds(len(rows) == _BOUGHT, f"{len(rows)} rows of {_BOUGHT} came page by page")
    yield holds(len({row.token for row in rows}) == len(rows), "a row came twice")
    yield holds(
        [row.at for row in rows] == sorted((row.at for row in rows), reverse=True), "rows are out of order"
    )
    at_once = core.transactions(stand.customer, most=MOST).items
    yield holds(_tokens(rows) == _tokens(at_once), "pages are in another order than the list in one piece")
    tried = every_row(lambda after: core.authorisations(stand.customer, after=after, most=3))
    yield holds(len({row.token for row in tried}) == len(tried), "an authorisation came twice")


def a_list_may_grow_while_it_is_read(stand: Stand) -> Seen:
    core = stand.core
    _buy(stand)
    there = _tokens(core.transactions(stand.customer, most=MOST).items)
    first = core.transactions(stand.customer, most=3)
    stand.purchase("Late Kiosk", 3_00)
    again = core.transactions(stand.customer, after=first.next, most=3)
    stand.purchase("Later Kiosk", 4_00)
    rest = every_row(lambda after: core.transactions(stand.customer, after=after or first.next, most=3))
    yield holds([*_tokens(first.items), *_tokens(rest)] == there, "rows were lost or shown twice")
    yield holds(_tokens(again.items) == _tokens(rest[: len(again.items)]), "one cursor led to two places")


def a_filter_leaves_what_fits_and_nothing_else(stand: Stand) -> Seen:
    core = stand.core
    _buy(stand)
    rows = core.transactions(stand.customer, Which(text="kiosk 2")).items
    yield holds([row.merchant for row in rows] == ["Kiosk 2"], "a search by the merchant's name finds others")
    dear = core.transactions(stand.customer, Which(smallest=4_00, largest=5_00)).items
    yield holds({abs(row.amount.amount_minor) for row in dear} == {4_00, 5_00}, "so does one by the amount")
    kept = every_row(
        lambda after: core.transactions(stand.customer, Which(card=stand.card), after=after, most=2)
    )
    yield holds(len(kept) == _BOUGHT, "not every row of a card is found by the card")


def a_page_has_no_more_rows_than_were_asked_for(stand: Stand) -> Seen:
    _buy(stand)
    for most in (1, 3, MOST, 10_000):
        rows = stand.core.transactions(stand.customer, most=most).items
        yield holds(len(rows) <= min(most, MOST), f"{len(rows)} rows where {most} were asked for")


def a_cursor_opens_nothing(stand: Stand) -> Seen:
    """Made up, or of another list: refused, or no more than a place in the caller's own list."""
    core = stand.core
    _buy(stand)
    own = set(_tokens(core.transactions(stand.stranger, most=MOST).items))
    for cursor in (*_NONSENSE, core.transactions(stand.customer, most=3).next):
        try:
            rows = core.transactions(stand.stranger, after=cursor).items
        except CoreRefused:
            yield ""
        else:
            yield holds(set(_tokens(rows)) <= own, "a cursor leads into another customer's list")


def _buy(stand: Stand) -> None:
    for number in range(_BOUGHT):
        stand.purchase(f"Kiosk {number}", 1_00 + number * 1_00)


def _tokens(rows: Sequence[Transaction]) -> list[str]:
    return [row.token for row in rows]
