"""What is left to pay, what can be mended, when to ask again."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cardline.clocks.calendars import load_calendar
from cardline.issuer.core import Account, Due, Payment, PaymentKind, PaymentState
from cardline.kit.money import Money
from cardline.payments.rules import is_to_be_mended, left_to_pay, next_look

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)  # a Tuesday
TODAY = date(2026, 11, 24)
DUE_ON = date(2026, 12, 14)


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def payment(state: PaymentState, minor: int = 100_00, **other: Any) -> Payment:
    kind = other.pop("kind", PaymentKind.ONCE)
    return Payment(
        "pay", "acc", "bank", "0142", usd(minor), kind, state, NOW, other.pop("on", TODAY), **other
    )


def due(statement: int = 500_00, minimum: int = 40_00, balance: int = 600_00) -> Due:
    return Due("acc", usd(statement), usd(minimum), usd(balance), usd(0), DUE_ON)


ACCOUNT = Account("acc", "Everyday Card", ("Maya",), usd(600_00), usd(50_00), None, NOW)


@pytest.mark.parametrize(
    ("coming", "statement", "minimum", "owed", "most"),
    [
        ([], 500_00, 40_00, 600_00, 650_00),
        ([payment(PaymentState.SENT)], 400_00, 0, 500_00, 550_00),
        ([payment(PaymentState.SCHEDULED, on=DUE_ON)], 400_00, 0, 500_00, 650_00),
        ([payment(PaymentState.SCHEDULED, on=DUE_ON + timedelta(1))], 500_00, 40_00, 500_00, 650_00),
        ([payment(PaymentState.SCHEDULED, 500_00, on=DUE_ON, kind=PaymentKind.AUTOPAY)], 500_00, 40_00, 600_00, 650_00),
        ([payment(PaymentState.SENT, 500_00, kind=PaymentKind.AUTOPAY)], 0, 0, 100_00, 150_00),
        ([payment(PaymentState.SENT, 650_00)], 0, 0, 0, 0),
    ],
)  # fmt: skip
def test_what_is_on_its_way_is_not_asked_for_again(
    coming: list[Payment], statement: int, minimum: int, owed: int, most: int
) -> None:
    left = left_to_pay(ACCOUNT, due(), coming)
    assert (left.statement, left.minimum, left.owed, left.most) == (
        usd(statement), usd(minimum), usd(owed), usd(most),
    )  # fmt: skip


def test_money_that_stands_to_the_holder_s_credit_is_not_owed() -> None:
    assert left_to_pay(ACCOUNT, due(0, 0, -20_00), []).owed == usd(0)


@pytest.mark.parametrize(
    ("state", "mend_by", "paid", "mended"),
    [
        (PaymentState.FAILED, TODAY, 0, True),
        (PaymentState.FAILED, TODAY - timedelta(1), 0, False),
        (PaymentState.FAILED, None, 0, False),
        (PaymentState.FAILED, TODAY, 500_00, False),
        (PaymentState.POSTED, None, 0, False),
    ],
)
def test_a_failed_one_is_to_be_mended_while_there_is_time_and_something_left(
    state: PaymentState, mend_by: date | None, paid: int, mended: bool
) -> None:
    reason = "no_funds" if state == PaymentState.FAILED else ""
    coming = [payment(PaymentState.SENT, paid)] if paid else []
    failed = payment(state, mend_by=mend_by, reason=reason)
    assert is_to_be_mended(failed, left_to_pay(ACCOUNT, due(), coming), TODAY) is mended


def half_past_midnight(day: date) -> datetime:
    return datetime.combine(day, time(0, 30), ZONE).astimezone(UTC)


@pytest.mark.parametrize(
    ("one", "looks_at"),
    [
        (payment(PaymentState.SENT, value_on=TODAY), half_past_midnight(date(2026, 11, 25))),
        (payment(PaymentState.SCHEDULED, on=DUE_ON), half_past_midnight(date(2026, 12, 15))),
        # A day the core has not worked off yet.
        (payment(PaymentState.SENT, value_on=date(2026, 11, 20)), NOW + timedelta(minutes=10)),
        (payment(PaymentState.POSTED, value_on=date(2026, 11, 23)), half_past_midnight(date(2026, 11, 25))),
        # Five business days from Monday the 16th are over on the 23rd.
        (payment(PaymentState.POSTED, value_on=date(2026, 11, 16)), None),
        (payment(PaymentState.FAILED, reason="other"), None),
        (payment(PaymentState.CANCELLED), None),
    ],
)
def test_it_is_asked_after_once_a_day_while_something_can_happen(
    one: Payment, looks_at: datetime | None
) -> None:
    assert next_look(one, NOW, ZONE, load_calendar("us-federal")) == looks_at
