"""A colleague who signs in the real way, and a browser that starts without limits used up."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.test import Client

from cardline.staff.models import Agent

QUICK = "django.contrib.auth.hashers.MD5PasswordHasher"
TOTP_PERIOD, ABOUT_TO_CHANGE = 30, 3  # seconds
PASSWORD = "a quiet bakery at dawn"


def code_now(secret: str) -> str:
    """What the app shows; a code that is about to change is waited out, as a person would."""
    left = TOTP_PERIOD - time.time() % TOTP_PERIOD
    if left < ABOUT_TO_CHANGE:
        time.sleep(left)
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // TOTP_PERIOD)))


@dataclass
class Enrolled:
    """A colleague with a password and an authenticator app."""

    agent: Agent
    secret: str

    @property
    def username(self) -> str:
        return self.agent.user.username

    def code(self) -> str:
        return code_now(self.secret)

    def give_password(self, client: Client, password: str = PASSWORD, **extra: Any) -> Any:
        return client.post("/staff/login/", {"login": self.username, "password": password, **extra})

    def give_code(self, client: Client, code: str = "") -> Any:
        return client.post("/staff/login/code/", {"code": code or self.code()})

    def sign_in(self, client: Client) -> None:
        self.give_password(client)
        assert self.give_code(client).status_code == 302

    def recovery_codes(self) -> list[str]:
        codes: list[str] = RecoveryCodes.activate(self.agent.user).get_unused_codes()
        return codes


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    """Limits and "seen a minute ago" live in the cache."""
    cache.clear()


@pytest.fixture(autouse=True)
def quick_hashing(settings: Any) -> None:
    """Real hashing is slow on purpose, and dozens of tries would take minutes."""
    settings.PASSWORD_HASHERS = [QUICK, *settings.PASSWORD_HASHERS]


@pytest.fixture
def priya(cast: Any) -> Enrolled:
    """An agent with a password and an app."""
    return enrolled(cast.priya)


@pytest.fixture
def theo(cast: Any) -> Enrolled:
    """The administrator, likewise."""
    return enrolled(cast.theo)


def enrolled(agent: Agent) -> Enrolled:
    with_password(agent.user)
    secret = generate_totp_secret()
    TOTP.activate(agent.user, secret)
    return Enrolled(agent, secret)


def with_password(user: Any) -> None:
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
