"""How text messages leave the house: the provider CARDLINE_TEXT_ACCOUNT has an account with, or files without one."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from django.core.exceptions import ImproperlyConfigured

from cardline.config.keyfile import key_in
from cardline.kit.outward import BadAddress, place_of

DEFAULT_URL = "https://api.twilio.com"
_ACCOUNT = re.compile(r"AC[0-9a-f]{32}")
_SENDER = re.compile(r"\+[1-9][0-9]{7,14}|MG[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class TextsSettings:
    """account: "" where texts become files."""

    url: str = ""
    account: str = ""
    key: str = field(default="", repr=False)
    sender: str = ""


def text_settings(url: str, account: str, key_file: str, sender: str) -> TextsSettings:
    """Raises ImproperlyConfigured, whose text names the variable and never holds the key."""
    if not account:
        if url or key_file or sender:
            raise ImproperlyConfigured(
                "CARDLINE_TEXT_ACCOUNT is not set; without it the other CARDLINE_TEXT_ variables do nothing"
            )
        return TextsSettings()
    if not _ACCOUNT.fullmatch(account):
        raise ImproperlyConfigured("CARDLINE_TEXT_ACCOUNT must be AC and 32 hexadecimal digits")
    if not _SENDER.fullmatch(sender):
        raise ImproperlyConfigured(
            "CARDLINE_TEXT_FROM must be a number like +12125550100, or MG and 32 hexadecimal digits"
        )
    try:
        place_of(url or DEFAULT_URL)
    except BadAddress as problem:
        raise ImproperlyConfigured(f"CARDLINE_TEXT_URL: {problem}") from None
    key = key_in("CARDLINE_TEXT_KEY_FILE", key_file)
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise ImproperlyConfigured("CARDLINE_TEXT_KEY_FILE: the file holds no key")
    return TextsSettings(url or DEFAULT_URL, account, key, sender)
