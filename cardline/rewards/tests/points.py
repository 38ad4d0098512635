"""Points for somebody of the cast, whose charges alone bring none."""

from __future__ import annotations

import itertools
from datetime import datetime

from cardline.issuer import core
from cardline.issuer.core import Kind, Transaction, TransactionState, Which
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded import rewards
from cardline.issuer.embedded.tests.world import inside
from cardline.members.models import Member

_keys = itertools.count()


def account_of(member: Member) -> str:
    return core.current_core().accounts(member.core_customer)[0].token


def points_of(member: Member) -> int:
    return core.current_core().rewards(member.core_customer, account_of(member)).points


def give(member: Member, points: int, at: datetime, *, words: str = "Welcome bonus") -> None:
    """So many points more on the account they hold, or fewer."""
    account = rows.Account.objects.get(token=account_of(member))
    inside(lambda: rewards.correct(account, points, words, at=at, key=f"given {next(_keys)}"))


def a_purchase(member: Member, state: TransactionState = TransactionState.POSTED) -> Transaction:
    """The newest one of theirs."""
    which = Which(account=account_of(member), kinds=(Kind.PURCHASE,), state=state)
    return core.current_core().transactions(member.core_customer, which, most=1).items[0]


def earn(purchase: Transaction) -> None:
    """Its points, as its posting brings them."""
    row = rows.Transaction.objects.select_related("account").get(token=purchase.token)
    assert row.posted_at is not None
    at = row.posted_at
    inside(lambda: rewards.earn_on(row, at))
