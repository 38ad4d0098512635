"""What a phone number, e-mail and postal address must look like, and how long a change stays in doubt. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from cardline.clocks.days import add_days
from cardline.clocks.local import end_of_day, local_date
from cardline.clocks.rules import rule_named
from cardline.kit.redact import find
from cardline.kit.refusals import Malformed

PHONE, EMAIL, POST, NAME = "phone", "email", "post", "name"

POINTS_WAIT = timedelta(hours=48)  # Product: after another e-mail, before points go anywhere new (DOMAIN 8)
NOT_ME_LASTS = timedelta(days=45)  # a letter takes days to arrive, and 30 more to be opened
LINK_LASTS = timedelta(days=2)
DELAY_BUSINESS_DAYS = 10  # a letter to the old address has arrived and could be answered
DECIDED_BUSINESS_DAYS = 5

LONGEST_EMAIL = 200
LONGEST_LINE = 80
LONGEST_TOWN = 60
LONGEST_EMBOSSED = 26  # of a line on a card (ISO/IEC 7811)

# The code of the country, and how many digits stand behind it without the zero one dials at home.
DIALS: Mapping[str, tuple[str, int, int]] = {"US": ("1", 10, 10), "GB": ("44", 9, 10), "DE": ("49", 6, 11)}

_BETWEEN = re.compile(r"[ ().\-/\u00a0]")
_ABROAD = re.compile(r"\+[1-9][0-9]{7,14}")  # ITU-T E.164
_NORTH_AMERICA = re.compile(r"\+1[2-9][0-9]{2}[2-9][0-9]{6}")
_POSTAL: Mapping[str, re.Pattern[str]] = {
    "US": re.compile(r"[0-9]{5}(-[0-9]{4})?"),
    "GB": re.compile(
        r"(GIR 0AA|[A-PR-UWYZ]([0-9]{1,2}|[A-HK-Y][0-9]([0-9]|[ABEHMNPRV-Y])?|[0-9][A-HJKPS-UW])"
        r" [0-9][ABD-HJLNP-UW-Z]{2})"
    ),
    "DE": re.compile(r"[0-9]{5}"),
}
_ANYWHERE = re.compile(r"[A-Z0-9][A-Z0-9 -]{1,10}")
COUNTRIES = tuple(_POSTAL)
_STATES = (
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR"
    " PA PR RI SC SD TN TX UT VT VA WA WV WI WY AA AE AP AS GU MP VI"
)
STATES = frozenset(_STATES.split())


class NotAPhone(Malformed):
    code = "not_a_phone"
    sentence = _(
        "Write the whole number in digits, with the area code. From another country it begins with + and that "
        "country’s code."
    )


class NotAnEmail(Malformed):
    code = "not_an_email"
    sentence = _("Write the whole address, like name@example.org, in one line.")


class NotAnAddress(Malformed):
    code = "not_an_address"
    sentence = _("Write each line of the address as it stands on a letter, at most 80 characters long.")


class NotAPostalCode(Malformed):
    code = "not_a_postal_code"
    sentence = _("This postal code does not fit the country. Check it, and the country with it.")


class NotAState(Malformed):
    code = "not_a_state"
    sentence = _("Write the state in two letters, like NY.")


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address as its country writes it. state: two letters in the US, "" elsewhere."""

    country: str
    street: str
    more: str
    town: str
    state: str
    postal_code: str

    @property
    def line(self) -> str:
        """In one line, with the country where it is another one than the letter's: doors take it so."""
        if self.country == "DE":
            town = f"{self.postal_code} {self.town}"
        elif self.country == "US":
            town = f"{self.town}, {self.state} {self.postal_code}"
        else:
            town = f"{self.town} {self.postal_code}"
        country = "" if self.country == "US" else self.country
        return ", ".join(filter(None, (self.street, self.more, town, country)))


def phone_of(typed: str, country: str) -> str:
    """A number as it is kept, +12125550142. country: whose code it has where none is typed. Raises NotAPhone."""
    plain = unicodedata.normalize("NFKC", typed).strip()
    if not plain.isascii():
        raise NotAPhone(field="phone")
    digits = _BETWEEN.sub("", plain)
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if not digits.startswith("+"):
        digits = _at_home(digits, country)
    if not _ABROAD.fullmatch(digits) or (digits.startswith("+1") and not _NORTH_AMERICA.fullmatch(digits)):
        raise NotAPhone(field="phone")
    return digits


