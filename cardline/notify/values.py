"""What a message may be filled with, and nothing else (SR-61): each kind of value is checked and said in one way."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from django.conf import settings

from cardline.kit.dates import say_full_date
from cardline.kit.reference import EXAMPLE, BadReference, parse_reference, show_reference
from cardline.members.rules import can_be_called, tidy_name

CODE = re.compile(r"[0-9]{6,8}")
PATH = re.compile(r"/[A-Za-z0-9/_.?=&#%-]{0,63}")
LONGEST_PATH = "/" + "p" * 63

# Words of ours, which a template lists in each language: what a code is for, what was changed.
CHOICES = frozenset({"action", "kind"})
VALUES = frozenset({"code", "link", "first_name", "reference", "day"}) | CHOICES


def problem_with(name: str, value: str, choices: Mapping[str, Mapping[str, str]]) -> str:
    """Why a value cannot stand in a message, "" when it can. Never holds the value, which may be a secret."""
    if name in CHOICES:
        return "" if value in choices.get(name, {}) else f"{name} is none of the template's words"
    return "" if _fits(name, value) else f"{name} does not look like one"


def longest(name: str) -> str:
    """The longest a value can get in a message, to see whether a text message still holds it."""
    if name == "link":
        return settings.CARDLINE_SITE + LONGEST_PATH
    return {"code": "8" * 8, "first_name": "W" * 80, "reference": EXAMPLE, "day": "Wed, Sep 30, 2026"}[name]


def said(name: str, value: str, language: str) -> str:
    """The value as the message says it."""
    if name == "link":
        return settings.CARDLINE_SITE + value
    if name == "reference":
        return show_reference(parse_reference(value))
    if name == "day":
        return say_full_date(date.fromisoformat(value), language)
    return value


def _fits(name: str, value: str) -> bool:
    if name == "code":
        return CODE.fullmatch(value) is not None
    if name == "link":
        return PATH.fullmatch(value) is not None and not value.startswith("//")
    if name == "first_name":
        return value == tidy_name(value) and can_be_called(value)
    try:
        said(name, value, "en")
    except (ValueError, BadReference):
        return False
    return True
