"""The links of messages about contact data and signing in: each names one row for one purpose, signed by our key.

Short, because a text message carries it. When it ends is worked out from the row (members/contactdata/rules.py).
"""

from __future__ import annotations

import base64

from django.utils.crypto import constant_time_compare, salted_hmac

NOT_ME, EMAIL_LINK, SIGN_IN = "cardline.not_me", "cardline.email_link", "cardline.not_me_sign_in"
LONGEST = 60
_SIGNED_BYTES = 18  # 144 bits


def token_of(purpose: str, number: int) -> str:
    signed = salted_hmac(purpose, str(number), algorithm="sha256").digest()[:_SIGNED_BYTES]
    return f"{number}-{base64.urlsafe_b64encode(signed).decode()}"


def number_in(purpose: str, token: str) -> int | None:
    """The row a token names; None for one that we did not make, or for something else."""
    written = token[:LONGEST].partition("-")[0]
    if not (written.isascii() and written.isdecimal() and len(written) <= 18):
        return None
    number = int(written)
    return number if constant_time_compare(token_of(purpose, number), token) else None
