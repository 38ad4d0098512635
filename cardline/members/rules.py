"""Names, access needs and masked contact points: what is decided from values alone."""

from __future__ import annotations

import unicodedata
from enum import StrEnum

from django.utils.translation import gettext

from cardline.kit.redact import clean

LONGEST_NAME = 80
LONGEST_NOTE = 200
LONGEST_TONGUE = 40

PHONE, EMAIL = "phone", "email"

# Where members are by the clock: the United States whole, then one place for each zone that people live in.
ZONES_AT_HOME = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
)
ZONES_ELSEWHERE = (
    "America/Vancouver",
    "America/Toronto",
    "America/Halifax",
    "America/St_Johns",
    "America/Mexico_City",
    "America/Guatemala",
    "America/Bogota",
    "America/Caracas",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/Argentina/Buenos_Aires",
    "Atlantic/Azores",
    "Europe/London",
    "Europe/Madrid",
    "Europe/Berlin",
    "Europe/Athens",
    "Europe/Istanbul",
    "Europe/Kyiv",
    "Africa/Lagos",
    "Africa/Cairo",
    "Africa/Johannesburg",
    "Africa/Nairobi",
    "Asia/Jerusalem",
    "Asia/Dubai",
    "Asia/Tehran",
    "Asia/Karachi",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Dhaka",
    "Asia/Bangkok",
    "Asia/Shanghai",
    "Asia/Manila",
    "Asia/Tokyo",
    "Australia/Perth",
    "Australia/Adelaide",
    "Australia/Sydney",
    "Pacific/Auckland",
)
ZONES = ZONES_AT_HOME + ZONES_ELSEWHERE

# The columns of a table of members (members/intake.py).
NEEDED = ("core_customer", "given_name", "family_name", "since")
OPTIONAL = ("language", "country", "zone", "card_type", "postal_code", "phone", "email", "address")

# Letters of some scripts join, or stay apart, by these two alone; anything else unseen has no place in a name.
_JOINERS = "\u200c\u200d"


class AccessNeed(StrEnum):
    """What to mind when we speak or write with somebody."""

    LARGE_PRINT = "large_print"
    SCREEN_READER = "screen_reader"
    RELAY = "relay"
    INTERPRETER = "interpreter"
    EXTRA_TIME = "extra_time"
    NO_CALLS = "no_calls"


def tidy_name(typed: str) -> str:
    """A name as it is kept: composed (NFC), single spaces, none around it."""
    return " ".join(unicodedata.normalize("NFC", typed).split())


def can_be_called(name: str) -> bool:
    """Whether a tidy name can be said and shown: 1 to 80 characters of any script, a letter among them.

    Square brackets are the redactor's: where they stand, a number was typed.
    """
    if not 1 <= len(name) <= LONGEST_NAME or "[" in name or "]" in name:
        return False
    unseen = any(unicodedata.category(sign)[0] == "C" and sign not in _JOINERS for sign in name)
    return not unseen and any(sign.isalpha() for sign in name)


def is_their_name(said: str, given: str, family: str) -> bool:
    """Both names in either order, however written: accents, case, hyphens and middle names do not matter."""
    words = set(plain(said).split())
    return bool(words) and set(plain(f"{given} {family}").split()) <= words


def plain(text: str) -> str:
    """Lower case without marks; anything but letters and digits parts words."""
    bare = unicodedata.normalize("NFKD", text).casefold()
    unmarked = (sign for sign in bare if not unicodedata.combining(sign))
    return "".join(sign if sign.isalnum() else " " for sign in unmarked)


def hides_something(text: str) -> bool:
    """Whether the redactor would take something out: a card number or a code was typed here."""
    return str(clean(text)) != text


def masked(kind: str, value: str) -> str:
    """As much of a contact point as confirms it: "•••• 0142", "m•••@example.org"; of an address that there is one."""
    if kind == PHONE:
        digits = [character for character in value if character.isdigit()]
        return f"•••• {''.join(digits[-4:])}" if len(digits) > 6 else "••••"
    if kind == EMAIL:
        name, _at, domain = value.partition("@")
        return f"{name[:1]}•••@{domain}"
    return gettext("Postal address on file")
