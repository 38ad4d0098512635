"""A small world for tests of the embedded core: an account with its holder's card, and a way into a command."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

from cardline.issuer.embedded import ledger, network, rewards
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.booking import balance_of
from cardline.issuer.embedded.opening import issue_card, open_account
from cardline.issuer.embedded.recurring import Every
from cardline.kit.actors import SYSTEM, Kind, Standing
from cardline.kit.commands import command

T = TypeVar("T")

NOW = datetime(2026, 3, 3, 17, 0, tzinfo=UTC)  # noon in New York
_keys = itertools.count()


@command("test.in_the_core", by=[Kind.SYSTEM], housekeeping=True)
def _do(*, by: Standing, now: datetime, call: Callable[[], Any]) -> Any:
    return call()


def inside(call: Callable[[], T]) -> T:
    """Run it in a command of its own, by the writer where one runs."""
    return cast(T, _do(by=SYSTEM, now=NOW, call=call))


def new_key() -> str:
    return f"key-{next(_keys)}"


@dataclass
class World:
    """One holder, one account with a limit of 1,000.00, one active card; three points for each dollar."""

    customer: str = "c-1"
    limit_minor: int | None = 100_000
    account: rows.Account = field(init=False)
    card: rows.Card = field(init=False)

    def __post_init__(self) -> None:
        inside(self._open)

    def _open(self) -> None:
        token = open_account(
            holders={self.customer: "Maya Torres"},
            product="Everyday",
            currency="USD",
            credit_limit_minor=self.limit_minor,
            opened_at=NOW,
        )
        rows.Account.objects.filter(token=token).update(points_rate=300)
        self.account = rows.Account.objects.get(token=token)
        self.card = self.new_card(self.customer, "Maya Torres", "1009")

    def new_card(self, customer: str, name: str, last4: str) -> rows.Card:
        token = issue_card(
            account=self.account.token,
            customer=customer,
            name=name,
            bin="371449",
            last4=last4,
            activated_at=NOW,
        )
        return rows.Card.objects.get(token=token)

    def asks(
        self,
        amount_minor: int = 2_500,
        *,
        merchant: str = "Greengate Market",
        channel: str = "chip",
        at: datetime = NOW,
        key: str = "",
        every: Every | None = None,
        card: rows.Card | None = None,
    ) -> rows.Authorisation:
        """A merchant asks for an amount."""
        return inside(
            lambda: network.authorise(
                (card or self.card).token,
                merchant=merchant,
                place="Albany, NY",
                phone="+15185550100",
                amount_minor=amount_minor,
                channel=channel,
                at=at,
                key=key or new_key(),
                recurring_every=every,
            )
        )

    def pending(self, amount_minor: int = 2_500, **asked: Any) -> rows.Transaction:
        """An approved amount that is not collected yet."""
        return rows.Transaction.objects.get(authorisation=self.asks(amount_minor, **asked))

    def buys(self, amount_minor: int = 2_500, **asked: Any) -> rows.Transaction:
        """Approved and collected at once."""
        token = self.pending(amount_minor, **asked).token
        return inside(lambda: network.post_pending(token, at=asked.get("at", NOW)))


def check_books(*worlds: World) -> None:
    """Nothing was lost or made: postings and books add up, and each list of lines agrees with its book."""
    assert (ledger.wrong_postings(), ledger.wrong_books()) == ([], [])
    for world in worlds:
        posted = rows.Transaction.objects.filter(account=world.account, state="posted")
        assert balance_of(world.account) == sum(row.amount_minor for row in posted)
        assert not posted.filter(posting=None).exists()
        assert not rows.Transaction.objects.filter(state="pending").exclude(posting=None).exists()
        moved = rows.RewardsEntry.objects.filter(account=world.account)
        assert rewards.points_on(world.account) == sum(entry.points for entry in moved)
