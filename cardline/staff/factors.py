"""Second factors: which a colleague has, and whether they showed one in this session (SR-36).

The library keeps them (allauth.mfa). Recovery codes get somebody in who lost the others; alone they are no factor.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

ALONE_NO_FACTOR = Authenticator.Type.RECOVERY_CODES


@dataclass(frozen=True, slots=True)
class Factor:
    """name: what the colleague calls a passkey; "" for the app. Times are machine time."""

    id: int
    name: str
    added_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Factors:
    passkeys: list[Factor]
    app: Factor | None
    codes_left: int

    @property
    def only_one(self) -> bool:
        """Whether the next one removed would be the last."""
        return len(self.passkeys) + bool(self.app) == 1


def factors_of(user_id: int) -> Factors:
    rows = list(Authenticator.objects.filter(user=user_id).order_by("created_at"))
    kinds = Authenticator.Type
    return Factors(
        passkeys=[_factor(row, row.wrap().name) for row in rows if row.type == kinds.WEBAUTHN],
        app=next((_factor(row, "") for row in rows if row.type == kinds.TOTP), None),
        codes_left=sum(len(row.wrap().get_unused_codes()) for row in rows if row.type == ALONE_NO_FACTOR),
    )


def has_second_factor(user_id: int) -> bool:
    return Authenticator.objects.filter(user=user_id).exclude(type=ALONE_NO_FACTOR).exists()


def showed_second_factor(request: HttpRequest, user: Any) -> bool:
    """In this session; the demo's one-press sign-in stands for it, in demo mode only."""
    records = get_authentication_records(request, user)
    return came_by_demo(request) or any(record["method"] == "mfa" for record in records)


def proved_lately(request: HttpRequest) -> bool:
    """Whether they signed in or confirmed it was them in the last 5 minutes (SR-36)."""
    oldest = time.time() - REAUTHENTICATION_TIMEOUT
    records = get_authentication_records(request, request.user)
    return came_by_demo(request) or any(record["at"] > oldest for record in records)


def came_by_demo(request: HttpRequest) -> bool:
    return bool(settings.CARDLINE_DEMO and request.session.get("demo_signin"))


def _factor(row: Authenticator, name: str) -> Factor:
    return Factor(row.pk, name, row.created_at, row.last_used_at)
