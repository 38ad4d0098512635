"""Points in the books: what an account has stands in the ledger, and each earning is a lot as well.

A lot's `left` says what of it can still be used, its day how long. What expires first is used first. A refund after the
points were used may leave an account below nothing: then it has no lots, and the next earning pays that back before
anything of it can be used.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import F, QuerySet, Sum

from cardline.issuer.core import RewardsKind
from cardline.issuer.embedded import ledger
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.issuing import end_of_month
from cardline.issuer.embedded.ledger import POINTS, Entry, move, points_of
from cardline.issuer.embedded.shared import day_of, new_token
from cardline.kit.money import Money

LAST_MONTHS = 36  # points are good to the end of the month this many months after they came
ISSUED = "points_issued"


def points_on(account: rows.Account) -> int:
    """What the account has; below nothing after a refund of what was used."""
    return -ledger.balance(points_of(account.pk), POINTS)


def last_day(at: datetime) -> date:
    """Until when points that come at this moment can be used."""
    return end_of_month(day_of(at), LAST_MONTHS)


def expire_lots(account: rows.Account, day: date, at: datetime) -> int:
    """Take away what could be used on this day or before for the last time. Returns how many points that was."""
    over = lots_of(account).filter(expires_on__lte=day).aggregate(points=Sum("left", default=0))["points"]
    if over:
        key = f"points:expire:{account.token}:{day}"
        move_points(account, RewardsKind.EXPIRE, -over, at=at, words="", key=key)
    return int(over)


def move_points(
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
    posting = ledger.post(kind, points_sides(account, points), at=at, key=key)
    return enter(account, kind, points, at=at, words=words, posting=posting, about=about, token=token)


def points_sides(account: rows.Account, points: int) -> list[Entry]:
    return move(ISSUED, points_of(account.pk), points, POINTS)


def enter(
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
        expires_on=last_day(at) if points > 0 else None,
    )


def _take_from_lots(account: rows.Account, *, leave: int) -> None:
    lots = list(lots_of(account).order_by("expires_on", "id"))
    to_take = sum(lot.left for lot in lots) - leave
    for lot in lots:
        taken = min(to_take, lot.left)
        if taken <= 0:
            return
        rows.RewardsEntry.objects.filter(pk=lot.pk).update(left=F("left") - taken)
        to_take -= taken


def lots_of(account: rows.Account) -> QuerySet[rows.RewardsEntry]:
    return rows.RewardsEntry.objects.filter(account=account, left__gt=0)


def one_major(currency: str) -> int:
    """Minor units in one major unit: 100 cents, 1 yen."""
    return int(10 ** Money(0, currency).decimals)
