"""How long a device may take, and how passkeys are called. Pure."""

from __future__ import annotations

import secrets
from datetime import timedelta

from cardline.kit.redact import Clean, clean

CHALLENGE_LASTS = timedelta(minutes=5)
MAKING_LASTS = timedelta(minutes=10)  # whoever makes one names it, and may have to look for the device
MOST_PASSKEYS = 20
LONGEST_NAME = 60


def new_challenge() -> bytes:
    return secrets.token_bytes(32)


def tidy(name: Clean) -> Clean:
    """One line of at most 60 characters."""
    return clean(" ".join(name.split())[:LONGEST_NAME])
