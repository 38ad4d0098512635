"""A stand-in for Lithic on this machine: the addresses we use, in the API's own shapes, with a memory.

Shapes are those of the public API as its Python package (lithic 0.133) types them: `Account`, `AccountHolder`, `Card`,
`CardProgram`, `FinancialAccount`, `Balance`, `Transaction` with its `Event`s, and pages by `starting_after`. Nothing of
it is real: the names are invented and the numbers are in ranges nobody issues from.
"""

from __future__ import annotations

import json
from datetime import datetime
from threading import Event, RLock
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from cardline.issuer.conformance.stand import Spoil
from cardline.issuer.lithic import spoiling

Row = dict[str, Any]
_PAGE = 50
_MOST_ROWS = 100
_PROGRAMME = "00000000-0000-4000-8000-000000000001"
_CHANGEABLE = frozenset({"OPEN", "PAUSED", "CLOSED"})


class Double:
    """The state of an imagined issuer at Lithic. Safe to call from several threads."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.lock = RLock()
        self.closing = Event()
        self.accounts: dict[str, Row] = {}
        self.holders: dict[str, Row] = {}
        self.cards: dict[str, Row] = {}
        self.transactions: list[Row] = []  # the newest first, as the API lists them
        self.programmes = {_PROGRAMME: _programme()}
        self.changes = 0
        self.loses_answers = False
        self.spoil: Spoil | None = None
        self._made = 0

    # ---------------------------------------------------------------------------------------- the past

    def open_account(self, first_name: str, last_name: str, at: datetime) -> str:
        account, holder = self._token(), self._token()
        self.holders[holder] = {
            "token": holder,
            "account_token": account,
            "created": _written(at),
            "user_type": "INDIVIDUAL",
            "individual": {"first_name": first_name, "last_name": last_name, "dob": "1990-01-01"},
        }
        self.accounts[account] = {
            "token": account,
            "created": _written(at),
            "state": "ACTIVE",
            "cardholder_currency": "USD",
            "spend_limit": {"daily": 0, "lifetime": 0, "monthly": 0},
            "account_holder": {
                "token": holder,
                "email": "",
                "phone_number": "",
                "business_account_token": "",
            },
        }
        return account

    def issue_card(self, account: str, last_four: str, at: datetime, state: str = "OPEN") -> str:
        token = self._token()
        self.cards[token] = {
            "token": token,
            "account_token": account,
            "card_program_token": _PROGRAMME,
            "cardholder_currency": "USD",
            "created": _written(at),
            "exp_month": "08",
            "exp_year": "2029",
            "last_four": last_four,
            "pin_status": "OK",
            "spend_limit": 0,
            "spend_limit_duration": "FOREVER",
            "state": state,
            "tags": {},
            "type": "PHYSICAL",
        }
        return token

    # ------------------------------------------------------------------------------------ the world outside

    def purchase(
        self, card: str, merchant: str, amount: int, at: datetime, *, settled: bool = False, **other: Any
    ) -> str:
        """A merchant asks; what becomes of it is decided by the card's state. other: fields of the transaction."""
        with self.lock:
            state = self.cards[card]["state"]
            result = {"OPEN": "APPROVED", "PAUSED": "CARD_PAUSED", "CLOSED": "CARD_CLOSED"}.get(
                state, "DECLINED"
            )
            status = ("SETTLED" if settled else "PENDING") if result == "APPROVED" else "DECLINED"
            events = [_event(self._token(), "AUTHORIZATION", amount, result, at)]
            if status == "SETTLED":
                events.append(_event(self._token(), "CLEARING", amount, result, at))
            moved = amount if result == "APPROVED" else 0
            row = {
                "token": self._token(),
                "account_token": self.cards[card]["account_token"],
                "amount": moved,
                "amounts": {
                    part: _amount(moved) for part in ("cardholder", "hold", "merchant", "settlement")
                },
                "card_token": card,
                "created": _written(at),
                "events": events,
                "merchant": _merchant(merchant),
                "merchant_currency": "USD",
                "pos": _pos(),
                "result": result,
                "settled_amount": moved if status == "SETTLED" else 0,
                "status": status,
                "tags": {},
                "updated": _written(at),
            }
            self.transactions.insert(0, {**row, **other})
            return str(row["token"])

    # ------------------------------------------------------------------------------------------ the API

    def answer(self, method: str, address: str, key: str, body: bytes) -> tuple[int, bytes] | None:
        """Status and body; None where the answer is lost on its way."""
        with self.lock:
            status, said = self._answered(method, address, key, body)
            lost, spoil = self.loses_answers and method != "GET", self.spoil
        if lost:
            self.closing.wait(30)
            return None
        written = json.dumps(said).encode() if spoil is None else spoiling.spoiled(said, spoil)
        return status, written

    def _answered(self, method: str, address: str, key: str, body: bytes) -> tuple[int, object]:
        if key != self.key:
            return 401, {"message": "Please provide a valid API key."}
        parts = urlsplit(address)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        match [part for part in parts.path.split("/") if part]:
            case ["v1", "cards", token] if method == "PATCH":
                return self._change_card(token, json.loads(body))
            case ["v1", what, token] if method == "GET":
                return self._one(what, token)
            case ["v1", what] if method == "GET":
                return self._many(what, asked)
        return 404, {"message": "Not found."}

    def _one(self, what: str, token: str) -> tuple[int, object]:
        stores: dict[str, dict[str, Row]] = {
            "accounts": self.accounts,
            "account_holders": self.holders,
            "cards": self.cards,
            "card_programs": self.programmes,
            "transactions": {row["token"]: row for row in self.transactions},
        }
        row = stores.get(what, {}).get(token)
        return (200, row) if row is not None else (404, {"message": "Not found."})

    def _many(self, what: str, asked: dict[str, str]) -> tuple[int, object]:
        account = asked.get("account_token", "")
        if what == "balances":
            return 200, {"data": [self._balance(account)] * (account in self.accounts), "has_more": False}
        if what == "financial_accounts":
            found = [_financial(account, self.accounts[account])] if account in self.accounts else []
            return 200, {"data": found, "has_more": False}
        rows = {"cards": [*reversed(self.cards.values())], "transactions": self.transactions}.get(what)
        if rows is None:
            return 404, {"message": "Not found."}
        kept = [row for row in rows if row["account_token"] == account]
        if "card_token" in asked:
            kept = [row for row in kept if row["card_token"] == asked["card_token"]]
        if "begin" in asked:
            since = datetime.fromisoformat(asked["begin"])
            kept = [row for row in kept if datetime.fromisoformat(row["created"]) >= since]
        return _page(kept, asked)

    def _change_card(self, token: str, wish: Row) -> tuple[int, object]:
        row = self.cards.get(token)
        if row is None:
            return 404, {"message": "Not found."}
        state = wish.get("state", row["state"])
        if state != row["state"] and (row["state"] == "CLOSED" or state not in _CHANGEABLE):
            return 400, {"message": "This card cannot be changed."}
        tags = {
            name: text for name, text in {**row["tags"], **wish.get("tags", {})}.items() if text is not None
        }
        if len(tags) > 50 or any(len(name) > 40 or len(text) > 500 for name, text in tags.items()):
            return 400, {"message": "Too many or too long tags."}
        self.changes += state != row["state"]
        self.cards[token] = {**row, "state": state, "tags": tags}
        if "substatus" in wish:
            self.cards[token]["substatus"] = wish["substatus"]
        return 200, self.cards[token]

    def _balance(self, account: str) -> Row:
        """A credit account's: what was spent is missing from it."""
        own = [row for row in self.transactions if row["account_token"] == account]
        settled = sum(row["settled_amount"] for row in own)
        pending = sum(row["amount"] for row in own if row["status"] == "PENDING")
        return {
            "available_amount": -settled - pending,
            "created": self.accounts[account]["created"],
            "currency": "USD",
            "financial_account_token": account,
            "financial_account_type": "ISSUING",
            "pending_amount": pending,
            "total_amount": -settled,
            "updated": self.accounts[account]["created"],
        }

    def _token(self) -> str:
        self._made += 1
        return str(UUID(int=(0xCA4D << 64) + self._made, version=4))


