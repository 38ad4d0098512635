"""Points: earned by purchases, used, corrected, and expired after three years.

What an account has stands in the ledger; each earning is a lot as well, whose `left` says what of it can still be used
and whose day says how long. What expires first is used first. A refund after the points were used may leave an account
below nothing: then it has no lots, and the next earning pays that back before anything of it can be used.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet, Sum

from cardline.issuer import core
from cardline.issuer.core import Kind, RewardsKind
from cardline.issuer.embedded import ledger
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.booking import book, sides
from cardline.issuer.embedded.issuing import end_of_month
from cardline.issuer.embedded.ledger import POINTS, Entry, move, points_of
from cardline.issuer.embedded.shared import (
    account_held_by,
    day_of,
    first_answer,
    first_time,
    new_token,
    page,
)
from cardline.issuer.profile import current_profile
from cardline.kit.commands import executing
from cardline.kit.money import Money

LAST_MONTHS = 36  # points are good to the end of the month this many months after they came
ISSUED = "points_issued"
STATEMENT_CREDIT = "statement_credit"


@dataclass(frozen=True, slots=True)
class Offer:
    """A way to use points. worth: whole major units for each 1,000 points; every step is worth whole minor units."""

    id: str
    least: int
    step: int
    worth: int


# Product: what a point is worth where. A card of a shop is worth more than money, as it is with most issuers.
OFFERS = (
    Offer(STATEMENT_CREDIT, least=1_000, step=500, worth=6),
    Offer("gift_card", least=2_500, step=2_500, worth=10),
)


class EmbeddedRewards:
    """See cardline.issuer.core.protocol.RewardsBook for units and errors. Changes belong inside a command."""

    def rewards(self, customer: str, account: str) -> core.Rewards:
        row = account_held_by(customer, account)
        soonest = _lots(row).values("expires_on").annotate(points=Sum("left")).order_by("expires_on").first()
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
            core.RewardsOption(offer.id, offer.least, offer.step, _worth(offer, 1_000, row.currency))
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
        entry = _use(row, _offer(row, option, points), points, at)
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


def earned_by(account: rows.Account, amount_minor: int) -> int:
    """Points for a purchase: each whole major unit counts, a broken one does not, and neither does half a point."""
    return amount_minor // _one_major(account.currency) * account.points_rate // 100


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
        entry = _move_points(
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
        _move_points(
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
    return sum(_expire_on(account, day, at) for account in accounts)


def points_on(account: rows.Account) -> int:
    """What the account has; below nothing after a refund of what was used."""
    return -ledger.balance(points_of(account.pk), POINTS)


# ------------------------------------------------------------------------------------------------- using


def _offer(account: rows.Account, option: str, points: int) -> Offer:
    offer = next((offer for offer in OFFERS if offer.id == option and account.points_rate), None)
    if offer is None:
        raise core.CoreRefused("unknown_option")
    if points < offer.least:
        raise core.CoreRefused("too_small")
    if points % offer.step:
        raise core.CoreRefused("wrong_step")
    return offer


def _use(account: rows.Account, offer: Offer, points: int, at: datetime) -> rows.RewardsEntry:
    """Nobody else moves this account's points until the transaction ends, so none are spent twice at once."""
    ledger.lock_accounts([account.pk])
    _expire_on(account, day_of(at) - timedelta(days=1), at)
    if points > points_on(account):
        raise core.CoreRefused("too_few_points")
    token = new_token("pts")
    if offer.id != STATEMENT_CREDIT:
        return _move_points(
            account, RewardsKind.REDEEM, -points, at=at, words=offer.id, key=f"points:{token}", token=token
        )
    # One posting for both: money that came of points, and the points it came of, are there together or not at all.
    worth = _worth(offer, points, account.currency).amount_minor
    both = sides(account, Kind.CREDIT, -worth) + _points_sides(account, -points)
    credit = book(
        account,
        kind=Kind.CREDIT,
        amount_minor=-worth,
        at=at,
        key=f"points:{token}",
        words=current_profile().rewards_program,
        channel="payment",
        posting_entries=both,
    )
    assert credit.posting is not None
    return _enter(
        account,
        RewardsKind.REDEEM,
        -points,
        at=at,
        words=offer.id,
        posting=credit.posting,
        about=credit,
        token=token,
    )


def _worth(offer: Offer, points: int, currency: str) -> Money:
    return Money(points * offer.worth * _one_major(currency) // 1_000, currency)


def _one_major(currency: str) -> int:
    """Minor units in one major unit: 100 cents, 1 yen."""
    return int(10 ** Money(0, currency).decimals)


# ------------------------------------------------------------------------------------- entries and lots


def _once_for(movement: rows.Transaction, kind: RewardsKind, points: int, at: datetime) -> None:
    key = f"points:{movement.token}"
    if points and not rows.Posting.objects.filter(key=key).exists():
        _move_points(movement.account, kind, points, at=at, words=movement.merchant, key=key, about=movement)


def _expire_on(account: rows.Account, day: date, at: datetime) -> int:
    over = _lots(account).filter(expires_on__lte=day).aggregate(points=Sum("left", default=0))["points"]
    if over:
        key = f"points:expire:{account.token}:{day}"
        _move_points(account, RewardsKind.EXPIRE, -over, at=at, words="", key=key)
    return int(over)


def _move_points(
    account: rows.Account,
    kind: RewardsKind,
    points: int,
    *,
    at: datetime,
    words: str,
    key: str,
    about: rows.Transaction | None = None,
    token: str = "",
) -> rows.RewardsEntry:
    """Points in (positive) or out, and no money with them."""
    posting = ledger.post(kind, _points_sides(account, points), at=at, key=key)
    return _enter(account, kind, points, at=at, words=words, posting=posting, about=about, token=token)


def _points_sides(account: rows.Account, points: int) -> list[Entry]:
    return move(ISSUED, points_of(account.pk), points, POINTS)


def _enter(
    account: rows.Account,
    kind: RewardsKind,
    points: int,
    *,
    at: datetime,
    words: str,
    posting: rows.Posting,
    about: rows.Transaction | None,
    token: str,
) -> rows.RewardsEntry:
    """The line of the history for points just posted, and the lots brought in line.

    Lots always add up to what the account has, or to nothing while it is below nothing. The posting holds the account,
    so nobody moves them meanwhile.
    """
    now_has = points_on(account)
    if points < 0:
        _take_from_lots(account, leave=max(0, now_has))
    return rows.RewardsEntry.objects.create(
        token=token or new_token("pts"),
        account=account,
        kind=kind,
        points=points,
        at=at,
        words=words[:120],
        transaction=about,
        posting=posting,
        left=max(0, min(points, now_has)),
        expires_on=end_of_month(day_of(at), LAST_MONTHS) if points > 0 else None,
    )


def _take_from_lots(account: rows.Account, *, leave: int) -> None:
    lots = list(_lots(account).order_by("expires_on", "id"))
    to_take = sum(lot.left for lot in lots) - leave
    for lot in lots:
        taken = min(to_take, lot.left)
        if taken <= 0:
            return
        rows.RewardsEntry.objects.filter(pk=lot.pk).update(left=F("left") - taken)
        to_take -= taken


def _lots(account: rows.Account) -> QuerySet[rows.RewardsEntry]:
    return rows.RewardsEntry.objects.filter(account=account, left__gt=0)


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
