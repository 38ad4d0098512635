"""What of the core's answers is worth a line on the first page."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from cardline.issuer.core import Authorisation, Decline, Due, Outcome, Payment, PaymentKind, PaymentState
from cardline.kit.money import Money
from cardline.selfservice.account.rules import (
    declined_lately,
    is_asked_for,
    is_covered,
    payment_to_mend,
    to_come,
)

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
TODAY = NOW.date()
TOMORROW, YESTERDAY = TODAY + timedelta(days=1), TODAY - timedelta(days=1)
S = PaymentState


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def asked(days_ago: float, outcome: Outcome, merchant: str = "Cascade Air", card: str = "card_1") -> Any:
    return Authorisation(
        f"auth_{merchant[:2]}{days_ago}", card, "4471", merchant, "Online", usd(100), "online",
        NOW - timedelta(days=days_ago), outcome, Decline.OVER_LIMIT if outcome == Outcome.DECLINED else None,
    )  # fmt: skip


def due(statement: int, minimum: int, on: date | None) -> Due:
    return Due("acc_1", usd(statement), usd(minimum), usd(statement), usd(0), on)


def paid(state: PaymentState, on: date, minor: int = 100, mend_by: date | None = None) -> Payment:
    reason = "no_funds" if state == S.FAILED else ""
    return Payment(
        f"pay_{on}", "acc_1", "", "", usd(minor), PaymentKind.ONCE, state, NOW, on, reason=reason, mend_by=mend_by
    )  # fmt: skip


NO, YES = Outcome.DECLINED, Outcome.APPROVED


@pytest.mark.parametrize(
    ("newest_first", "told"),
    [
        ([], None),
        ([asked(1, YES)], None),
        ([asked(1, NO)], 0),
        ([asked(13.9, NO)], 0),
        ([asked(14.1, NO)], None),
        ([asked(1, YES), asked(2, NO)], None),  # it went through afterwards
        ([asked(1, YES, "Other Shop"), asked(2, NO)], 1),
        (
            [asked(1, YES, card="card_2"), asked(2, NO)],
            1,
        ),  # with another card, so this one is still a question
        ([asked(1, NO), asked(2, YES)], 0),
    ],
)
def test_a_declined_charge_is_told_while_it_is_news(newest_first: list[Any], told: int | None) -> None:
    assert declined_lately(newest_first, NOW) == (None if told is None else newest_first[told])


@pytest.mark.parametrize(
    ("newest_first", "told"),
    [
        ([paid(S.POSTED, YESTERDAY)], None),
        ([paid(S.FAILED, YESTERDAY, mend_by=TODAY)], 0),
        ([paid(S.FAILED, YESTERDAY, mend_by=YESTERDAY)], None),
        ([paid(S.FAILED, YESTERDAY)], 0),  # a bank that names no day
        ([paid(S.FAILED, TODAY - timedelta(days=15))], None),
        ([paid(S.SENT, TODAY), paid(S.FAILED, YESTERDAY, mend_by=TOMORROW)], None),  # mended
        ([paid(S.SCHEDULED, TOMORROW), paid(S.FAILED, YESTERDAY, mend_by=TOMORROW)], 1),
        ([paid(S.CANCELLED, TODAY), paid(S.FAILED, YESTERDAY, mend_by=TOMORROW)], 1),
    ],
)
def test_a_payment_that_came_back_is_told_until_it_is_mended(
    newest_first: list[Any], told: int | None
) -> None:
    assert payment_to_mend(newest_first, TODAY) == (None if told is None else newest_first[told])


@pytest.mark.parametrize(
    ("standing", "is_asked"),
    [
        (due(100, 25, None), False),  # no statement yet
        (due(0, 0, TOMORROW), False),
        (due(100, 25, TOMORROW), True),
        (due(100, 0, TODAY), True),
        (due(100, 0, YESTERDAY), False),  # the minimum was paid; the rest waits for the next statement
        (due(100, 25, YESTERDAY), True),
    ],
)
def test_what_is_asked_for_now(standing: Due, is_asked: bool) -> None:
    assert is_asked_for(standing, TODAY) is is_asked


def test_what_is_planned_in_time_covers_a_bill() -> None:
    bill = due(100, 25, TOMORROW)
    assert is_covered(bill, [paid(S.SCHEDULED, TOMORROW)])
    assert is_covered(bill, [paid(S.SCHEDULED, TOMORROW, 60), paid(S.SENT, TODAY, 40)])
    assert not is_covered(bill, [paid(S.SCHEDULED, TOMORROW, 60)])
    assert not is_covered(bill, [paid(S.SCHEDULED, TOMORROW + timedelta(days=1))])
    assert not is_covered(bill, [paid(S.POSTED, TODAY)])  # has been taken off by the core


def test_what_comes_next_is_first() -> None:
    soon, later = paid(S.SENT, TODAY), paid(S.SCHEDULED, TOMORROW)
    assert to_come([later, soon, paid(S.POSTED, YESTERDAY), paid(S.CANCELLED, TODAY)]) == (soon, later)
