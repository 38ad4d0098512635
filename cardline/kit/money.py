"""Money: whole minor units and their currency, always together (STYLE 4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Self

from babel.numbers import NumberPattern, get_currency_symbol, parse_pattern

from cardline.kit.languages import locale_of, spoken

# ISO 4217, list one, published 2024-06-25: the currencies that do not have two decimals.
_CURRENCIES_BY_DECIMALS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_DECIMALS = {code: decimals for decimals, codes in _CURRENCIES_BY_DECIMALS.items() for code in codes.split()}
_CODE = re.compile(r"[A-Z]{3}")
_MINUS = "\u2212"


class CurrencyMismatch(ValueError):
    """Two amounts of different currencies were put together."""

    def __init__(self, left: str, right: str) -> None:
        super().__init__(f"{left} and {right} cannot be added or compared without a rate")


@dataclass(frozen=True, slots=True)
class Money:
    """amount_minor: in the currency's smallest unit: cents for USD, yen for JPY.

    currency: ISO 4217. Adding and comparing want one currency, else CurrencyMismatch.
    """

    amount_minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.amount_minor) is not int:
            raise TypeError(f"amount_minor is {self.amount_minor!r}; it counts whole minor units")
        if not _CODE.fullmatch(self.currency):
            raise ValueError(f"currency is {self.currency!r}; it is three capital letters, as in ISO 4217")

    @property
    def decimals(self) -> int:
        return _DECIMALS.get(self.currency, 2)

    @property
    def amount(self) -> Decimal:
        """In major units: 48.20 for 4820 cents."""
        return Decimal(f"{self.amount_minor}e-{self.decimals}")

    def __add__(self, other: Self) -> Self:
        return type(self)(self.amount_minor + self._same_currency(other), self.currency)

    def __sub__(self, other: Self) -> Self:
        return type(self)(self.amount_minor - self._same_currency(other), self.currency)

    def __neg__(self) -> Self:
        return type(self)(-self.amount_minor, self.currency)

    def __abs__(self) -> Self:
        return type(self)(abs(self.amount_minor), self.currency)

    def __lt__(self, other: Self) -> bool:
        return self.amount_minor < self._same_currency(other)

    def __le__(self, other: Self) -> bool:
        return self.amount_minor <= self._same_currency(other)

    def __gt__(self, other: Self) -> bool:
        return self.amount_minor > self._same_currency(other)

    def __ge__(self, other: Self) -> bool:
        return self.amount_minor >= self._same_currency(other)

    def _same_currency(self, other: Self) -> int:
        if self.currency != other.currency:
            raise CurrencyMismatch(self.currency, other.currency)
        return other.amount_minor


_TYPED = re.compile(r"\$?\s*((?:\d{1,3}(?:,\d{3})+|\d{1,12}))(?:\.(\d{1,4}))?", re.ASCII)


def read_amount(typed: str, currency: str) -> int:
    """Minor units of an amount as people type it ("48.20", "$1,200"), without a sign. Raises ValueError."""
    found = _TYPED.fullmatch(typed.strip())
    decimals = Money(0, currency).decimals
    if found is None or len(found[2] or "") > decimals:
        raise ValueError(f"{typed!r} is no amount of {currency}")
    whole = Decimal(f"{found[1].replace(',', '')}.{found[2] or 0}")
    return int(whole.scaleb(decimals))


def format_money(money: Money, language: str) -> str:
    """With its sign and all its decimals, a debt with a true minus: "−$48.20" (DESIGN 6)."""
    pattern = _pattern(spoken(language), money.currency, money.decimals)
    amount = pattern.apply(
        abs(money.amount), locale_of(language), currency=money.currency, currency_digits=False
    )
    return _MINUS + amount if money.amount_minor < 0 else amount


@lru_cache(maxsize=512)
def _pattern(language: str, currency: str, decimals: int) -> NumberPattern:
    """The locale's way to write money, with as many decimals as the currency has rather than two."""
    locale = locale_of(language)
    written = locale.currency_formats["standard"].pattern
    if get_currency_symbol(currency, locale)[-1].isalpha():
        written = re.sub("¤(?=[#0])", "¤\u00a0", written)  # "CHF 5.00": letters do not touch the digits
    pattern = parse_pattern(written)
    pattern.frac_prec = (decimals, decimals)
    return pattern
