"""Money keeps its currency, and is written with all its decimals."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardline.kit.money import CurrencyMismatch, Money, format_money

AMOUNTS = st.integers(-(2**63), 2**63)


@pytest.mark.parametrize(
    ("minor", "currency", "en", "es"),
    [
        (4820, "USD", "$48.20", "$48.20"),
        (-4820, "USD", "−$48.20", "−$48.20"),
        (0, "USD", "$0.00", "$0.00"),
        (5, "USD", "$0.05", "$0.05"),
        (123456789, "USD", "$1,234,567.89", "$1,234,567.89"),
        (4820, "EUR", "€48.20", "EUR\u00a048.20"),
        (4820, "JPY", "¥4,820", "¥4,820"),
        (-4820, "BHD", "−BHD\u00a04.820", "−BHD\u00a04.820"),
        (4820, "CLF", "CLF\u00a00.4820", "CLF\u00a00.4820"),
    ],
)
def test_it_is_written_with_its_sign_and_all_its_decimals(
    minor: int, currency: str, en: str, es: str
) -> None:
    money = Money(minor, currency)
    assert format_money(money, "en") == en
    assert format_money(money, "es-MX") == es


def test_an_unspoken_language_is_answered_in_english() -> None:
    assert format_money(Money(4820, "EUR"), "de") == "€48.20"


@given(AMOUNTS, st.sampled_from(["USD", "JPY", "BHD", "CLF"]))
def test_what_is_written_is_exactly_the_amount(minor: int, currency: str) -> None:
    written = format_money(Money(minor, currency), "en")
    digits = "".join(sign for sign in written if sign in "0123456789.")
    assert Decimal(digits) == abs(Money(minor, currency).amount)
    assert written.startswith("−") == (minor < 0)
    assert "-" not in written


@given(AMOUNTS, AMOUNTS)
def test_sums_are_those_of_the_minor_units(left: int, right: int) -> None:
    a, b = Money(left, "USD"), Money(right, "USD")
    assert a + b == Money(left + right, "USD")
    assert a - b == a + -b
    assert abs(a) == Money(abs(left), "USD")
    assert (a < b, a <= b, a > b, a >= b) == (left < right, left <= right, left > right, left >= right)


def test_two_currencies_are_not_put_together() -> None:
    dollars, yen = Money(100, "USD"), Money(100, "JPY")
    assert dollars != yen
    for mix in (
        lambda: dollars + yen,
        lambda: dollars - yen,
        lambda: dollars < yen,
        lambda: dollars <= yen,
        lambda: dollars > yen,
        lambda: dollars >= yen,
    ):
        with pytest.raises(CurrencyMismatch, match="USD and JPY"):
            mix()


@pytest.mark.parametrize("amount", [48.2, "4820", Decimal(4820), True, None])
def test_only_whole_minor_units_are_money(amount: object) -> None:
    with pytest.raises(TypeError, match="whole minor units"):
        Money(amount, "USD")  # type: ignore[arg-type]


@pytest.mark.parametrize("currency", ["usd", "US", "USDX", "$", "", "U\nS", "USD\n"])
def test_a_currency_is_three_capital_letters(currency: str) -> None:
    with pytest.raises(ValueError, match="three capital letters"):
        Money(1, currency)
