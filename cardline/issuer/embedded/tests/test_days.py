"""Days are worked off once, in order, and a standstill leaves no trace in the books."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from cardline.config import background
from cardline.issuer.core import AutopayMode, Kind
from cardline.issuer.embedded import closing, days, ledger
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.commands import DAYS_AT_ONCE, end_of_days
from cardline.issuer.embedded.shared import day_of
from cardline.issuer.embedded.tests.billed import Billed, moment
from cardline.kit import clock
from cardline.kit.actors import SYSTEM

FIRST = date(2026, 1, 10)
LAST = date(2026, 3, 25)

# 900.00 bought, 100.00 planned for 30 January, autopay of the minimum, and a bank that never has the money.
#
# February: 9 days at 900.00, 4 at 800.00, 11 at 900.00, 4 at 875.00, 3 at 925.00: 27,475.00 dollar-days, 16.5527.
# March: 24 days at 925.00, 2 at 865.58 (16.55 of 75.97 paid interest), 2 at 941.55: 25,814.26 dollar-days, 15.5522.
# Its payment is the minimum of 50.97 with the 25.00 that were due before.
BOOKS = [
    (date(2026, 1, 10), "purchase", 900_00),
    (date(2026, 1, 30), "payment", -100_00),
    (date(2026, 2, 3), "payment_returned", 100_00),
    (date(2026, 2, 14), "payment", -25_00),
    (
        date(2026, 2, 18),
        "payment_returned",
        25_00,
    ),  # after a weekend and a holiday; too late to mend by the 14th
    (date(2026, 2, 18), "fee", 25_00),
    (date(2026, 2, 20), "interest", 16_55),
    (date(2026, 3, 17), "payment", -75_97),
    (date(2026, 3, 19), "payment_returned", 75_97),
    (date(2026, 3, 20), "interest", 15_55),
]


def day_by_day(billed: Billed) -> None:
    day = FIRST
    while day <= LAST:
        billed.until(day)
        day += timedelta(1)


def at_once(billed: Billed) -> None:
    billed.until(LAST)


def again_and_again(billed: Billed) -> None:
    for day in (date(2026, 1, 31), date(2026, 2, 21), LAST, LAST):
        billed.until(day)
        assert end_of_days(by=SYSTEM, now=moment(day, 23, 59)) == 0


@pytest.mark.parametrize("walk", [day_by_day, at_once, again_and_again])
def test_however_days_are_worked_off_the_books_are_the_same(db: Any, walk: Callable[[Billed], None]) -> None:
    billed = Billed()
    billed.buys(FIRST, 900_00)
    billed.sets_autopay(FIRST, AutopayMode.MINIMUM)
    billed.pays(moment(FIRST), 100_00, date(2026, 1, 30))
    billed.bank_says("no_funds")
    walk(billed)
    lines = rows.Transaction.objects.order_by("posted_at", "id").values_list(
        "posted_at", "kind", "amount_minor"
    )
    assert [(day_of(at), kind, amount) for at, kind, amount in lines if at] == BOOKS
    assert billed.due.balance.amount_minor == sum(amount for _, _, amount in BOOKS)
    assert not ledger.wrong_books()
    assert not ledger.wrong_postings()


def test_only_days_that_have_ended_are_worked_off(db: Any) -> None:
    billed = Billed()
    billed.buys(FIRST, 900_00)
    assert end_of_days(by=SYSTEM, now=moment(FIRST, 23, 59)) == 0
    assert end_of_days(by=SYSTEM, now=moment(FIRST + timedelta(1), 0, 0)) == 1
    assert list(rows.WorkedDay.objects.values_list("day", flat=True)) == [FIRST]


def test_a_long_standstill_is_made_up_a_few_days_at_a_time(db: Any) -> None:
    Billed().buys(FIRST, 900_00)
    now = moment(FIRST + timedelta(DAYS_AT_ONCE + 3))
    assert [end_of_days(by=SYSTEM, now=now) for _ in range(3)] == [DAYS_AT_ONCE, 3, 0]


def test_nothing_is_worked_off_before_anything_moved(db: Any) -> None:
    Billed()
    assert end_of_days(by=SYSTEM, now=moment(LAST)) == 0
    assert not rows.WorkedDay.objects.exists()


def test_a_history_older_than_the_calendars_is_billed_with_the_first_cycle_they_cover(db: Any) -> None:
    billed = Billed()
    rows.Account.objects.update(opened_at=moment(date(2019, 5, 1)))
    billed.buys(date(2019, 5, 4), 10_00)
    billed.until(date(2024, 2, 21))
    assert (billed.last.opened_on, billed.last.closed_on) == (date(2019, 5, 3), date(2024, 2, 20))


def test_a_day_that_stumbles_is_undone_whole_and_tried_again(
    db: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    billed = Billed()
    billed.buys(FIRST, 900_00)
    billed.until(date(2026, 1, 20))

    def stumble(day: date) -> int:
        closing.close_cycles(day)
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(days, "close_cycles", stumble)
        with pytest.raises(RuntimeError):
            end_of_days(by=SYSTEM, now=moment(date(2026, 1, 21)))
    assert not rows.Statement.objects.exists()
    assert end_of_days(by=SYSTEM, now=moment(date(2026, 1, 21))) == 1
    assert rows.Statement.objects.count() == 1


@pytest.fixture
def round_of_background(db: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[], bool]:
    monkeypatch.setattr(background, "close_old_connections", lambda: None)  # it is the test's own
    return background.Background().one_round


def test_the_background_works_days_off_at_most_once_a_minute(round_of_background: Callable[[], bool]) -> None:
    today = day_of(clock.now())
    Billed().moves(Kind.PURCHASE, today - timedelta(3), 5_00)
    round_of_background()
    assert rows.WorkedDay.objects.count() == 3
    rows.WorkedDay.objects.filter(day=today - timedelta(1)).delete()
    round_of_background()
    assert rows.WorkedDay.objects.count() == 2


def test_the_background_does_not_wait_while_more_days_are_to_be_made_up(
    round_of_background: Callable[[], bool],
) -> None:
    today = day_of(clock.now())
    Billed().moves(Kind.PURCHASE, today - timedelta(DAYS_AT_ONCE + 2), 5_00)
    round_of_background()
    round_of_background()
    assert rows.WorkedDay.objects.count() == DAYS_AT_ONCE + 2
