"""What a core answers is checked before anybody believes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from cardline.issuer.core import Account, BadReply, Card, CardState, Role, Transaction, TransactionState
from cardline.kit.money import Money

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
NAIVE = datetime(2026, 11, 20, 12)  # noqa: DTZ001 - the mistake this is about
CARD = Card(
    "card_1", "acc_1", "Everyday Card", "c-1", "Maya Okafor", Role.BASIC, "340000", "4471", CardState.ACTIVE
)
ACCOUNT = Account("acc_1", "Everyday Card", ("Maya Okafor",), Money(0, "USD"), Money(0, "USD"), None, AT)
CHARGE = Transaction(
    "txn_1",
    "acc_1",
    "card_1",
    "4471",
    TransactionState.POSTED,
    "Alder Pharmacy",
    "",
    Money(1, "USD"),
    "chip",
    AT,
    AT,
)


@pytest.mark.parametrize(
    "wrong",
    [
        {"last4": "44711"},
        {"last4": "44a1"},
        {"bin": "3400"},
        {"bin": "340000000004471"},
        {"token": ""},
        {"token": "340000000004471"},
        {"token": "x" * 65},
        {"holder": "Maya\nOkafor"},
        {"holder": "M" * 121},
        {"state": CardState.FROZEN},
        {"frozen_at": AT},
        {"state": CardState.FROZEN, "frozen_at": NAIVE},
    ],
    ids=str,
)
def test_a_card_that_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadReply):
        replace(CARD, **wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"posted_at": None},
        {"state": TransactionState.PENDING},
        {"at": NAIVE},
        {"merchant": "Alder\x00Pharmacy"},
        {"place": "p" * 121},
        {"card": "4" * 16},
    ],
    ids=str,
)
def test_a_charge_that_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadReply):
        replace(CHARGE, **wrong)


def test_an_account_has_one_currency_and_knows_what_is_left() -> None:
    with pytest.raises(BadReply):
        replace(ACCOUNT, pending=Money(5, "EUR"))
    spent = replace(
        ACCOUNT, balance=Money(40_00, "USD"), pending=Money(5_00, "USD"), credit_limit=Money(100_00, "USD")
    )
    assert spent.available == Money(55_00, "USD")
    assert ACCOUNT.available is None
