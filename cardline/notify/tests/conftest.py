"""A house with one account, whose holder Maya has an e-mail address, and what its card core says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cardline.conftest import new_member
from cardline.issuer.core import AlertEvent, AlertRule
from cardline.issuer.embedded import notices
from cardline.issuer.embedded.tests.house import MAYA, NOW, House, build_house, core, inside
from cardline.kit.actors import Actor
from cardline.members.models import ContactPoint, Member
from cardline.notify import mail
from cardline.notify.models import Channel, Delivery, Preference, QuietHours

ADDRESS = "maya.okafor@example.com"
NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture
def house(db: Any) -> House:
    return build_house()


@pytest.fixture
def holder(house: House) -> Member:
    """Maya, who holds the account and has an address."""
    return new_holder("Maya", MAYA)


def new_holder(given: str, customer: str, address: str = ADDRESS) -> Member:
    member = Member.objects.get(pk=new_member(given, "Okafor").member_id)
    member.core_customer = customer
    member.save(update_fields=["core_customer"])
    if address:
        ContactPoint.objects.create(
            member=member, kind=ContactPoint.Kind.EMAIL, value=address, since=NOW - timedelta(days=900)
        )
    return member


@pytest.fixture
def holder_at_home(holder: Member, as_member: Callable[..., Actor]) -> Actor:
    """Maya, signed in."""
    return as_member(holder)


@pytest.fixture(autouse=True)
def a_server_that_nobody_found_silent() -> Iterator[None]:
    mail._silent_until = float("-inf")
    yield
    mail._silent_until = float("-inf")


@dataclass
class Alerts:
    """What a test makes happen at the account. Events Maya wants: on in the core, and by mail."""

    house: House
    holder: Member

    def want(self, *events: AlertEvent, member: Member | None = None) -> None:
        for event in events:
            rule = AlertRule(self.house.account, event, on=True)
            core.set_alert(MAYA, rule, at=NOW, key=f"want {event}")
            Preference.objects.create(
                member=member or self.holder,
                account=self.house.account,
                event=event,
                channel=Channel.EMAIL,
            )

    def raised(self, event: AlertEvent, about: str = "txn_1", at: datetime = NOW) -> None:
        inside(notices.tell, self.house.account_row, event, about=about, at=at, merchant="Alder Pharmacy")

    def keep_quiet(self, starts: time, ends: time, *, urgent_passes: bool = False) -> None:
        QuietHours.objects.update_or_create(
            member=self.holder,
            defaults={"starts": starts, "ends": ends, "urgent_passes": urgent_passes},
        )

    @property
    def states(self) -> list[str]:
        return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


@pytest.fixture
def alerts(house: House, holder: Member) -> Alerts:
    return Alerts(house, holder)


@pytest.fixture
def broken_server(monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], Any]:
    """with broken_server(error) as looks: every mail in there ends in it; looks has one for each that was tried."""

    @contextmanager
    def broken(error: Exception) -> Iterator[list[int]]:
        looks: list[int] = []

        class Broken:
            def send_messages(self, letters: list[Any]) -> int:
                looks.append(len(letters))
                raise error

        with monkeypatch.context() as patch:
            patch.setattr(mail, "get_connection", Broken)
            yield looks
        mail._silent_until = float("-inf")

    return broken
