"""An account whose bills are told as a story: things happen on days, and days end."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from cardline.issuer import core as door
from cardline.issuer.core import AlertEvent, AutopayMode, BankAccountKind, Kind
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.booking import book
from cardline.issuer.embedded.commands import end_of_days
from cardline.issuer.embedded.core import EmbeddedCore
from cardline.issuer.embedded.tests.world import World, inside, new_key
from cardline.issuer.profile import current_profile
from cardline.kit.actors import SYSTEM
from cardline.kit.money import Money

MAYA = "c-maya"
ROUTING = "011000015"  # the Federal Reserve Bank of Boston's own, as in every textbook
core = EmbeddedCore()


def moment(day: date, hour: int = 12, minute: int = 0) -> datetime:
    """An instant of the issuer's clock, in UTC."""
    zone: ZoneInfo = current_profile().zone
    return datetime.combine(day, time(hour, minute), zone).astimezone(UTC)


def usd(amount_minor: int) -> Money:
    return Money(amount_minor, "USD")


@dataclass
class Billed:
    """Maya's account: 21.99 %, closings on the 20th, due 25 days later, late fee 29.00; one bank account."""

    world: World = field(init=False)
    bank: str = field(init=False)

    def __post_init__(self) -> None:
        self.world = World(customer=MAYA, limit_minor=None)
        rows.Account.objects.update(opened_at=moment(date(2026, 1, 5)), points_rate=0)
        self.bank = self.adds_bank("100200300").token

    @property
    def token(self) -> str:
        return self.world.account.token

    @property
    def account(self) -> rows.Account:
        return rows.Account.objects.get(pk=self.world.account.pk)

    @property
    def last(self) -> door.Statement:
        return core.statements(MAYA, self.token).items[0]

    @property
    def due(self) -> door.Due:
        return core.due(MAYA, self.token)

    def until(self, day: date) -> None:
        """Let every day before this one end."""
        while end_of_days(by=SYSTEM, now=moment(day)):
            pass

    def buys(self, day: date, amount_minor: int) -> rows.Transaction:
        self.until(day)
        return self.moves(Kind.PURCHASE, day, amount_minor)

    def moves(self, kind: Kind, day: date, amount_minor: int) -> rows.Transaction:
        return inside(
            lambda: book(
                self.account,
                kind=kind,
                amount_minor=amount_minor,
                at=moment(day),
                key=new_key(),
                words="Harbour Hotel",
                channel="chip",
            )
        )

    def adds_bank(self, number: str, day: date = date(2026, 1, 5)) -> door.BankAccount:
        return inside(
            lambda: core.add_bank_account(
                MAYA,
                routing=ROUTING,
                number=number,
                kind=BankAccountKind.CHECKING,
                name="First Boston",
                at=moment(day),
                key=new_key(),
            )
        )

    def bank_says(self, no: str) -> None:
        rows.BankAccount.objects.filter(token=self.bank).update(answers=no)

    def pays(self, at: datetime, amount_minor: int, on: date | None = None, **other: Any) -> door.Payment:
        """At a moment, on that day unless another one is named."""
        on = on or at.astimezone(current_profile().zone).date()
        wish = {"source": self.bank, "amount": usd(amount_minor), "key": new_key(), **other}
        return inside(lambda: core.pay(MAYA, account=self.token, on=on, at=at, **wish))

    def pays_on(self, day: date, amount_minor: int) -> door.Payment:
        self.until(day)
        return self.pays(moment(day), amount_minor)

    def payment(self, token: str) -> door.Payment:
        return next(p for p in core.payments(MAYA, self.token).items if p.token == token)

    def contests(self, charge: rows.Transaction, day: date, *, credit: bool = False) -> str:
        self.until(day)
        dispute = inside(
            lambda: core.open_dispute(
                charge.token, amount=usd(charge.amount_minor), credit=credit, at=moment(day), key=new_key()
            )
        )
        return dispute.token

    def decides(self, dispute: str, day: date, *, won: bool) -> None:
        self.until(day)
        inside(lambda: core.close_dispute(dispute, won=won, at=moment(day), key=new_key()))

    def sets_autopay(
        self, day: date, mode: AutopayMode = AutopayMode.FULL, amount: Money | None = None
    ) -> door.Autopay:
        self.until(day)
        return inside(
            lambda: core.set_autopay(
                MAYA,
                account=self.token,
                source=self.bank,
                mode=mode,
                amount=amount,
                at=moment(day),
                key=new_key(),
            )
        )

    def stops_autopay(self, day: date) -> None:
        self.until(day)
        inside(lambda: core.stop_autopay(MAYA, self.token, at=moment(day), key=new_key()))

    def wants_to_hear(self, *events: AlertEvent) -> None:
        for event in events:
            self._hears_of(door.AlertRule(account=self.token, event=event, on=True))

    def _hears_of(self, rule: door.AlertRule) -> None:
        inside(lambda: core.set_alert(MAYA, rule, at=moment(date(2026, 1, 5)), key=new_key()))

    def heard(self) -> list[tuple[AlertEvent, int]]:
        """What was told, oldest first."""
        told = core.alerts(MAYA).items
        return [(alert.event, alert.amount.amount_minor if alert.amount else 0) for alert in reversed(told)]

    def lines(self, kind: Kind) -> list[tuple[date, int]]:
        """The day and amount of each line of a kind, oldest first."""
        zone = current_profile().zone
        found = rows.Transaction.objects.filter(account=self.account, kind=kind).order_by("posted_at", "id")
        return [(row.posted_at.astimezone(zone).date(), row.amount_minor) for row in found if row.posted_at]
