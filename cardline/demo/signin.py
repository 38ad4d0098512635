"""Real sign-ins for the cast's colleagues: a password and a second factor made for this data folder alone.

They stand in one file of that folder, which only its owner reads, so that /demo can show them. Nothing of it is in
the tree: there are no default credentials (SR-50).
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.conf import settings
from django.contrib.auth.hashers import make_password

from cardline.demo.cast import AGENTS, AgentSketch
from cardline.identity.models import User
from cardline.kit import clock

PERIOD_SECONDS = 30


@dataclass(frozen=True, slots=True)
class StaffSignIn:
    """What to type on the staff sign-in page. code: good for at most half a minute more."""

    username: str
    password: str
    code: str


def enrol_colleagues() -> int:
    """Give each colleague a password and a second factor, once a data folder. Returns how many got one."""
    kept = _read()
    missing = [sketch for sketch in AGENTS if not _fits(sketch, kept)]
    for sketch in missing:
        kept[sketch.username] = _enrol(User.objects.get(username=sketch.username))
    if missing:
        _write(kept)
    return len(missing)


def sign_in_of(username: str) -> StaffSignIn | None:
    """Password and present code of a colleague; None where this folder knows none."""
    found = _read().get(username)
    if found is None:
        return None
    counter = int(clock.machine_now().timestamp()) // PERIOD_SECONDS
    return StaffSignIn(username, found["password"], format_hotp_value(hotp_value(found["secret"], counter)))


def _enrol(user: User) -> dict[str, str]:
    password, secret = secrets.token_urlsafe(12), generate_totp_secret()
    user.password = make_password(password)
    user.save(update_fields=["password"])
    Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).delete()
    TOTP.activate(user, secret)
    return {"password": password, "secret": secret}


def _fits(sketch: AgentSketch, kept: dict[str, dict[str, str]]) -> bool:
    """Whether the folder's file and the database still belong together."""
    return (
        sketch.username in kept
        and Authenticator.objects.filter(
            user__username=sketch.username, type=Authenticator.Type.TOTP
        ).exists()
    )


def _file() -> Path:
    return Path(settings.DATA) / "demo-colleagues.json"


def _read() -> dict[str, dict[str, str]]:
    file = _file()
    if not file.exists():
        return {}
    found: dict[str, dict[str, str]] = json.loads(file.read_text())
    return found


def _write(kept: dict[str, dict[str, str]]) -> None:
    file = _file()
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(file, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as out:
        json.dump(kept, out, indent=1)