def _page(rows: list[Row], asked: dict[str, str]) -> tuple[int, object]:
    size = int(asked.get("page_size", _PAGE))
    if not 1 <= size <= _MOST_ROWS:
        return 400, {"message": "page_size is out of range."}
    start = 0
    if "starting_after" in asked:
        tokens = [row["token"] for row in rows]
        if asked["starting_after"] not in tokens:
            return 400, {"message": "starting_after is not in this list."}
        start = tokens.index(asked["starting_after"]) + 1
    return 200, {"data": rows[start : start + size], "has_more": start + size < len(rows)}


def _written(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def _programme() -> Row:
    return {
        "token": _PROGRAMME,
        "account_level_management_enabled": False,
        "cardholder_currency": "USD",
        "created": "2024-01-02T09:00:00Z",
        "name": "Everyday Card",
        "pan_range_start": "52304803",
        "pan_range_end": "52304803",
    }


def _financial(account: str, row: Row) -> Row:
    return {
        "token": account,
        "account_token": account,
        "created": row["created"],
        "credit_configuration": {"credit_limit": 500_000},
        "is_for_benefit_of": False,
        "status": "OPEN",
        "type": "ISSUING",
        "updated": row["created"],
    }


def _amount(amount: int) -> Row:
    return {"amount": amount, "currency": "USD", "conversion_rate": "1.000000"}


def _event(token: str, kind: str, amount: int, result: str, at: datetime) -> Row:
    return {
        "token": token,
        "amount": amount,
        "amounts": {part: _amount(amount) for part in ("cardholder", "merchant", "settlement")},
        "created": _written(at),
        "detailed_results": [result],
        "effective_polarity": "DEBIT",
        "result": result,
        "rule_results": [],
        "type": kind,
    }


def _merchant(name: str) -> Row:
    return {
        "acceptor_id": "174030075991",
        "acquiring_institution_id": "191231",
        "city": "ALBANY",
        "country": "USA",
        "descriptor": name,
        "mcc": "5812",
        "phone_number": "+1 518 555 0123",
        "state": "NY",
    }


def _pos() -> Row:
    return {
        "entry_mode": {"card": "PRESENT", "cardholder": "PRESENT", "pan": "ICC", "pin_entered": False},
        "terminal": {"attended": True, "card_retention_capable": False, "type": "POS_TERMINAL"},
    }