def _at_home(digits: str, country: str) -> str:
    """With the code of the country; "" for what is no number of it."""
    code, shortest, longest = DIALS.get(country, DIALS["US"])
    bare = digits.removeprefix("1") if code == "1" and len(digits) == 11 else digits.removeprefix("0")
    return f"+{code}{bare}" if bare.isdigit() and shortest <= len(bare) <= longest else ""


def email_of(typed: str) -> str:
    """An address as it is kept, the part behind the @ in small letters. Raises NotAnEmail, also for a line break."""
    address = typed.strip(" ")
    if len(address) > LONGEST_EMAIL or not address.isascii() or not address.isprintable():
        raise NotAnEmail(field="email")
    try:
        validate_email(address)
    except ValidationError as wrong:
        raise NotAnEmail(field="email") from wrong
    name, _at, domain = address.rpartition("@")
    return f"{name}@{domain.lower()}"


def address_of(*, country: str, street: str, more: str, town: str, state: str, postal_code: str) -> Address:
    """An address as it is kept. Raises NotAnAddress, NotAPostalCode, NotAState, each with its field."""
    if country not in COUNTRIES:
        raise NotAnAddress(field="country")
    given = Address(
        country,
        _line(street, "street", LONGEST_LINE, needed=True),
        _line(more, "more", LONGEST_LINE, needed=False),
        _line(town, "town", LONGEST_TOWN, needed=True),
        _line(state, "state", LONGEST_TOWN, needed=False).upper() if country == "US" else "",
        postal_code_of(postal_code, country),
    )
    if country == "US" and given.state not in STATES:
        raise NotAState(field="state")
    if len(given.line) > LONGEST_EMAIL:  # what a message's place may hold
        raise NotAnAddress(field="street")
    return given


def postal_code_of(typed: str, country: str) -> str:
    """As the country writes it: "sw1a1aa" is SW1A 1AA. Raises NotAPostalCode."""
    code = " ".join(unicodedata.normalize("NFKC", typed).upper().split())
    if country == "GB":
        code = code.replace(" ", "")
        code = f"{code[:-3]} {code[-3:]}"
    if not _POSTAL.get(country, _ANYWHERE).fullmatch(code):
        raise NotAPostalCode(field="postal_code")
    return code


def _line(typed: str, field: str, longest: int, *, needed: bool) -> str:
    """One line of an address, composed, with single spaces. Raises NotAnAddress."""
    line = " ".join(unicodedata.normalize("NFC", typed).split())
    unseen = any(unicodedata.category(sign)[0] == "C" for sign in line)
    if unseen or len(line) > longest or find(line) or any(sign in line for sign in "[]<>"):
        raise NotAnAddress(field=field)
    if needed and not any(sign.isalnum() for sign in line):
        raise NotAnAddress(field=field)
    return line


def same_point(kind: str, one: str, other: str) -> bool:
    """Whether two values are one place, however they are written."""
    if kind == PHONE:
        return _last_digits(one) == _last_digits(other)
    if kind == EMAIL:
        return one.casefold() == other.casefold()
    return _words(one) == _words(other)


def _last_digits(value: str) -> str:
    return "".join(sign for sign in value if sign.isdigit())[-10:]


def _words(value: str) -> list[str]:
    """Of an address: each word and number by itself, so that 1 11th Street is not 11 1th Street."""
    return "".join(sign if sign.isalnum() else " " for sign in value.casefold()).split()


@cache
def in_doubt_days() -> int:
    """So long after a new address a card does not go out by itself (SR-33). Where no law says so, we keep to it too."""
    return rule_named("us.card_after_address_change").spans[0].count


def doubt_ends(since: datetime, zone: ZoneInfo) -> datetime:
    """Until when a change of that moment stands in doubt while nobody was sure of it: the end of the 30th day after."""
    return end_of_day(add_days(local_date(since, zone), in_doubt_days()), zone)


def is_within_doubt(since: datetime, now: datetime, zone: ZoneInfo) -> bool:
    return now < doubt_ends(since, zone)
