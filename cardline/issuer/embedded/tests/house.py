"""A small house for the core's own tests: an account, its holder, a card member, a stranger with an account."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from cardline.issuer.core import CoreRefused, Kind, Transaction
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.booking import book
from cardline.issuer.embedded.core import EmbeddedCore
from cardline.issuer.embedded.movements import transaction
from cardline.issuer.embedded.opening import issue_card, open_account
from cardline.kit.actors import SYSTEM, Standing
from cardline.kit.actors import Kind as ActorKind
from cardline.kit.commands import command

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)  # a Tuesday, 10 am in New York
LATER = NOW + timedelta(hours=1)
MAYA, SON, STRANGER = "c-maya", "c-son", "c-stranger"


@command("test.in_core", by=[ActorKind.SYSTEM], housekeeping=True)
def in_command(*, by: Standing, now: datetime, what: Callable[[], Any]) -> Any:
    """Whatever it is, in a transaction of its own, as the product's commands do it."""
    return what()


class Inside:
    """Each call of the thing inside is a command of its own: a refusal undoes what came before it."""

    def __init__(self, thing: Any) -> None:
        self._thing = thing

    def __getattr__(self, name: str) -> Any:
        return lambda *args, **kwargs: self(getattr(self._thing, name), *args, **kwargs)

    def __call__(self, what: Any, *args: Any, **kwargs: Any) -> Any:
        return in_command(by=SYSTEM, now=NOW, what=lambda: what(*args, **kwargs))


core: Any = Inside(EmbeddedCore())
inside: Any = Inside(None)


def at_once(times: int, press: Callable[[int], str]) -> list[str]:
    """What came of it, or the reason why not, for each of so many threads."""
    outcomes: list[str] = []

    def one(number: int) -> None:
        try:
            outcomes.append(press(number))
        except CoreRefused as no:
            outcomes.append(no.reason)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@dataclass(frozen=True)
class House:
    """Tokens of Maya's account and card, her son's card on it, and a stranger's account and card."""

    account: str
    card: str
    sons_card: str
    strangers_account: str
    strangers_card: str

    @property
    def account_row(self) -> rows.Account:
        return rows.Account.objects.get(token=self.account)


def build_house() -> House:
    return inside(_build)


def _build() -> House:
    account, strangers = (
        open_account(
            holders={number: name},
            product="Everyday Card",
            currency="USD",
            credit_limit_minor=500_000,
            opened_at=NOW - timedelta(days=400),
        )
        for number, name in ((MAYA, "Maya Okafor"), (STRANGER, "Stan Stranger"))
    )
    rows.Account.objects.update(points_rate=100)
    return House(
        account,
        _card(account, MAYA, "Maya Okafor", "4471"),
        _card(account, SON, "Obi Okafor", "4472"),
        strangers,
        _card(strangers, STRANGER, "Stan Stranger", "9001"),
    )


def _card(account: str, customer: str, name: str, last4: str) -> str:
    return issue_card(
        account=account,
        customer=customer,
        name=name,
        bin="340000",
        last4=last4,
        activated_at=NOW - timedelta(days=300),
    )


def charge(
    house: House, amount_minor: int, *, kind: Kind = Kind.PURCHASE, at: datetime = NOW, key: str = ""
) -> Transaction:
    """A posted movement on Maya's card."""
    card = rows.Card.objects.select_related("account").get(token=house.card)
    row = inside(
        book,
        card.account,
        kind=kind,
        amount_minor=amount_minor,
        at=at,
        key=key or f"test:{kind}:{rows.Posting.objects.count()}",
        words="Alder Pharmacy",
        channel="chip",
        card=card,
    )
    return transaction(rows.Transaction.objects.select_related("account", "card__customer").get(pk=row.pk))
