"""Browsers in which members are signed in, what was shown in a contact, and the machine's clock moved on."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from cardline.identity.commands import record_sign_in
from cardline.identity.models import Evidence
from cardline.identity.queries import session_hash
from cardline.identity.rules import WORTH, Proof
from cardline.kit import clock
from cardline.kit.actors import SYSTEM, Actor

_real = clock.machine_now


def browser(member: Actor, name: str) -> Actor:
    """The member in a browser of that name, signed in there."""
    session = session_hash(f"{name} of {member.id}")
    record_sign_in(by=SYSTEM, now=clock.now(), member_id=member.member_id, session=session, device=name)
    return replace(member, session=session)


def known_as(member: Actor, contact: int, proof: Proof, action: str = "") -> None:
    """Something was shown in a contact just now."""
    at = clock.machine_now()
    Evidence.objects.create(
        member_id=member.member_id,
        kind=proof,
        contact=contact,
        action=action,
        at=at,
        expires_at=at + WORTH[proof].lasts,
    )


def later(monkeypatch: pytest.MonkeyPatch, passed: timedelta, began: datetime | None = None) -> datetime:
    """The machine's clock stands that much after `began`; returns where it stands."""
    moment = (began or _real()) + passed
    monkeypatch.setattr(clock, "machine_now", lambda: moment)
    return moment
