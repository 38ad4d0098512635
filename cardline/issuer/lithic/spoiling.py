"""Answers of Lithic's shape, made into what a hostile or broken core would send."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from cardline.issuer.conformance.stand import FULL_NUMBER, MARK, Spoil

_NAMES = frozenset({"descriptor", "first_name", "last_name", "name", "city"})
_TIME = re.compile(r"(\d{4}-\d\d-\d\dT[0-9:.]+)Z")
_AMOUNTS = frozenset({"amount", "total_amount", "pending_amount"})
Change = Callable[[str, Any], Any]


def spoiled(said: object, how: Spoil) -> bytes:
    """The answer's body. What cannot be said in JSON is broken after it was written."""
    change = _FIELDS.get(how)
    written = json.dumps(said if change is None else _through("", said, change))
    if how == Spoil.HUGE:
        return json.dumps(_huge(said)).encode()
    if how == Spoil.TRUNCATED:
        return f'{{"memo": "{MARK}", '.encode() + written[1 : len(written) // 2].encode()
    if how == Spoil.NOT_JSON:
        return f"<html>{MARK} {FULL_NUMBER}</html>".encode()
    if how == Spoil.DEEP:
        return b"[" * 100_000
    return b"" if how == Spoil.NOTHING else written.encode()


def _through(field: str, value: Any, change: Change) -> Any:
    if isinstance(value, dict):
        return {name: _through(name, inner, change) for name, inner in value.items()}
    if isinstance(value, list):
        return [_through(field, inner, change) for inner in value]
    return change(field, value)


def _full_number(field: str, value: Any) -> Any:
    return FULL_NUMBER if field in {"last_four", "descriptor", "name", "pan_range_start"} else value


def _no_zone(field: str, value: Any) -> Any:
    return _TIME.sub(r"\1", value) if isinstance(value, str) else value


def _other_currency(field: str, value: Any) -> Any:
    return "EUR" if field == "currency" else value


def _control(field: str, value: Any) -> Any:
    return f"{MARK}\r\n\u202e\x00" if field in {"token", "last_four", "card_token"} else value


def _long_words(field: str, value: Any) -> Any:
    return MARK * 1_000 if field in _NAMES else value


def _wrong_type(field: str, value: Any) -> Any:
    return {MARK: value} if isinstance(value, str) or field in _AMOUNTS else value


def _unknown_state(field: str, value: Any) -> Any:
    return f"{MARK}_STATE" if field in {"state", "status", "currency"} else value


def _other_rows(field: str, value: Any) -> Any:
    return f"{MARK}-0000-4000" if field in {"token", "account_token"} else value


_FIELDS: dict[Spoil, Change] = {
    Spoil.FULL_NUMBER: _full_number,
    Spoil.NO_ZONE: _no_zone,
    Spoil.OTHER_CURRENCY: _other_currency,
    Spoil.CONTROL: _control,
    Spoil.LONG_WORDS: _long_words,
    Spoil.WRONG_TYPE: _wrong_type,
    Spoil.UNKNOWN_STATE: _unknown_state,
    Spoil.OTHER_ROWS: _other_rows,
}


def _huge(said: Any) -> Any:
    """A list gets its rows twenty thousand times over; a single thing, a field of six million letters."""
    if isinstance(said, dict) and isinstance(said.get("data"), list):
        return {**said, "data": [*said["data"], *({"token": MARK} for _ in range(20_000))]}
    return {**said, "memo": MARK * 500_000} if isinstance(said, dict) else said
