"""A stranger's JSON, field by field: each look checks what it finds and says what is wrong by the field's name only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TypeVar

from cardline.issuer.core import BadReply
from cardline.issuer.core.checks import check_digits, check_token
from cardline.kit.money import Money
from cardline.kit.redact import Clean, clean

T = TypeVar("T")
_BIGGEST_AMOUNT = 10**15


class Said:
    """One object of an answer. Every method raises BadReply, and none puts a value of the answer into its words."""

    def __init__(self, value: object, what: str = "an answer") -> None:
        if not isinstance(value, dict):
            raise BadReply(f"{what} is no object")
        if _holds_a_card(value):
            raise BadReply("Lithic sends card numbers with this key; ask for one that does not")
        self._fields: dict[str, object] = value

    def has(self, field: str) -> bool:
        return self._fields.get(field) is not None

    def text(self, field: str) -> str:
        value = self._fields.get(field)
        if not isinstance(value, str):
            raise BadReply(f"{field} is no text")
        return value

    def words(self, field: str) -> Clean:
        """Text that people will read: masked like everything from outside, and "" where there is none."""
        return clean(self.text(field).strip()) if self.has(field) else clean("")

    def token(self, field: str = "token") -> str:
        value = self.text(field)
        check_token(value)
        if not value.isprintable():
            raise BadReply(f"{field} is no token")
        return value

    def last_four(self) -> str:
        digits = self.text("last_four")
        check_digits(digits, 4)
        return digits

    def whole(self, field: str) -> int:
        value = self._fields.get(field)
        if type(value) is not int or abs(value) >= _BIGGEST_AMOUNT:
            raise BadReply(f"{field} is no amount")
        return value

    def yes(self, field: str) -> bool:
        value = self._fields.get(field)
        if not isinstance(value, bool):
            raise BadReply(f"{field} is neither true nor false")
        return value

    def moment(self, field: str) -> datetime:
        return moment(self.text(field), field)

    def one_of(self, field: str, words: Mapping[str, T]) -> T:
        """What we call the API's word. For words that decide something; a new one is no reason to guess."""
        value = self.text(field)
        if value not in words:
            raise BadReply(f"{field} is a word we do not know")
        return words[value]

    def inside(self, field: str) -> Said:
        return Said(self._fields.get(field), field)

    def each(self, field: str) -> list[Said]:
        """The objects of a list; none where the field is missing."""
        value = self._fields.get(field)
        if value is None:
            return []
        if not isinstance(value, list):
            raise BadReply(f"{field} is no list")
        return [Said(item, field) for item in value]

    def texts(self, field: str) -> dict[str, str]:
        """An object that holds nothing but texts."""
        value = self._fields.get(field)
        if value is None:
            return {}
        if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
            raise BadReply(f"{field} holds more than texts")
        return value

    def list_of_texts(self, field: str) -> list[str]:
        value = self._fields.get(field)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
            raise BadReply(f"{field} is no list of texts")
        return value

    def money(self, currency: str) -> Money:
        """An amount that has to be in our currency: {"amount": 1234, "currency": "USD"}."""
        if self.text("currency") != currency:
            raise BadReply("an amount is in another currency than the programme")
        return Money(self.whole("amount"), currency)


def _holds_a_card(value: dict[str, object]) -> bool:
    """A key that is set up for it is sent card numbers and codes. We are not set up for them (SR-1).

    `pan` is a card's number, and elsewhere the word for how a number was read.
    """
    number = value.get("pan")
    return value.get("cvv") is not None or (isinstance(number, str) and any(c.isdigit() for c in number))


def moment(text: str, field: str) -> datetime:
    """RFC 3339 with its zone, as aware UTC."""
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is not None:
            return found.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise BadReply(f"{field} is no time with its zone")


def rows(answer: object, asked: int) -> tuple[list[Said], bool]:
    """The rows of one page, and whether there are more. asked: how many were, which is how many may come."""
    page = Said(answer, "a page")
    found = page.each("data")
    if len(found) > asked:
        raise BadReply("a page has more rows than were asked for")
    return found, page.yes("has_more")
