"""The embedded core under the suite of checks: in the installation's own database, and gone without a trace after it.

Two invented people come with each check and leave with it. A check is a command whose transaction is never committed:
whatever it books, closes or breaks, nobody else ever sees it.
"""

from __future__ import annotations

from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Never
from uuid import uuid4

from cardline.issuer.conformance.stand import Transport
from cardline.issuer.conformance.suite import CHECKS, Result, run
from cardline.issuer.core import CardCore
from cardline.issuer.embedded import ledger
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.core import EmbeddedCore
from cardline.issuer.embedded.network import authorise
from cardline.issuer.embedded.opening import issue_card, open_account
from cardline.issuer.profile import current_profile
from cardline.kit.actors import SYSTEM, Kind, Standing
from cardline.kit.commands import command


def check_core(now: datetime) -> tuple[Result, ...]:
    """Every check of the suite. Called outside commands, like any other change."""
    return tuple(_checked(check.__name__, now) for check in CHECKS)


def check_books() -> tuple[Result, ...]:
    """All books and postings of the installation, counted again. Only reads."""
    return (
        Result(
            "books_are_the_sums_of_their_lines",
            rows.Book.objects.count(),
            tuple(f"{book} is not" for book in ledger.wrong_books()),
        ),
        Result(
            "postings_add_up_to_nothing",
            rows.Posting.objects.count(),
            tuple(f"posting {number} does not" for number in ledger.wrong_postings()),
        ),
    )


def _checked(name: str, now: datetime) -> Result:
    try:
        _check_and_undo(by=SYSTEM, now=now, name=name)
    except _Undone as undone:
        return undone.result


class _Undone(Exception):
    """Takes a result out of a transaction that must not be committed."""

    def __init__(self, result: Result) -> None:
        super().__init__("undone on purpose")
        self.result = result


@command("core.check", by=[Kind.SYSTEM], housekeeping=True)
def _check_and_undo(*, by: Standing, now: datetime, name: str) -> Never:
    """One check; others who want to write wait for no more than that."""
    (result,) = run(lambda: nullcontext(Corner(now)), only=name)
    raise _Undone(result)


class Corner:
    """See conformance.stand.Stand. Nothing lies between us and a core in our own process."""

    def __init__(self, now: datetime) -> None:
        self._at = now
        self.core: CardCore = EmbeddedCore()
        self.transport: Transport | None = None
        self.customer, self.card = self._person("Maya Okafor", "4471")
        self.stranger, self.strangers_card = self._person("Luis Vega", "0026")

    def now(self) -> datetime:
        self._at += timedelta(minutes=1)
        return self._at

    def purchase(self, merchant: str, amount_minor: int) -> None:
        authorise(
            self.card,
            merchant=merchant,
            place="Albany, NY",
            phone="+1 518 555 0123",
            amount_minor=amount_minor,
            channel="chip",
            at=self.now(),
            key=f"check-{uuid4().hex}",
        )

    def _person(self, name: str, last4: str) -> tuple[str, str]:
        number = f"check-{uuid4().hex[:20]}"
        opened = self._at - timedelta(days=400)
        account = open_account(
            holders={number: name},
            product="Everyday Card",
            currency=current_profile().currency,
            credit_limit_minor=500_000,
            opened_at=opened,
        )
        card = issue_card(
            account=account, customer=number, name=name, bin="340000", last4=last4, activated_at=opened
        )
        return number, card
