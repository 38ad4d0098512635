"""Points: earned by purchases, used, corrected, and expired after three years."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Sum

from cardline.issuer import core
from cardline.issuer.core import Kind, RewardsKind
from cardline.issuer.embedded import ledger
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.ledger import Draft
from cardline.issuer.embedded.points import (
    expire_lots,
    last_day,
    lots_of,
    move_points,
    one_major,
    points_on,
    points_sides,
)
from cardline.issuer.embedded.redeeming import OFFERS, offer_for, use, worth_of
from cardline.issuer.embedded.shared import account_held_by, first_answer, first_time, new_token, page
from cardline.kit.commands import executing


class EmbeddedRewards:
    """See cardline.issuer.core.protocol.RewardsBook for units and errors. Changes belong inside a command."""

    def rewards(self, customer: str, account: str) -> core.Rewards:
        row = account_held_by(customer, account)
        soonest = (
            lots_of(row).values("expires_on").annotate(points=Sum("left")).order_by("expires_on").first()
        )
        return core.Rewards(
            account=row.token,
            points=points_on(row),
            expiring=soonest["points"] if soonest else 0,
            expires_on=soonest["expires_on"] if soonest else None,
        )

    def rewards_entries(
        self, customer: str, account: str, *, after: str = "", most: int = 50
    ) -> core.Page[core.RewardsEntry]:
        found = rows.RewardsEntry.objects.filter(account=account_held_by(customer, account))
        return page(found.select_related("account", "transaction"), ("-at", "-id"), after, most, _entry)

    def rewards_options(self, customer: str, account: str) -> list[core.RewardsOption]:
        row = account_held_by(customer, account)
        return [
            core.RewardsOption(offer.id, offer.least, offer.step, worth_of(offer, 1_000, row.currency))
            for offer in OFFERS
            if row.points_rate
        ]

    @transaction.atomic
    def redeem(
        self, customer: str, *, account: str, points: int, option: str, at: datetime, key: str
    ) -> core.RewardsEntry:
        row = account_held_by(customer, account)
        request = first_time(key, f"redeem {customer} {account} {points} {option}", at)
        if request is None:
            return _entry(_entry_row(first_answer(key)))
        entry = use(row, offer_for(row, option, points), points, at)
        request.answer = entry.token
        request.save(update_fields=["answer"])
        return _entry(entry)


# -------------------------------------------------------------------------------------- what moves points


def earn_on(movement: rows.Transaction, at: datetime) -> None:
    """A posted purchase earns, a refund takes back; whatever else moves money moves no points. Safe to repeat."""
    if movement.kind == Kind.PURCHASE:
        _once_for(movement, RewardsKind.EARN, earned_by(movement.account, movement.amount_minor), at)
    elif movement.kind == Kind.REFUND:
        _once_for(movement, RewardsKind.CORRECT, -earned_by(movement.account, -movement.amount_minor), at)


def earn_on_all(purchases: Sequence[rows.Transaction]) -> None:
    """What `earn_on` does, for many purchases just posted, in a few statements. Raises IntegrityError the second time.

    They must not belong to an account that is below nothing: there each earning pays back first.
    """
    earning = [(row, earned_by(row.account, row.amount_minor)) for row in purchases]
    earning = [(row, points) for row, points in earning if points and row.kind == Kind.PURCHASE]
    postings = ledger.post_all(
        [
            Draft(RewardsKind.EARN, points_sides(row.account, points), _posted_at(row), f"points:{row.token}")
            for row, points in earning
        ]
    )
    rows.RewardsEntry.objects.bulk_create(
        rows.RewardsEntry(
            token=new_token("pts"),
            account=row.account,
            kind=RewardsKind.EARN,
            points=points,
            at=posting.at,
            words=row.merchant,
            transaction=row,
            posting=posting,
            left=points,
            expires_on=last_day(posting.at),
        )
        for (row, points), posting in zip(earning, postings, strict=True)
    )


def _posted_at(row: rows.Transaction) -> datetime:
    assert row.posted_at is not None
    return row.posted_at


def earned_by(account: rows.Account, amount_minor: int) -> int:
    """Points for a purchase: each whole major unit counts, a broken one does not, and neither does half a point."""
    return amount_minor // one_major(account.currency) * account.points_rate // 100


def correct(
    account: rows.Account,
    points: int,
    words: str,
    *,
    at: datetime,
    key: str,
    purchase: rows.Transaction | None = None,
) -> core.RewardsEntry:
    """Points that were missing come in, or wrong ones go out (negative). Safe to repeat with its key.

    words: why, as the member reads it. Raises CoreRefused("key_reused").
    """
    with transaction.atomic():
        request = first_time(key, f"correct {account.token} {points} {words}", at)
        if request is None:
            return _entry(_entry_row(first_answer(key)))
        entry = move_points(
            account,
            RewardsKind.CORRECT,
            points,
            at=at,
            words=words,
            key=f"points:correct:{key}",
            about=purchase,
        )
        request.answer = entry.token
        request.save(update_fields=["answer"])
    return _entry(entry)


def take_back(purchase: rows.Transaction, amount_minor: int, *, at: datetime, key: str) -> None:
    """So much of a purchase was given back without a refund of the merchant's: its points go too."""
    if points := earned_by(purchase.account, amount_minor):
        move_points(
            purchase.account,
            RewardsKind.CORRECT,
            -points,
            at=at,
            words=purchase.merchant,
            key=f"points:{key}",
            about=purchase,
        )


def expire(day: date, at: datetime) -> int:
    """Take away what could be used on this day of the issuer's, or before, for the last time. Safe to repeat.

    day: one that has ended. Returns how many points went.
    """
    executing()
    over = rows.RewardsEntry.objects.filter(left__gt=0, expires_on__lte=day)
    accounts = list(rows.Account.objects.filter(pk__in=over.values("account")))
    ledger.lock_accounts(account.pk for account in accounts)
    return sum(expire_lots(account, day, at) for account in accounts)


def _once_for(movement: rows.Transaction, kind: RewardsKind, points: int, at: datetime) -> None:
    key = f"points:{movement.token}"
    if points and not rows.Posting.objects.filter(key=key).exists():
        move_points(movement.account, kind, points, at=at, words=movement.merchant, key=key, about=movement)


# ------------------------------------------------------------------------------- in the protocol's words


def _entry_row(token: str) -> rows.RewardsEntry:
    return rows.RewardsEntry.objects.select_related("account", "transaction").get(token=token)


def _entry(row: rows.RewardsEntry) -> core.RewardsEntry:
    return core.RewardsEntry(
        token=row.token,
        account=row.account.token,
        kind=RewardsKind(row.kind),
        points=row.points,
        at=row.at,
        words=row.words,
        transaction=row.transaction.token if row.transaction else "",
    )
