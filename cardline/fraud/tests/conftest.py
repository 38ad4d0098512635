"""Maya with a phone that has been hers for years, an e-mail address, a card, and a door for texts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from cardline.cards.queries import cards_of
from cardline.fraud.commands import raise_alert
from cardline.fraud.models import FraudAlert
from cardline.kit import clock
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.redact import clean
from cardline.kit.worker import work_through_outbox
from cardline.members.models import ContactPoint, Member
from cardline.notify.doors.replies import Reply
from cardline.notify.inbound import take_text

PHONE, EMAIL = "+12125550142", "maya@home.example"


@pytest.fixture(autouse=True)
def doors(settings: Any, tmp_path: Any) -> None:
    """Both doors lead out: into folders."""
    settings.CARDLINE_DEMO = True
    settings.CARDLINE_TEXTS = str(tmp_path / "texts")


@pytest.fixture
def maya(cast: Any, as_member: Any) -> Actor:
    live_at(cast.maya, phone=PHONE, email=EMAIL)
    actor: Actor = as_member(cast.maya)
    return actor


@pytest.fixture
def card(maya: Actor) -> str:
    return next(card.token for card in cards_of(maya) if card.mine)


@pytest.fixture
def suspect(cast: Any, maya: Actor, card: str) -> Callable[..., FraudAlert]:
    """suspect("ref-1"): somebody outside thinks a charge of Maya's card is not hers."""

    def tell(outside: str = "ref-1", *, now: datetime | None = None, token: str = "") -> FraudAlert:
        told = raise_alert(
            by=SYSTEM, now=now or cast.now, outside=outside, customer=cast.maya.core_customer, card=token or card,
            merchant=clean("Electronics Barn"), place=clean("Reno NV"), amount_minor=81_250, currency="USD",
            charged_at=(now or cast.now) - timedelta(minutes=1),
        )  # fmt: skip
        return FraudAlert.objects.get(token=told["alert"])

    return tell


def live_at(member: Member, *, phone: str = "", email: str = "") -> None:
    member.points.all().delete()
    since = clock.now() - timedelta(days=800)
    for kind, value in (("phone", phone), ("email", email)):
        if value:
            ContactPoint.objects.create(member=member, kind=kind, value=value, since=since)


def text(words: str, *, number: str = PHONE, message: str = "1") -> None:
    """Somebody writes from a number, and the worker reads it."""
    reply = Reply(f"SM{message:0>32}", number, clean(words))
    take_text(by=SYSTEM, now=clock.now(), number=reply.number, text=reply.text, message=reply.id)
    work_through_outbox()
